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

/**
 * Photos are counted by grouping twice, where `count(distinct photo)` would sort them: in the order of an index the first
 * grouping costs nothing.
 */
export function facetsTable(db: Kysely<Schema>): FacetsTable {
  const photosOf = sql<number | string>`count(*)`.as('photos');
  return {
    async count(condition, { named, unknown }) {
      // Found once for each question: photos of the search, by their ids.
      const within = () =>
        db.with(
          (cte) => cte('found').materialized(),
          () => matching(db, condition),
        );
      const people = await within()
        .selectFrom((eb) =>
          eb
            .selectFrom('answers')
            .select(['person', 'photo'])
            // Not the column itself: SQLite would take the index of states, and put the faces of everybody in order.
            .where(sql<string>`state || ''`, 'in', named)
            .where('person', 'is not', null)
            .where('photo', 'in', eb.selectFrom('found').select('found.id'))
            .groupBy(['person', 'photo'])
            .as('seen'),
        )
        .select(['person', photosOf])
        .groupBy('person')
        .execute();
      const times = await within()
        .selectFrom('found')
        .select([sql<string | null>`substr(taken, 1, 4)`.as('year'), 'kind', photosOf])
        .groupBy(['year', 'kind'])
        .orderBy('year')
        .execute();
      const folders = await within()
        .selectFrom((eb) =>
          eb
            .selectFrom('paths')
            .select(['folder', 'photo'])
            .where('gone', '=', 0)
            .where('photo', 'in', eb.selectFrom('found').select('found.id'))
            .groupBy(['photo', 'folder'])
            .as('lies'),
        )
        .select(['folder', photosOf])
        .groupBy('folder')
        .execute();
      const inSeveral = await within()
        .selectFrom('paths')
        .select(['photo', 'folder'])
        .distinct()
        .where('gone', '=', 0)
        .where('photo', 'in', (eb) =>
          eb
            .selectFrom('paths')
            .select((inner) => inner.ref('photo').$notNull().as('photo'))
            .where('gone', '=', 0)
            .where('photo', 'in', eb.selectFrom('found').select('found.id'))
            .groupBy('photo')
            .having(sql<boolean>`min(folder) < max(folder)`),
        )
        .execute();
      const faces = await within()
        .selectFrom((eb) =>
          eb
            .selectFrom('answers')
            .select([
              sql<number | string>`sum(case when state = 'not-a-face' then 0 else 1 end)`.as('faces'),
              sql<number>`max(case when state in (${sql.join([...unknown])}) then 1 else 0 end)`.as(
                'unknown',
              ),
            ])
            .where('photo', 'in', eb.selectFrom('found').select('found.id'))
            .groupBy('photo')
            .as('counted'),
        )
        .select(['faces', 'unknown', photosOf])
        .groupBy(['faces', 'unknown'])
        .execute();
      return {
        people: people.map(({ person, photos }) => ({ person: person!, photos: Number(photos) })),
        years: summed(
          times.filter(({ year }) => year !== null),
          ({ year }) => year!,
        ).map(([year, photos]) => ({ year, photos })),
        folders: folders.map(({ folder, photos }) => ({ folder, photos: Number(photos) })),
        inSeveral: inSeveral.map(({ photo, folder }) => ({ photo: photo!, folder })),
        unknown: faces.reduce((sum, row) => sum + (row.unknown === 1 ? Number(row.photos) : 0), 0),
        faces: summed(faces, (row) => Number(row.faces))
          .filter(([n]) => n > 0)
          .map(([n, photos]) => ({ faces: n, photos })),
        media: summed(times, ({ kind }) => kind).map(([kind, photos]) => ({ kind, photos })),
      };
    },
  };
}

function summed<R extends { readonly photos: number | string }, K>(
  rows: readonly R[],
  key: (row: R) => K,
): [K, number][] {
  const sums = new Map<K, number>();
  for (const row of rows) sums.set(key(row), (sums.get(key(row)) ?? 0) + Number(row.photos));
  return [...sums];
}
