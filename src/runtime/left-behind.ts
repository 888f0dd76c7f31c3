/** Temporary files that a killed process left: whoever writes into the same folder next removes them. */

import { readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The end of every temporary name in whosin; a person gives no file such a name. */
const temporaryName = /[-.][0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp(?:\.\w+)?$/;

/** Milliseconds: a living process wrote to its own a moment ago. */
const abandoned = 60 * 60 * 1000;

const looked = new Set<string>();

/** Once for each folder in the life of a process. Never throws: what stays takes up space and does no harm. */
export async function removeLeftBehind(folder: string): Promise<void> {
  const place = resolve(folder);
  if (looked.has(place)) return;
  looked.add(place);
  const names = await readdir(place).catch((): string[] => []);
  for (const name of names.filter((each) => temporaryName.test(each))) {
    const path = join(place, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > abandoned) await rm(path, { force: true }).catch(() => {});
  }
}
