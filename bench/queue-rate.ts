/**
 * Is the queue in the way? 1, 2, 4 and 8 workers with a reader that only waits (25 photos at once, 100 ms each: 250 photos
 * a second and worker), on one PostgreSQL of this machine; photos are texts with one face each.
 *
 *   npx tsx bench/queue-rate.ts
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres } from '../test/postgres/postgres-server.ts';
import { measureMade } from './support/made-run.ts';
import { isQuick, type Row, report } from './support/results.ts';

const [wait, atOnce] = [100, 25];
const perWorker = (atOnce * 1000) / wait;
/** Some seconds for each worker; the queue is refilled meanwhile. */
const photosEach = isQuick ? 400 : 2000;

const folder = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const server = await openPostgres();
const rows: Row[] = [];
try {
  for (const workers of [1, 2, 4, 8]) {
    const photos = workers * photosEach;
    const cost = await measureMade(server, folder, { workers, photos, wait, atOnce });
    const possible = workers * perWorker;
    rows.push({
      workers,
      photos,
      'possible a second': possible,
      'photos a second': Math.round(cost.perSecond),
      share: `${((100 * cost.perSecond) / possible).toFixed(0)} %`,
      'processor a photo, workers': `${cost.workers.toFixed(2)} ms`,
      'processor a photo, PostgreSQL': `${cost.postgres.toFixed(2)} ms`,
    });
  }
} finally {
  await server.close();
  await rm(folder, { recursive: true });
}
await report('queue-rate', {
  title: 'Photos a second through the queue, with a reader that only waits 100 ms',
  rows,
  notes: [
    'possible: what the readers could do if nothing else took time. All processes share the cores of the machine.',
    'From the first photo that is kept to the last, while an add refills the queue.',
  ],
});
