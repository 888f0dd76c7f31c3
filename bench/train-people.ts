/**
 * How long each part of `whosin train` takes when all photos are cached: on a folder of real people, and on one that is made
 * as large as all of Labeled Faces in the Wild.
 *
 *   npx tsx bench/train-people.ts [FOLDER=../shared/data/faces/lfw-dev] [--quick]
 *
 * Each run is a process of its own with two threads. Silence is the longest time without a progress message.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../src/config.ts';
import { readAlbum } from '../src/faces/find/read-album.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { listLabelFolders } from '../src/photos/label-folders.ts';
import { type AlbumSize, makeAlbum } from './support/made-album.ts';
import { isQuick, places, type Row, report, runNode } from './support/results.ts';
import type { TrainTimes } from './support/train-once.ts';

const [folder = '../shared/data/faces/lfw-dev'] = places;
const sizes: readonly AlbumSize[] = isQuick
  ? [{ people: 500, photos: 1200 }]
  : [
      { people: 1241, photos: 3031 },
      { people: 5749, photos: 13_233 },
    ];
const script = fileURLToPath(new URL('support/train-once.ts', import.meta.url));
const rows: Row[] = [];
const { home } = readConfig();

const real = await openFaces();
const paths = (await listLabelFolders(folder)).files.map(({ path }) => path);
let read = 0;
for await (const _ of readAlbum(paths, real.reader, real.cache)) {
  if (++read % 500 === 0) console.error(`${read}/${paths.length} photos`);
}
await real.close();
rows.push(await run(basename(folder), folder, home));
for (const size of sizes) {
  const scratch = await mkdtemp(join(tmpdir(), 'train-people-'));
  try {
    const made = { root: join(scratch, 'photos'), home: join(scratch, 'home') };
    const faces = await openFaces({ config: { home: made.home, threads: 2 } });
    await makeAlbum(made.root, size, faces);
    await faces.close();
    rows.push(await run(`made, ${size.photos} photos of ${size.people} people`, made.root, made.home));
  } finally {
    await rm(scratch, { recursive: true });
  }
}
await report('train-people', {
  title: 'train, everything cached: seconds of each part, two threads',
  rows,
  notes: [
    'Parts are wall time, and mean little beside other work on the machine; CPU is all threads together.',
  ],
});

async function run(what: string, root: string, cachedIn: string): Promise<Row> {
  const args = ['--import', 'tsx', script, root, cachedIn];
  const { wall, cpu, peak, stdout } = await runNode(args, { env: { WHOSIN_THREADS: '2' } });
  const { parts, silence } = JSON.parse(stdout) as TrainTimes;
  const shown = Object.fromEntries(Object.entries(parts).map(([name, s]) => [name, s.toFixed(1)]));
  const row = { what, wall: wall.toFixed(1), CPU: cpu.toFixed(1), 'peak MB': Math.round(peak) };
  const whole = { ...row, silence: silence.toFixed(1), ...shown };
  console.error(JSON.stringify(whole));
  return whole;
}
