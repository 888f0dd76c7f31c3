/** Stores answers of APIs and robots.txt for a day (RFC 9309, 2.4): a run that was cut short requests nothing again. */

import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import { removeLeftBehind } from '../runtime/left-behind.ts';
import { makeFolder } from '../runtime/make-folder.ts';
import { sha256Hex } from './photo-set.ts';
import { workFolder } from './set-files.ts';
import type { AnswerMemory } from './web/web.ts';

const day = 24 * 60 * 60 * 1000;

/** @param now the time of day in milliseconds; what is older than a day is removed */
export async function openAnswerMemory(root: string, now: () => number): Promise<AnswerMemory> {
  const folder = join(root, workFolder, 'answers');
  await makeFolder(folder);
  await removeLeftBehind(folder);
  for (const name of await readdir(folder)) {
    const { mtimeMs } = await stat(join(folder, name));
    if (now() - mtimeMs > day) await rm(join(folder, name), { force: true });
  }
  const fileOf = (address: string): string => join(folder, `${sha256Hex(address).slice(0, 40)}.json`);
  return {
    get: (address) => readFile(fileOf(address), 'utf8').catch(() => undefined),
    put: (address, answer) => writeFileAtomically(fileOf(address), answer),
  };
}
