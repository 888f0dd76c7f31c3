/**
 * Folders are made one by one, from the first one that is there. Node's own recursive mkdir never returns where a
 * file system answers "no such file" for a folder in one that exists, as /proc does (seen with Node 20.20 on Linux).
 */

import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** With the folders above it; nothing happens if it is there. Throws the system's own error. */
export async function makeFolder(path: string): Promise<void> {
  const folder = resolve(path);
  const refused = await attempt(folder);
  if (refused === undefined) return;
  const parent = dirname(folder);
  if (refused.code !== 'ENOENT' || parent === folder) throw refused;
  await makeFolder(parent);
  const again = await attempt(folder);
  // The parent is there, so it is not what was not found.
  if (again?.code === 'ENOENT') throw new Error(`no folder can be made in ${parent}`, { cause: again });
  if (again !== undefined) throw again;
}

async function attempt(folder: string): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await mkdir(folder);
    return undefined;
  } catch (error) {
    // It may have been there, or another process was quicker.
    const there = await stat(folder).catch(() => undefined);
    return there?.isDirectory() ? undefined : (error as NodeJS.ErrnoException);
  }
}
