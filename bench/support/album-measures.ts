/** How long people wait in an album of very many faces: to find, to look, to answer. */

import type { Album } from '../../src/album/open-album.ts';
import { median, type Row, seconds } from './results.ts';

const times = 5;

/** They answer at once, so many questions each. */
const people = 10;
const each = 5;

/** Goals in milliseconds; empty: the issues name none. */
export interface Goals {
  readonly find: number | '';
  readonly answer: number | '';
}

/**
 * Albums as `fillCatalog` makes them.
 *
 * @param databaseCpu milliseconds of processor time that the database has taken, if it is a program of its own
 * @returns a row for each thing that was timed
 */
export async function albumMeasures(
  open: () => Promise<Album>,
  { find, answer }: Goals,
  databaseCpu?: () => Promise<number>,
): Promise<Row[]> {
  const rows: Row[] = [];
  const measure = async (what: string, goal: number | '', work: () => Promise<unknown>): Promise<void> => {
    const all: number[] = [];
    const cpu: number[] = [];
    const database = await databaseCpu?.();
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
      ...(database !== undefined && {
        'database processor ms': Math.round(((await databaseCpu!()) - database) / times),
      }),
      'most ms': Number(Math.max(...all).toFixed(1)),
      'goal ms': goal,
    });
    if (process.argv.includes('--loud')) console.error(rows.at(-1));
  };

  await measure('open and close', 500, async () => (await open()).close());
  const album = await open();
  await measure('whosin album: all counts', '', () => album.status());
  for (const query of queries) await measure(`find ${query}`, find, () => album.find(query, { limit: 100 }));
  const groups = [...(await album.groups({ limit: 4 * times + people * each, shown: 0 })).groups];
  await measure('groups: the first 20', '', () => album.groups({ limit: 20 }));
  await measure('the next question', '', () => album.questions({ limit: 1 }));
  const next = (): number => groups.shift()!.group;
  await measure('name a group: somebody new', answer, () =>
    album.name(next(), `New ${groups.length}`, { anew: true }),
  );
  await measure('name a group: the most frequent person', answer, () =>
    album.name(next(), 'Person 0', { merge: true }),
  );
  await measure('name a group: a rare person', answer, () =>
    album.name(next(), 'Person 900', { merge: true }),
  );
  await measure('undo', '', () => album.undo());
  rows.push(await manyAtOnce(album, groups, answer));
  await album.close();
  return rows;
}

/** Ten people name groups at once. Throws if an answer is not in the log, or under another name. */
async function manyAtOnce(
  album: Album,
  groups: readonly { readonly group: number }[],
  goal: number | '',
): Promise<Row> {
  const left = [...groups];
  const took: number[] = [];
  const said = new Map<number, string>();
  const began = performance.now();
  await Promise.all(
    Array.from({ length: people }, async (_, i) => {
      const who = `User ${i}`;
      const own = album.as(who);
      for (let n = 0; n < each; n++) {
        const { group } = left.shift()!;
        took.push(
          1000 *
            (await seconds(async () => {
              said.set((await own.name(group, `Person ${i}`, { merge: true })).said, who);
            })),
        );
      }
    }),
  );
  const rate = (people * each * 1000) / (performance.now() - began);
  const log = await album.log({ limit: people * each });
  const kept = log.filter(({ number, who }) => said.get(number) === who);
  if (kept.length !== people * each) throw new Error(`${kept.length} of ${people * each} answers are there`);
  return {
    what: `${people} people name groups at once: ${rate.toFixed(1)} answers a second`,
    'median ms': Number(median(took).toFixed(1)),
    'most ms': Number(Math.max(...took).toFixed(1)),
    'goal ms': goal,
  };
}

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
