/** How many of the photos that a search finds show each person, lie in each folder, and so on: it could go on with that. */

import { type Kysely, sql } from 'kysely';
import { matching, type PhotoCondition } from './find-table.ts';
import type { AnswerState, Schema } from './schema.ts';

/** How many photos there are for each. */
export interface FacetCounts {
  readonly people: readonly { readonly person: number; readonly photos: number }[];
  /** Four digits, the earliest first. */
  readonly years: readonly { readonly year: string; readonly photos: number }[];
  readonly folders: readonly { readonly folder: number; readonly photos: number }[];
  /** Photos that lie in several folders, with each of them. */
  readonly inSeveral: readonly { readonly photo: number; readonly folder: number }[];
  /** With a face in one of the states that were asked for. */
  readonly unknown: number;
  /** By the number of faces in them. */
  readonly faces: readonly { readonly faces: number; readonly photos: number }[];
  readonly media: readonly { readonly kind: 'photo' | 'video'; readonly photos: number }[];
}

export interface FacetsTable {
  count(
    condition: PhotoCondition,
    states: { readonly named: readonly AnswerState[]; readonly unknown: readonly AnswerState[] },
  ): Promise<FacetCounts>;
}

export function facetsTable(db: Kysely<Schema>): FacetsTable {
  const photosOf = sql<number | string>`count(distinct photo)`.as('photos');
  return {
    async count(condition, { named, unknown }) {
      // Found once for each question: photos of the search, by their ids.
      const within = () =>
        db.with(
          (cte) => cte('found').materialized(),
          () => matching(db, condition),
        );
      const people = await within()
        .selectFrom('answers')
        .select(['person', photosOf])
        .where('state', 'in', named)
        .where('photo', 'in', (eb) => eb.selectFrom('found').select('found.id'))
        .groupBy('person')
        .execute();
      const years = await within()
        .selectFrom('found')
        .select((eb) => [
          sql<string>`substr(taken, 1, 4)`.as('year'),
          eb.fn.countAll<number | string>().as('photos'),
        ])
        .where('taken', 'is not', null)
        .groupBy('year')
        .orderBy('year')
        .execute();
      const folders = await within()
        .selectFrom('paths')
        .select(['folder', photosOf])
        .where('gone', '=', 0)
        .where('photo', 'in', (eb) => eb.selectFrom('found').select('found.id'))
        .groupBy('folder')
        .execute();
      const inSeveral = await within()
        .selectFrom('paths')
        .select(['photo', 'folder'])
        .distinct()
        .where('gone', '=', 0)
        .where('photo', 'in', (eb) => eb.selectFrom('found').select('found.id'))
        .where('photo', 'in', (eb) =>
          eb
            .selectFrom('paths')
            .select((inner) => inner.ref('photo').$notNull().as('photo'))
            .where('gone', '=', 0)
            .where('photo', 'is not', null)
            .groupBy('photo')
            .having(sql<boolean>`count(distinct folder) > 1`),
        )
        .execute();
      const [strangers] = await within()
        .selectFrom('answers')
        .select(photosOf)
        .where('state', 'in', unknown)
        .where('photo', 'in', (eb) => eb.selectFrom('found').select('found.id'))
        .execute();
      const faces = await within()
        .with('counted', (cte) =>
          cte
            .selectFrom('answers')
            .select((eb) => ['photo', eb.fn.countAll<number | string>().as('faces')])
            .where('state', '!=', 'not-a-face')
            .where('photo', 'in', (eb) => eb.selectFrom('found').select('found.id'))
            .groupBy('photo'),
        )
        .selectFrom('counted')
        .select((eb) => ['faces', eb.fn.countAll<number | string>().as('photos')])
        .groupBy('faces')
        .execute();
      const media = await within()
        .selectFrom('found')
        .select((eb) => ['kind', eb.fn.countAll<number | string>().as('photos')])
        .groupBy('kind')
        .execute();
      return {
        people: people.map(({ person, photos }) => ({ person: person!, photos: Number(photos) })),
        years: years.map(({ year, photos }) => ({ year, photos: Number(photos) })),
        folders: folders.map(({ folder, photos }) => ({ folder, photos: Number(photos) })),
        inSeveral: inSeveral.map(({ photo, folder }) => ({ photo: photo!, folder })),
        unknown: Number(strangers?.photos ?? 0),
        faces: faces.map((row) => ({ faces: Number(row.faces), photos: Number(row.photos) })),
        media: media.map(({ kind, photos }) => ({ kind, photos: Number(photos) })),
      };
    },
  };
}
