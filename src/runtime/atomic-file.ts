/** Files appear whole or not at all: written beside their place, flushed, then renamed. */

import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';

/** Throws `cannot-write` naming the file; what stood there before stays as it was. */
export async function writeFileAtomically(path: string, content: Uint8Array | string): Promise<void> {
  // The name is unique, so two processes that write the same file never share a temporary one.
  const temporary = `${path}.${process.pid}-${randomUUID().slice(0, 8)}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    // A file that the person made private stays private.
    const mode = await stat(path).then(
      (info) => info.mode & 0o777,
      () => 0o666,
    );
    const handle = await open(temporary, 'w', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw new WhosinError('cannot-write', `Cannot write ${path}: ${reasonOf(error)}.`, { cause: error });
  }
}
