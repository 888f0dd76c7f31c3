/** Counts what whosin leaves behind in a process of its own, where nothing else takes memory. */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Opened, asked and closed again and again; or asked while it stays open. */
export type Work = 'open' | 'identify';

export interface Left {
  /** Rounds done so far. */
  readonly rounds: number;
  /** Anything that keeps Node's event loop alive. */
  readonly handles: number;
  /** Open files, pipes and sockets; 0 where the system does not tell. */
  readonly files: number;
  /** MB of 2^20 bytes: all of the process, and JavaScript's share. */
  readonly memory: number;
  readonly heap: number;
}

/**
 * glibc leaves freed memory in one heap for each thread, as much as 300 MB after a hundred openings, and how much is chance
 * (mallopt(3)). With these it is given back, and what is left is what is held.
 */
const allocator = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '65536',
  MALLOC_TRIM_THRESHOLD_: '65536',
};

/** Counts before the first part of the rounds and after each. `folder` may have a `home` with compiled networks. */
export async function leftBy(work: Work, folder: string, parts: readonly number[]): Promise<Left[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--import',
      import.meta.resolve('tsx'),
      fileURLToPath(new URL('leaks-in-child.ts', import.meta.url)),
      work,
      folder,
      ...parts.map(String),
    ],
    { env: { ...process.env, ...allocator } },
  );
  return JSON.parse(stdout) as Left[];
}
