/** Groups of faces that are probably one person, and how likely people are for them: may be made anew at any time. */

import { type Kysely, sql } from 'kysely';
import { fromHalfFloats, toHalfFloats } from '../core/half-float.ts';
import { unknown } from './answer-counts.ts';
import { chunksOf, gathered } from './chunks.ts';
import type { AnswerState, Bytes, Schema } from './schema.ts';

/** The faces of a group that nobody confirmed, taken together. */
export interface GroupPlace {
  readonly id: number;
  readonly quality: number;
  /** Means of their coordinates, and of the squares of those. */
  readonly z: Float32Array;
  readonly squares: Float32Array;
}

export interface GroupCandidate {
  readonly group: number;
  readonly person: number;
  readonly odds: number;
}

/** A group with what there is in it. */
export interface GroupSummary {
  readonly id: number;
  readonly faces: number;
  readonly photos: number;
  readonly guess: number | null;
  readonly probability: number | null;
}

export interface GroupsTable {
  /** @returns the ids of so many new ones */
  add(count: number): Promise<number[]>;
  /** Their faces have changed; all of them where they are looked at with other eyes. */
  touch(ids: readonly number[] | 'all'): Promise<void>;
  revisions(ids: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /** Those whose likeliest person is not known up to now, and the revision that there is now. */
  toLearn(limit: number): Promise<readonly { readonly id: number; readonly revision: number }[]>;
  /** Every group with a place. */
  eachPlace(part?: number): AsyncGenerator<readonly GroupPlace[]>;
  /** The first group that there is, and the number of the newest place; 0 for none. */
  places(): Promise<{ readonly first: number; readonly last: number }>;
  /** Groups that were learnt after the place with this number, as they are now. */
  placedAfter(last: number): Promise<readonly { readonly id: number; readonly place: GroupPlace | null }[]>;
  /** How clear the clearest face of each is that nobody confirmed. */
  qualities(ids: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /**
   * The answer for a group as it was at that revision; null: nobody in it is to be named.
   *
   * @param number of the place: higher than all before
   */
  learnt(id: number, revision: number, place: Omit<GroupPlace, 'id'> | null, number: number): Promise<void>;
  guess(id: number, person: number | null, probability: number | null): Promise<void>;
  /** Those the person is a candidate for that are guessed to be the person, or somebody with such a probability. */
  guessed(person: number, probability: number): Promise<readonly number[]>;
  candidates(ids: readonly number[]): Promise<readonly GroupCandidate[]>;
  /** Groups that somebody is a candidate for. */
  withCandidates(): Promise<readonly number[]>;
  /** Groups for which this person is one with such odds. */
  likeliest(person: number, odds: number): Promise<readonly number[]>;
  /** Puts these in place of the ones that the groups have. */
  setCandidates(groups: readonly number[], candidates: readonly GroupCandidate[]): Promise<void>;
  /** Puts these in place of the ones that the person has. */
  setCandidatesOf(person: number, candidates: readonly GroupCandidate[]): Promise<void>;
  /** Groups with faces that have no name; those alone are counted, the most first. */
  unnamed(limit: number, least: number): Promise<readonly GroupSummary[]>;
  countUnnamed(least: number): Promise<number>;
  /** Groups with faces for which somebody is likely, those with the most to settle first. */
  suggested(limit: number): Promise<readonly GroupSummary[]>;
  /** The faces in a group and their photos, whatever they are. */
  summary(id: number): Promise<GroupSummary | undefined>;
  removeEmpty(): Promise<void>;
}

const partRows = 5000;

export function groupsTable(db: Kysely<Schema>): GroupsTable {
  const insert = async (candidates: readonly GroupCandidate[]): Promise<void> => {
    for (const part of chunksOf(candidates)) {
      // Written out: of thousands of parameters, making the statement takes longer than the writing.
      const rows = part.map(({ group, person, odds }) => `(${[group, person, odds].join(', ')})`);
      await sql`
        insert into candidates (grp, person, odds) values ${sql.raw(rows.join(', '))}
        on conflict (grp, person) do update set odds = excluded.odds
      `.execute(db);
    }
  };
  const placed = () =>
    db
      .selectFrom('groups')
      .select(['id', 'quality', 'z', 'squares'])
      .where('z', 'is not', null)
      .orderBy('id');
  const counted = (column: 'nameless' | 'suggested') =>
    db.selectFrom('groups').select(['id', 'guess', 'probability', `${column} as faces`]);
  /** With the photos that such faces of theirs are in. */
  const withPhotos = async (
    groups: readonly Omit<GroupSummary, 'photos'>[],
    states: readonly AnswerState[],
  ): Promise<GroupSummary[]> => {
    const rows = await gathered(groups, (part) =>
      db
        .selectFrom('answers')
        .select((eb) => ['grp', eb.fn.count<number | string>('photo').distinct().as('photos')])
        .where(
          'grp',
          'in',
          part.map(({ id }) => id),
        )
        .where('state', 'in', states)
        .where('unsure', '=', 0)
        .groupBy('grp')
        .execute(),
    );
    const photos = new Map(rows.map((row) => [row.grp, Number(row.photos)]));
    return groups.map((group) => ({ ...group, photos: photos.get(group.id)! }));
  };

  return {
    async add(count) {
      const ids: number[] = [];
      for (const part of chunksOf(Array.from({ length: count }, () => ({ revision: 1, learnt: 0 })))) {
        const rows = await db.insertInto('groups').values(part).returning('id').execute();
        ids.push(...rows.map(({ id }) => id));
      }
      return ids;
    },

    async touch(ids) {
      const touched = db.updateTable('groups').set((eb) => ({ revision: eb('revision', '+', 1) }));
      if (ids === 'all') await touched.execute();
      else for (const part of chunksOf(ids)) await touched.where('id', 'in', part).execute();
    },

    async revisions(ids) {
      const rows = await gathered(ids, (part) =>
        db.selectFrom('groups').select(['id', 'revision']).where('id', 'in', part).execute(),
      );
      return new Map(rows.map(({ id, revision }) => [id, revision]));
    },

    toLearn: (limit) =>
      db
        .selectFrom('groups')
        .select(['id', 'revision'])
        .where(sql<boolean>`revision != learnt`)
        .orderBy('id')
        .limit(limit)
        .execute(),

    async *eachPlace(part = partRows) {
      for (let last = 0; ; ) {
        const rows = await placed().where('id', '>', last).limit(part).execute();
        if (rows.length > 0) yield rows.map(placeOf);
        if (rows.length < part) return;
        last = rows.at(-1)!.id;
      }
    },

    async places() {
      const { first, last } = await db
        .selectFrom('groups')
        .select([
          sql<number | null>`(select min(id) from groups)`.as('first'),
          sql<number | null>`(select max(placed) from groups)`.as('last'),
        ])
        .limit(1)
        .executeTakeFirst()
        .then((row) => row ?? { first: 0, last: 0 });
      return { first: first ?? 0, last: last ?? 0 };
    },

    async placedAfter(last) {
      const rows = await db
        .selectFrom('groups')
        .select(['id', 'quality', 'z', 'squares'])
        .where('placed', '>', last)
        .execute();
      // Not by the statement: for that, SQLite would go through all groups in their order.
      return rows
        .toSorted((a, b) => a.id - b.id)
        .map((row) => ({ id: row.id, place: row.z === null ? null : placeOf(row) }));
    },

    async qualities(ids) {
      const rows = await gathered(ids, (part) =>
        db.selectFrom('groups').select(['id', 'quality']).where('id', 'in', part).execute(),
      );
      return new Map(rows.map(({ id, quality }) => [id, quality ?? 0]));
    },

    async learnt(id, revision, place, number) {
      await db
        .updateTable('groups')
        .set({
          learnt: revision,
          placed: number,
          z: place && toHalfFloats(place.z),
          squares: place && toHalfFloats(place.squares),
          quality: place && place.quality,
        })
        .where('id', '=', id)
        .execute();
    },

    async guess(id, person, probability) {
      await db.updateTable('groups').set({ guess: person, probability }).where('id', '=', id).execute();
    },

    async guessed(person, probability) {
      const rows = await db
        .selectFrom('candidates')
        .innerJoin('groups', 'groups.id', 'candidates.grp')
        .select('groups.id')
        .where('candidates.person', '=', person)
        .where((eb) => eb.or([eb('guess', '=', person), eb('probability', '>=', probability)]))
        .execute();
      return rows.map(({ id }) => id);
    },

    async candidates(ids) {
      const rows = await gathered(ids, (part) =>
        db.selectFrom('candidates').selectAll().where('grp', 'in', part).execute(),
      );
      return rows.map(({ grp, person, odds }) => ({ group: grp, person, odds }));
    },

    async withCandidates() {
      const rows = await db.selectFrom('candidates').select('grp').distinct().orderBy('grp').execute();
      return rows.map(({ grp }) => grp);
    },

    async likeliest(person, odds) {
      const rows = await db
        .selectFrom('candidates')
        .select('grp')
        .where('person', '=', person)
        .where('odds', '>=', odds)
        .execute();
      return rows.map(({ grp }) => grp);
    },

    async setCandidates(groups, candidates) {
      for (const part of chunksOf(groups)) {
        await db.deleteFrom('candidates').where('grp', 'in', part).execute();
      }
      await insert(candidates);
    },

    async setCandidatesOf(person, candidates) {
      await db.deleteFrom('candidates').where('person', '=', person).execute();
      await insert(candidates);
    },

    async unnamed(limit, least) {
      const groups = await counted('nameless')
        .where('nameless', '>=', Math.max(1, least))
        .orderBy('nameless', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return withPhotos(groups, unknown);
    },

    async countUnnamed(least) {
      const { n } = await db
        .selectFrom('groups')
        .select((eb) => eb.fn.countAll<number | string>().as('n'))
        .where('nameless', '>=', Math.max(1, least))
        .executeTakeFirstOrThrow();
      return Number(n);
    },

    async suggested(limit) {
      const groups = await counted('suggested')
        // Written out: an index that leaves out rows is not taken for a parameter.
        .where('suggested', '>', sql.lit(0))
        .orderBy(sql`suggested * coalesce(probability, 0)`, 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return withPhotos(groups, ['suggested']);
    },

    async summary(id) {
      const row = await db
        .selectFrom('answers')
        .innerJoin('groups', 'groups.id', 'answers.grp')
        .select((eb) => [
          'groups.id as id',
          'groups.guess as guess',
          'groups.probability as probability',
          eb.fn.countAll<number | string>().as('faces'),
          eb.fn.count<number | string>('answers.photo').distinct().as('photos'),
        ])
        .where('groups.id', '=', id)
        .groupBy(['groups.id', 'groups.guess', 'groups.probability'])
        .executeTakeFirst();
      return row && { ...row, faces: Number(row.faces), photos: Number(row.photos) };
    },

    async removeEmpty() {
      const empty = db
        .selectFrom('groups')
        .select('id')
        .where('id', 'not in', (eb) => eb.selectFrom('answers').select('grp').where('grp', 'is not', null));
      await db.deleteFrom('candidates').where('grp', 'in', empty).execute();
      await db.deleteFrom('groups').where('id', 'in', empty).execute();
    },
  };
}

function placeOf(row: {
  readonly id: number;
  readonly quality: number | null;
  readonly z: Bytes | null;
  readonly squares: Bytes | null;
}): GroupPlace {
  const { id, quality, z, squares } = row;
  return { id, quality: quality ?? 0, z: fromHalfFloats(z!), squares: fromHalfFloats(squares!) };
}
