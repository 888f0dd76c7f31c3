/** How many of the photos that a search finds show each person, lie in each folder, and so on: it could go on with that. */

import { type Kysely, sql } from 'kysely';
import { named } from './answer-counts.ts';
import { type FacetCounts, facetCounts, photosOf } from './facet-counts.ts';
import { countsOfAll } from './facets-of-all.ts';
import { matching, type PhotoCondition } from './find-table.ts';
import type { AnswerState, Schema } from './schema.ts';

export interface FacetsTable {
  /** @param states in which a face has a name */
  count(condition: PhotoCondition, states: readonly AnswerState[]): Promise<FacetCounts>;
}

/**
 * Photos are counted by grouping twice, where `count(distinct photo)` would sort them: in the order of an index the first
 * grouping costs nothing.
 */
export function facetsTable(db: Kysely<Schema>): FacetsTable {
  return {
    count: (condition, states) =>
      isEverything(condition) && named.every((state) => states.includes(state))
        ? countsOfAll(db)
        : countsWithin(db, condition, states),
  };
}

function isEverything(condition: PhotoCondition): boolean {
  return condition.kind === 'all' && condition.of.every(isEverything);
}

async function countsWithin(
  db: Kysely<Schema>,
  condition: PhotoCondition,
  states: readonly AnswerState[],
): Promise<FacetCounts> {
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
        .select((own) => [own.ref('person').$notNull().as('person'), 'photo'])
        // Not the column itself: SQLite would take the index of states, and put the faces of everybody in order.
        .where(sql<string>`state || ''`, 'in', states)
        .where('person', 'is not', null)
        .where('photo', 'in', eb.selectFrom('found').select('found.id'))
        .groupBy(['person', 'photo'])
        .as('seen'),
    )
    .select(['person', photosOf])
    .groupBy('person')
    .execute();
  const kinds = await within()
    .selectFrom('found')
    .select([sql<string | null>`substr(taken, 1, 4)`.as('year'), 'kind', photosOf])
    .groupBy(['year', 'kind'])
    .orderBy('year')
    .execute();
  const faces = await within()
    .selectFrom('found')
    .select(['faces', 'unknown', photosOf])
    .groupBy(['faces', 'unknown'])
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
    .select((eb) => [eb.ref('photo').$notNull().as('photo'), 'folder'])
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
  return { ...facetCounts({ people, years: kinds, kinds, faces, folders }), inSeveral };
}
