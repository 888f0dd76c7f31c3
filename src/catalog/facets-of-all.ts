/** The counts of all photos, which the page shows first: each is read off an index, and nothing is put in order. */

import { type Kysely, sql } from 'kysely';
import { named } from './answer-counts.ts';
import { type FacetCounts, type FacetRows, facetCounts, photosOf } from './facet-counts.ts';
import type { Schema } from './schema.ts';

export async function countsOfAll(db: Kysely<Schema>): Promise<FacetCounts> {
  const faces = await there(db)
    .select(['kind', 'faces', 'unknown', photosOf])
    .groupBy(['kind', 'faces', 'unknown'])
    .execute();
  const lying = () => db.selectFrom('paths').where('gone', '=', sql.lit(0)).where('photo', 'is not', null);
  const folders = await lying().select(['folder', photosOf]).groupBy('folder').execute();
  const twice = await lying()
    .select(['folder', sql<number | string>`count(*) - 1`.as('files')])
    .groupBy(['folder', 'photo'])
    .having(sql<boolean>`count(*) > 1`)
    .execute();
  const inSeveral = await lying()
    .select((eb) => [eb.ref('photo').$notNull().as('photo'), 'folder'])
    .distinct()
    .where(
      'photo',
      'in',
      lying()
        .select((eb) => eb.ref('photo').$notNull().as('photo'))
        .groupBy('photo')
        .having(sql<boolean>`min(folder) < max(folder)`),
    )
    .execute();
  const more = new Map<number, number>();
  for (const { folder, files } of twice) more.set(folder, (more.get(folder) ?? 0) + Number(files));
  const single = folders.map(({ folder, photos }) => ({
    folder,
    photos: Number(photos) - (more.get(folder) ?? 0),
  }));
  const rows = { people: await people(db), years: await years(db), kinds: faces, faces, folders: single };
  return { ...facetCounts(rows), inSeveral };
}

/** Written out: an index that leaves out rows is not taken for a parameter. */
function there(db: Kysely<Schema>) {
  return db.selectFrom('photos').where('photos.absent', '=', sql.lit(0));
}

/** Those of photos that are not there are few, and taken off those that are counted. */
async function people(db: Kysely<Schema>): Promise<FacetRows['people']> {
  const counted = await db
    .selectFrom('people')
    .select(['id as person', 'photos'])
    .where('photos', '>', 0)
    .execute();
  const rows = await db
    .selectFrom('answers')
    .select((eb) => ['person', eb.fn.count<number | string>('photo').distinct().as('photos')])
    .where('photo', 'in', db.selectFrom('photos').select('id').where('absent', '=', sql.lit(1)))
    // Not the column itself: SQLite would take the index of states.
    .where(sql<string>`state || ''`, 'in', named)
    .groupBy('person')
    .execute();
  const absent = new Map(rows.map(({ person, photos }) => [person, Number(photos)]));
  return counted
    .map(({ person, photos }) => ({ person, photos: photos - (absent.get(person) ?? 0) }))
    .filter(({ photos }) => photos > 0);
}

/** Year by year, as far as there are any: the times of a year lie together in the index. */
async function years(db: Kysely<Schema>): Promise<FacetRows['years']> {
  const found: FacetRows['years'][number][] = [];
  for (let year = await firstYear(db, ''); year !== undefined; year = await firstYear(db, after(year))) {
    const { photos } = await there(db)
      .select(photosOf)
      .where('taken', '>=', year)
      .where('taken', '<', after(year))
      .executeTakeFirstOrThrow();
    found.push({ year, photos });
  }
  return found;
}

async function firstYear(db: Kysely<Schema>, from: string): Promise<string | undefined> {
  const { taken } = await there(db)
    .select((eb) => eb.fn.min('taken').as('taken'))
    .where('taken', '>=', from)
    .executeTakeFirstOrThrow();
  return taken?.slice(0, 4);
}

/** Behind all times of a year. */
function after(year: string): string {
  return `${year}~`;
}
