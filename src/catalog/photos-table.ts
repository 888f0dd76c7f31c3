/** Photos and videos by what they hold: one row, however many files hold it. */

import { type Insertable, type Kysely, type Selectable, sql } from 'kysely';
import { countChange } from './answer-counts.ts';
import { chunksOf, gathered } from './chunks.ts';
import type { PhotosTable as PhotosRows, Schema } from './schema.ts';

export type PhotoRow = Selectable<PhotosRows>;
export type NewPhoto = Insertable<PhotosRows>;

export type PhotoOccasion = Pick<PhotoRow, 'id' | 'taken' | 'taken_from' | 'phash'>;

export interface PhotoCounts {
  /** Those that lie somewhere still. */
  readonly photos: number;
  readonly videos: number;
}

export interface PhotosTable {
  byIds(ids: readonly number[]): Promise<readonly PhotoRow[]>;
  /** No more of them than tells when they were taken, and which look alike. */
  occasions(ids: readonly number[]): Promise<readonly PhotoOccasion[]>;
  bySha256(sha256s: readonly string[]): Promise<readonly PhotoRow[]>;
  /** Those that are not there. @returns their ids, in order */
  add(photos: readonly NewPhoto[]): Promise<readonly number[]>;
  /** Adds it, or says anew what is known of it. @returns its id */
  save(photo: NewPhoto): Promise<number>;
  all(): Promise<readonly { readonly id: number; readonly sha256: string }[]>;
  counts(): Promise<PhotoCounts>;
  /** Read with another recipe than this one, and there to be read again. */
  readOtherwise(recipe: string): Promise<number>;
  /** Those that no file holds any more. */
  withoutPath(): Promise<readonly PhotoRow[]>;
  /** With their faces; what was said about them stays. */
  remove(ids: readonly number[]): Promise<void>;
}

/** A row has seventeen parameters. */
const rowsAtOnce = 500;

export function photosTable(db: Kysely<Schema>): PhotosTable {
  return {
    byIds: (ids) =>
      gathered(ids, (part) => db.selectFrom('photos').selectAll().where('id', 'in', part).execute()),

    occasions: (ids) =>
      gathered(ids, (part) =>
        db
          .selectFrom('photos')
          .select(['id', 'taken', 'taken_from', 'phash'])
          .where('id', 'in', part)
          .execute(),
      ),

    bySha256: (sha256s) =>
      gathered(sha256s, (part) => db.selectFrom('photos').selectAll().where('sha256', 'in', part).execute()),

    async add(photos) {
      const ids: number[] = [];
      for (const part of chunksOf(photos, rowsAtOnce)) {
        const rows = await db.insertInto('photos').values(part).returning('id').execute();
        // Numbers are given in the order of the rows, which come back in any.
        ids.push(...rows.map(({ id }) => id).toSorted((a, b) => a - b));
      }
      return ids;
    },

    async save(photo) {
      const { sha256: _, ...rest } = photo;
      const { id } = await db
        .insertInto('photos')
        .values(photo)
        .onConflict((oc) => oc.column('sha256').doUpdateSet(rest))
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },

    all: () => db.selectFrom('photos').select(['id', 'sha256']).orderBy('id').execute(),

    async counts() {
      const rows = await db
        .selectFrom('photos')
        .select((eb) => ['kind', eb.fn.countAll<number | string>().as('n')])
        // Written out: an index that leaves out rows is not taken for a parameter.
        .where('absent', '=', sql.lit(0))
        .groupBy('kind')
        .execute();
      const of = (kind: string): number => Number(rows.find((row) => row.kind === kind)?.n ?? 0);
      return { photos: of('photo'), videos: of('video') };
    },

    async readOtherwise(recipe) {
      const { n } = await db
        .selectFrom('photos')
        .select((eb) => eb.fn.countAll<number | string>().as('n'))
        // Two stretches of an index, which nobody looks for the one that leaves out a value.
        .where((eb) => eb.or([eb('recipe', '<', recipe), eb('recipe', '>', recipe)]))
        .executeTakeFirstOrThrow();
      return Number(n);
    },

    withoutPath: () =>
      db
        .selectFrom('photos')
        .selectAll()
        .where('id', 'not in', (eb) => eb.selectFrom('paths').select('photo').where('photo', 'is not', null))
        .execute(),

    async remove(ids) {
      for (const part of chunksOf(ids)) {
        const answers = await db.selectFrom('answers').selectAll().where('photo', 'in', part).execute();
        await db.deleteFrom('photos').where('id', 'in', part).execute();
        await countChange(db, answers, []);
      }
    },
  };
}
