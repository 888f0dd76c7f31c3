/**
 * Memory and handles that stay behind in a process that opens, asks and closes whosin again and again.
 *
 *   npx tsx bench/leaks.ts [OPENS=1000] [PHOTOS=20000] [--quick]
 *
 * OPENS times opened, asked about a photo that is not cached, and closed, in one process; PHOTOS from the cache in another, a fifth
 * of them through each of five that stay open. Handles and open files are counted, memory is measured after garbage was
 * collected, with an allocator that gives back what is free (test/leak-trial.ts).
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leftBy, type Work } from '../test/leak-trial.ts';
import { isQuick, places, type Row, report } from './support/results.ts';

const [opens = isQuick ? 40 : 1000, photos = isQuick ? 1000 : 20_000] = places.map(Number);
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));

async function rowsOf(what: string, work: Work, total: number): Promise<Row[]> {
  const left = await leftBy(work, scratch, Array<number>(5).fill(total / 5));
  return left.map(({ rounds, handles, files, memory, heap }) => ({
    what,
    rounds,
    handles,
    'open files': files,
    'memory, MB': memory,
    'JavaScript heap, MB': heap,
  }));
}

try {
  const rows = [
    ...(await rowsOf('opened, asked, closed', 'open', opens)),
    ...(await rowsOf('identified', 'identify', photos)),
  ];
  await report('leaks', { title: `Leaks: ${opens} opens, ${photos} identifies`, rows });
} finally {
  await rm(scratch, { recursive: true });
}
