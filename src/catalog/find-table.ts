/** Photos by what is asked of them. */

import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import { gathered } from './chunks.ts';
import type { AnswerState, PhotosTable, Schema } from './schema.ts';

export type PhotoCondition =
  | { readonly kind: 'all' | 'any'; readonly of: readonly PhotoCondition[] }
  | { readonly kind: 'not'; readonly of: PhotoCondition }
  /** One of its faces is this person, as far as these states go. */
  | { readonly kind: 'person'; readonly person: number; readonly states: readonly AnswerState[] }
  /** No face is anybody else. */
  | {
      readonly kind: 'nobody-but';
      readonly people: readonly number[];
      readonly states: readonly AnswerState[];
    }
  | { readonly kind: 'faces'; readonly least: number; readonly most: number | null }
  /** Somebody is seen, and nobody has a name for them. */
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'taken';
      readonly from: string | null;
      readonly until: string | null;
      /** Only times that a camera wrote count. */
      readonly photographed?: boolean;
    }
  | { readonly kind: 'folders'; readonly folders: readonly number[] }
  | { readonly kind: 'media'; readonly media: 'photo' | 'video' };

export interface FoundPhoto {
  readonly id: number;
  readonly sha256: string;
  readonly kind: 'photo' | 'video';
  readonly taken: string | null;
  readonly taken_from: PhotosTable['taken_from'];
}

export interface NamedIn {
  readonly photo: number;
  readonly person: number;
  readonly probability: number;
  readonly face: number;
}

export interface FindOptions {
  readonly limit: number;
  readonly offset?: number;
}

export interface FoundPage {
  /** All that there are, on this page and the others. */
  readonly total: number;
  readonly photos: readonly FoundPhoto[];
}

export interface FindTable {
  /** Photos that are there, the oldest first. */
  photos(condition: PhotoCondition, options: FindOptions): Promise<FoundPage>;
  /** The surest face of each of these people in each of these photos. */
  named(
    photos: readonly number[],
    people: readonly number[],
    states: readonly AnswerState[],
  ): Promise<readonly NamedIn[]>;
  folders(): Promise<readonly { readonly id: number; readonly path: string }[]>;
}

export function findTable(db: Kysely<Schema>): FindTable {
  /** Found by the person first, put in order then, and counted on the way. */
  const countedPage = (condition: PhotoCondition) =>
    db
      .with(
        (cte) => cte('found').materialized(),
        () => matching(db, condition),
      )
      .selectFrom('found')
      .select([
        'id',
        (eb) => eb.selectFrom('found').select(eb.fn.countAll<number | string>().as('n')).as('total'),
      ]);
  const countOf = async (condition: PhotoCondition): Promise<number> => {
    const { n } = await db
      .selectFrom(matching(db, condition).as('found'))
      .select((eb) => eb.fn.countAll<number | string>().as('n'))
      .executeTakeFirstOrThrow();
    return Number(n);
  };

  return {
    async photos(condition, { limit, offset = 0 }) {
      const page = asksForPerson(condition)
        ? await countedPage(condition)
            .orderBy('taken', (order) => order.asc().nullsFirst())
            .orderBy('id')
            .limit(limit)
            .offset(offset)
            .execute()
        : // Without a person they are found in the order of time, and no further than the end of the page.
          (
            await matching(db, condition)
              .orderBy('photos.taken', (order) => order.asc().nullsFirst())
              .orderBy('photos.id')
              .limit(limit)
              .offset(offset)
              .execute()
          ).map(({ id }) => ({ id, total: null }));
      const rows = await gathered(page, (part) =>
        db
          .selectFrom('photos')
          .select(['id', 'sha256', 'kind', 'taken', 'taken_from'])
          .where(
            'id',
            'in',
            part.map(({ id }) => id),
          )
          .execute(),
      );
      const photos = new Map(rows.map((row) => [row.id, row]));
      const isAll = page.length < limit && (offset === 0 || page.length > 0);
      const total = isAll ? offset + page.length : (page[0]?.total ?? (await countOf(condition)));
      return { total: Number(total), photos: page.map(({ id }) => photos.get(id)!) };
    },

    async named(photos, people, states) {
      if (people.length === 0) return [];
      const rows = await gathered(photos, (part) =>
        db
          .selectFrom('answers')
          .select(['photo', 'person', 'probability', 'face'])
          .where('photo', 'in', part)
          .where('person', 'in', people)
          .where('state', 'in', states)
          .execute(),
      );
      const best = new Map<string, NamedIn>();
      for (const { photo, person, probability, face } of rows) {
        const key = `${photo} ${person}`;
        const other = best.get(key);
        if (other === undefined || (probability ?? 0) > other.probability) {
          best.set(key, { photo, person: person!, probability: probability ?? 0, face });
        }
      }
      return [...best.values()];
    },

    folders: () => db.selectFrom('folders').select(['id', 'path']).orderBy('path').execute(),
  };
}

/** Photos that are there. */
export function matching(db: Kysely<Schema>, condition: PhotoCondition) {
  return (
    db
      .selectFrom('photos')
      .select(['photos.id', 'photos.taken', 'photos.kind', 'photos.faces', 'photos.unknown'])
      .where((eb) => sqlOf(eb, condition))
      // Written out: an index that leaves out rows is not taken for a parameter.
      .where('photos.absent', '=', sql.lit(0))
  );
}

/** Whether nothing is found but photos of somebody. */
function asksForPerson(condition: PhotoCondition): boolean {
  if (condition.kind === 'person') return true;
  if (condition.kind === 'all') return condition.of.some(asksForPerson);
  return condition.kind === 'any' && condition.of.every(asksForPerson);
}

function sqlOf(eb: ExpressionBuilder<Schema, 'photos'>, condition: PhotoCondition): Expression<SqlBool> {
  switch (condition.kind) {
    case 'all':
      return eb.and(condition.of.map((part) => sqlOf(eb, part)));
    case 'any':
      return eb.or(condition.of.map((part) => sqlOf(eb, part)));
    case 'not':
      return eb.not(sqlOf(eb, condition.of));
    case 'person':
      return eb(
        'photos.id',
        'in',
        eb
          .selectFrom('answers')
          .select('photo')
          .where('person', '=', condition.person)
          .where('state', 'in', condition.states),
      );
    case 'nobody-but':
      return eb.not(
        eb.exists(
          eb
            .selectFrom('answers')
            .select('face')
            .whereRef('answers.photo', '=', 'photos.id')
            .where('state', '!=', 'not-a-face')
            .where((inner) =>
              inner.or([
                inner('person', 'is', null),
                ...(condition.people.length === 0
                  ? [inner.lit(true)]
                  : [inner('person', 'not in', condition.people)]),
                inner('state', 'not in', condition.states),
              ]),
            ),
        ),
      );
    case 'faces':
      return eb.and([
        eb('photos.faces', '>=', condition.least),
        ...(condition.most === null ? [] : [eb('photos.faces', '<=', condition.most)]),
      ]);
    case 'unknown':
      return eb('photos.unknown', '>', 0);
    case 'taken':
      return eb.and([
        ...(condition.from === null ? [] : [eb('photos.taken', '>=', condition.from)]),
        ...(condition.until === null ? [] : [eb('photos.taken', '<', condition.until)]),
        ...(condition.photographed ? [eb('photos.taken_from', '=', 'exif' as const)] : []),
      ]);
    case 'folders':
      return condition.folders.length === 0
        ? eb.lit(false)
        : eb(
            'photos.id',
            'in',
            eb
              .selectFrom('paths')
              .select((inner) => inner.ref('photo').$notNull().as('photo'))
              .where('folder', 'in', condition.folders)
              .where('gone', '=', 0)
              .where('photo', 'is not', null),
          );
    case 'media':
    default:
      return eb('photos.kind', '=', condition.media);
  }
}
