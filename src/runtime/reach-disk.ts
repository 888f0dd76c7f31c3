/** Waits until a file is on the disk. */

import { fsync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';

const sync = promisify(fsync);

/** Not `handle.sync()`: under Yarn's Plug'n'Play files are opened by Yarn, whose handles refuse that. */
export async function reachDisk({ fd }: FileHandle): Promise<void> {
  await sync(fd);
}
