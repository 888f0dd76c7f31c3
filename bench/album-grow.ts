/**
 * A photo more in a large album: what `album add` costs where faces join groups that stand, beside grouping all anew, and
 * how far the groups are the same.
 *
 *   npx tsx bench/album-grow.ts [FACES=100000]
 *
 * Photos are texts that a reader understands in the place of networks (test/album/made-album.ts), ten faces each. All else
 * is the real album: files, catalog, groups. A few people are in very many photos, and most in a few.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlbumContext } from '../src/album/context.ts';
import { groupingOf } from '../src/album/facts/grouping.ts';
import { groupAnew } from '../src/album/grouping/group.ts';
import { openGroupPlaces } from '../src/album/grouping/group-places.ts';
import { openAlbum } from '../src/album/open-album.ts';
import { seededRandom } from '../src/core/random.ts';
import { type MadeFace, madeConfig, madeFaces, writeMadePhoto } from '../test/album/made-album.ts';
import { bcubed } from './support/cluster-measures.ts';
import { isQuick, median, places, type Row, report, seconds } from './support/results.ts';

const count = Number(places[0] ?? (isQuick ? 10_000 : 100_000));
const inPhoto = 10;
const photosInFolder = 250;
const shares = [0.01, 0.04];
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const root = join(scratch, 'photos');
const random = seededRandom(16);
const takes = new Map<number, number>();
/** Whose each face is, by its place in the album: photos are read in the order of their names. */
const truth = new Map<string, number>();
let photos = 0;

const faces = madeFaces(scratch);
const album = await openAlbum(join(scratch, 'album.db'), {
  config: madeConfig(scratch),
  // Files that changed a moment ago are read again each time, as git does it.
  now: () => Date.now() + 3_600_000,
  faces: async () => faces,
});
const context: AlbumContext = {
  catalog: album.catalog,
  config: madeConfig(scratch),
  faces: async () => faces,
  queue: async () => undefined,
  now: Date.now,
  who: '',
  settings: { automaticFrom: 0.95, suggestFrom: 0.1, wholeUpTo: 0 },
  known: new Map(),
  unstored: new Set(),
  places: openGroupPlaces(),
  learning: { current: Promise.resolve(), next: undefined },
};
const rows: Row[] = [];
try {
  await writePhotos(count / inPhoto, inPhoto);
  const first = await cost(() => album.add([root]));
  rows.push({ what: `album add of ${count.toLocaleString('en')} faces`, ...first, ...(await quality()) });
  const unchanged = await costs(5, async () => {});
  rows.push({ what: 'album add, nothing new', ...unchanged });
  const one = await costs(5, () => writePhotos(1, 2));
  rows.push({ what: 'album add, one photo of two faces', ...one });
  let grown = 0;
  for (const share of shares) {
    await writePhotos(Math.round((share * count - grown) / inPhoto), inPhoto);
    grown = share * count;
    const added = await cost(() => album.add([root]));
    rows.push({ what: `album add, ${100 * share} % in all are new`, ...added, ...(await quality()) });
  }
  const isGrown = (await album.catalog.read(groupingOf))!.grown > grown;
  if (!isGrown) throw new Error('All faces were grouped anew: nothing has grown.');
  let moved = 0;
  const whole = await cost(async () => (moved = await groupAnew(context)));
  rows.push({ what: 'all faces grouped anew', ...whole, ...(await quality()), 'faces moved': moved });
} finally {
  await album.close();
  await rm(scratch, { recursive: true });
}
await report('album-grow', {
  title: `A photo more in an album of ${count.toLocaleString('en')} made faces`,
  rows,
  notes: [
    'Seconds of album add in one process: the look at the folders, reading, and what follows for groups and names.',
    'precision, recall: BCubed against who the faces are.',
  ],
});

async function writePhotos(number: number, ofFaces: number): Promise<void> {
  for (let n = 0; n < number; n++, photos++) {
    const path = join(root, String(Math.floor(photos / photosInFolder)), `${photos}.jpg`);
    const own = Array.from({ length: ofFaces }, (): MadeFace => {
      // Zipf's law among as many people as there are in a large album.
      const who = Math.floor(2500 ** random());
      const take = takes.get(who) ?? 0;
      takes.set(who, take + 1);
      return { who, take };
    });
    for (const [i, { who }] of own.entries()) truth.set(`${photos}.jpg ${i}`, who);
    await writeMadePhoto(path, own, path);
  }
}

async function cost(work: () => Promise<unknown>): Promise<Row> {
  const before = process.cpuUsage();
  const wall = await seconds(work);
  const { user, system } = process.cpuUsage(before);
  return { seconds: wall.toFixed(3), 'processor seconds': ((user + system) / 1e6).toFixed(3) };
}

/** The median of `album add`, each time after something new. */
async function costs(times: number, before: () => Promise<void>): Promise<Row> {
  const all: Row[] = [];
  for (let n = 0; n < times; n++) {
    await before();
    all.push(await cost(() => album.add([root])));
  }
  const of = (key: string): string => median(all.map((row) => Number(row[key]))).toFixed(3);
  return { seconds: of('seconds'), 'processor seconds': of('processor seconds') };
}

async function quality(): Promise<Row> {
  return album.catalog.read(async ({ answers, faces: table, photos: files, paths }) => {
    const people: (string | null)[] = [];
    const groups = new Map<number, number[]>();
    const ids = (await files.all()).map(({ id }) => id);
    const names = await paths.ofPhotos(ids);
    const inOrder = new Map<number, number>();
    const all = (await table.ofPhotos(ids)).toSorted((a, b) => a.id - b.id);
    const groupOf = new Map((await answers.of(all.map(({ id }) => id))).map(({ face, grp }) => [face, grp]));
    for (const face of all) {
      const i = inOrder.get(face.photo) ?? 0;
      inOrder.set(face.photo, i + 1);
      const name = names.get(face.photo)![0]!.path.split('/').at(-1)!;
      const at = people.push(String(truth.get(`${name} ${i}`)!)) - 1;
      const group = groupOf.get(face.id) ?? -face.id;
      groups.set(group, [...(groups.get(group) ?? []), at]);
    }
    const { precision, recall } = bcubed(people, [...groups.values()]);
    return { groups: groups.size, precision: precision.toFixed(4), recall: recall.toFixed(4) };
  });
}
