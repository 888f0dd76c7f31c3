/**
 * Loaded into processes of Node before their program (`--expose-gc --import`). On SIGUSR2 it collects all garbage and writes
 * the megabytes that are still held, of the heap and of buffers outside it, to a file named by the process.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

process.on('SIGUSR2', () => {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  const megabytes = (heapUsed + external) / 1024 / 1024;
  writeFileSync(join(process.env.HELD_MEMORY, String(process.pid)), String(megabytes));
});
