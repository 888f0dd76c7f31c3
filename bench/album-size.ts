/**
 * A catalog of very many faces: how long it takes to open it, to find photos, to name a group, and how large it is.
 *
 *   npx tsx bench/album-size.ts [FACES=1000000] [FILE]
 *
 * The faces are made; their number, sizes of vectors and tables are those of a real album. 60 % of them have a name, half of
 * these by an answer; answers name 20 faces each. FILE is kept, and used again if it is there.
 */

import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Album, openAlbum } from '../src/album/open-album.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { fillCatalog } from './support/made-catalog.ts';
import { isQuick, median, places, type Row, report, seconds } from './support/results.ts';

const count = Number(places[0] ?? (isQuick ? 20_000 : 1_000_000));
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const file = places[1] ?? join(scratch, 'album.db');
const faces = await openFaces();
if (!existsSync(file)) await fillCatalog(file, count, faces.background, faces.reader.recipe);
const { size } = await stat(file);
const open = (): Promise<Album> => openAlbum(file, { faces: async () => faces });
const rows: Row[] = [];
const times = 5;

/** @param goal milliseconds, where the issue has one */
async function measure(what: string, goal: number | '', work: () => Promise<unknown>): Promise<void> {
  const all: number[] = [];
  const cpu: number[] = [];
  for (let n = 0; n < times; n++) {
    const before = process.cpuUsage();
    all.push(1000 * (await seconds(work)));
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000);
  }
  rows.push({
    what,
    'median ms': Number(median(all).toFixed(1)),
    'processor ms': Number(median(cpu).toFixed(1)),
    'most ms': Number(Math.max(...all).toFixed(1)),
    'goal ms': goal,
  });
}

await measure('open and close', 500, async () => (await open()).close());
const album = await open();
await measure('whosin album: all counts', '', () => album.status());
const queries = [
  'Person 999',
  'Person 0',
  'Person 0 and Person 1',
  'Person 0 and Person 1, not Person 2, 2019',
  'only Person 3, since 2020',
  'Person 5 or Person 6',
  'confirmed Person 0, 2019-07',
  'unknown, 2019-07',
  'at least 4 faces, 2019',
  'in 2019-07-04',
];
for (const query of queries) await measure(`find ${query}`, 100, () => album.find(query, { limit: 100 }));
const groups = [...(await album.groups({ limit: 4 * times, shown: 0 })).groups];
await measure('groups: the first 20', '', () => album.groups({ limit: 20 }));
await measure('the next question', '', () => album.questions({ limit: 1 }));
const next = (): number => groups.shift()!.group;
await measure('name a group: somebody new', 50, () =>
  album.name(next(), `New ${groups.length}`, { anew: true }),
);
await measure('name a group: the most frequent person', 50, () =>
  album.name(next(), 'Person 0', { merge: true }),
);
await measure('name a group: a rare person', 50, () => album.name(next(), 'Person 900', { merge: true }));
await measure('undo', '', () => album.undo());
await album.close();
await faces.close();
await rm(scratch, { recursive: true });
await report('album-size', {
  title: `A catalog of ${count.toLocaleString('en')} made faces: ${(size / 1e9).toFixed(2)} GB, ${(size / count).toFixed(0)} bytes a face`,
  rows,
  notes: ['Lists of at most 100 photos. A name is there when its consequences are worked out too.'],
});
