/**
 * Memory and handles that stay behind in a process that opens, asks and closes whosin again and again.
 *
 *   npx tsx bench/leaks.ts [OPENS=1000] [PHOTOS=20000] [--quick]
 *
 * OPENS times opened, asked about a photo that is not cached, and closed; PHOTOS from the cache, a fifth of them through each of
 * five that stay open. Handles and open files are counted, memory is measured after garbage was collected.
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { writePortraits } from '../test/demo-people.ts';
import { identifyAgain, type Left, leftAfter, openAndClose, type Trial } from '../test/leak-trial.ts';
import { demoPhoto } from '../test/photo-fixtures.ts';
import { isQuick, places, type Row, report } from './support/results.ts';

const [opens = isQuick ? 40 : 1000, photos = isQuick ? 1000 : 20_000] = places.map(Number);
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));

try {
  const config = { ...readConfig(), home: join(scratch, 'home'), threads: 2 };
  await writePortraits(join(scratch, 'people'), { mona: ['mona', 2], nell: ['nell', 2] });
  const faces = await openFaces({ config });
  const { model } = await faces.train(join(scratch, 'people'));
  await faces.close();
  const trial: Trial = {
    options: { config },
    model,
    photos: await Promise.all([1, 2, 3, 4, 5, 6].map((n) => readFile(demoPhoto(n)))),
  };
  const rows: Row[] = [];
  const measure = async (what: string, work: typeof openAndClose, rounds: number): Promise<void> => {
    for (let part = 1; part <= 5; part++) {
      await work(trial, rounds / 5);
      rows.push(rowOf(what, await leftAfter((part * rounds) / 5)));
    }
  };
  rows.push(rowOf('before', await leftAfter(0)));
  await measure('opened, asked, closed', openAndClose, opens);
  await measure('identified', identifyAgain, photos);
  await report('leaks', { title: `Leaks: ${opens} opens, ${photos} identifies in one process`, rows });
} finally {
  await rm(scratch, { recursive: true });
}

function rowOf(what: string, { rounds, handles, files, memory, heap }: Left): Row {
  return { what, rounds, handles, 'open files': files, 'memory, MB': memory, 'JavaScript heap, MB': heap };
}
