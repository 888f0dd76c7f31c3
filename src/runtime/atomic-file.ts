/** Files appear whole or not at all: written beside their place, flushed, then renamed. */

import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';
import { removeLeftBehind } from './left-behind.ts';
import { makeFolder } from './make-folder.ts';
import { reachDisk } from './reach-disk.ts';

/** Throws `cannot-write` naming the file; what stood there before stays as it was. */
export async function writeFileAtomically(path: string, content: Uint8Array | string): Promise<void> {
  await beside(path, async (temporary, target, there) => {
    // A file that the person made private stays private.
    const handle = await open(temporary, 'wx', there ? there.mode & 0o777 : 0o666);
    try {
      await handle.writeFile(content);
      await reachDisk(handle);
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  });
}

/** Throws `cannot-write` where a file could not be written: before long work, rather than after it. */
export async function checkWritable(path: string): Promise<void> {
  await beside(path, async (temporary) => {
    await (await open(temporary, 'wx')).close();
  });
}

async function beside(
  path: string,
  work: (temporary: string, target: string, there: Stats | undefined) => Promise<void>,
): Promise<void> {
  let temporary: string | undefined;
  try {
    // A link stays a link: what it points to is written.
    const target = await realpath(path).catch(() => path);
    const there = await stat(target).catch(() => undefined);
    // To rename over a pipe or a device would take it away.
    if (there && !there.isFile()) throw new Error('it exists and is not a plain file');
    await makeFolder(dirname(target));
    await removeLeftBehind(dirname(target));
    // The name is unique, so two processes that write the same file never share a temporary one.
    temporary = join(dirname(target), `.whosin-${randomUUID()}.tmp`);
    await work(temporary, target, there);
  } catch (error) {
    throw new WhosinError('cannot-write', `Cannot write ${path}: ${reasonOf(error)}.`, { cause: error });
  } finally {
    if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => {});
  }
}
