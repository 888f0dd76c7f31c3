/**
 * A newcomer's walk: 600 photos in folders by date, and no folder of anybody. How many commands, minutes and answers it takes
 * until the photos of one person are found, how many of them are found, and how many photos are wrong.
 *
 *   npx tsx bench/album-walk.ts [PHOTOS=600] [--quick]
 *
 * Photos of ../shared/data/faces (celeb5, sports-dev and people of lfw-dev), under names of a camera, in folders of dates that
 * are drawn. The walk is made for each of the five people with most photos, each in an album of its own: `album add`,
 * `album groups`, `album name` for the largest group that shows the person, `album review` until nothing is asked that has
 * to do with the person, `album find`. The newcomer knows the person by sight and nobody else: what is asked about
 * others is answered "not sure". "minutes" are those of `album add`, faces not cached, and of the answers at 3 seconds each.
 */

import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openAlbum } from '../src/album/open-album.ts';
import type { Question } from '../src/album/said/questions.ts';
import { readConfig } from '../src/config.ts';
import { groupedBy } from '../src/core/grouped.ts';
import { seededRandom } from '../src/core/random.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { isQuick, places, type Row, report, runNode } from './support/results.ts';

const count = Number(places[0] ?? (isQuick ? 150 : 600));
const sets = ['celeb5/train', 'celeb5/test', 'sports-dev', 'lfw-dev'];
const secondsAnAnswer = 3;
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const home = join(scratch, 'home');
const root = join(scratch, 'Pictures');
const config = { ...readConfig(), home, albums: join(home, 'albums') };
const faces = await openFaces({ config });
const rows: Row[] = [];
try {
  /** Whom each photo is of, by its path. */
  const truth = await writePictures();
  const photosOf = [...groupedBy(truth.keys(), (path) => truth.get(path)!)];
  const frequent = photosOf.toSorted((a, b) => b[1].length - a[1].length).slice(0, isQuick ? 1 : 5);
  for (const [person, photos] of frequent) rows.push(await walk(person, new Set(photos)));
  const mean = (column: string): number =>
    rows.reduce((sum, row) => sum + Number(row[column]), 0) / rows.length;
  await report('album-walk', {
    title: `A newcomer with ${truth.size} photos in folders by date looks for one person`,
    rows,
    notes: [
      `On average ${mean('commands')} commands, ${mean('answers').toFixed(1)} answers, recall ${mean('recall').toFixed(3)}.`,
    ],
  });
} finally {
  await faces.close();
  await rm(scratch, { recursive: true });
}

/** People with most photos first, until there are enough photos. */
async function writePictures(): Promise<ReadonlyMap<string, string>> {
  const random = seededRandom(600);
  const found: { readonly path: string; readonly person: string }[] = [];
  for (const set of sets) {
    const folder = join('../shared/data/faces', set);
    for (const person of await readdir(folder)) {
      for (const name of await readdir(join(folder, person)))
        found.push({ path: join(folder, person, name), person });
    }
  }
  const sizes = groupedBy(found, ({ person }) => person);
  const some = found
    .toSorted(
      (a, b) => sizes.get(b.person)!.length - sizes.get(a.person)!.length || (a.path < b.path ? -1 : 1),
    )
    .slice(0, count);
  const truth = new Map<string, string>();
  for (const [i, { path, person }] of some.entries()) {
    const day = new Date(Date.UTC(2015, 0, 1) + Math.floor(random() * 2000) * 86_400_000)
      .toISOString()
      .slice(0, 10);
    const to = join(root, day.slice(0, 4), day, `IMG_${String(i).padStart(4, '0')}.jpg`);
    await mkdir(join(to, '..'), { recursive: true });
    await copyFile(path, to);
    truth.set(to, person);
  }
  return truth;
}

async function walk(person: string, photos: ReadonlySet<string>): Promise<Row> {
  const file = join(scratch, `${person}.db`);
  // Nothing is known of the photos, as on the first day.
  for (const cache of ['bottlenecks', 'seen']) await rm(join(home, cache), { recursive: true, force: true });
  const added = await runNode([main, 'album', 'add', root, '--album', file, '--json'], {
    env: { WHOSIN_HOME: home },
  });
  const album = await openAlbum(file, { config, faces: async () => faces });
  let [commands, answers] = [1, 0];
  const shows = (shown: Question['shown']): number =>
    shown.filter(({ path }) => path !== null && photos.has(path)).length / Math.max(1, shown.length);
  try {
    const { groups } = await album.groups({ limit: 100 });
    const own = groups.find(({ shown }) => shows(shown) > 0.5);
    if (own === undefined) throw new Error(`no group shows ${person}`);
    await album.name(own.group, person);
    // The list of groups, the name and the review.
    commands += 3;
    for (;;) {
      const [question] = await album.questions({ limit: 1 });
      if (question === undefined) break;
      const isOwn = shows(question.shown) > 0.5;
      answers++;
      if (isOwn)
        await album.answer(question, question.kind === 'person' ? { kind: 'yes' } : { kind: 'is', person });
      else if (question.kind === 'person') await album.answer(question, { kind: 'no' });
      else await album.answer(question, { kind: 'not-sure' });
      const next = await album.questions({ limit: 1000 });
      if (!next.some(({ kind, shown }) => kind === 'person' || shows(shown) > 0.5)) break;
    }
    const found = await album.find(`"${person}"`, { limit: 10_000 });
    commands++;
    const right = found.photos.filter(({ path }) => photos.has(path)).length;
    return {
      person,
      photos: photos.size,
      commands,
      answers,
      minutes: ((added.wall + secondsAnAnswer * (answers + 1)) / 60).toFixed(1),
      found: right,
      recall: (right / photos.size).toFixed(3),
      wrong: found.total - right,
    };
  } finally {
    await album.close();
  }
}
