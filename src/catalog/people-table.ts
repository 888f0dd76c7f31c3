/** People, as they follow from what was said: may be made anew at any time. */

import type { Kysely, Selectable } from 'kysely';
import { chunksOf, gathered } from './chunks.ts';
import { inOrder, type SaidEntry } from './said.ts';
import type { PeopleTable as PeopleRows, Schema } from './schema.ts';

export type PersonRow = Selectable<PeopleRows>;

/** Entries about a person as such that count; the oldest first. */
export interface PersonEntry {
  readonly kind: string;
  readonly uid: string;
  readonly name: string;
  /** For `merge`: into whom. */
  readonly other: string | null;
  /** For `born` and `died`. */
  readonly date: string | null;
}

export interface SettledPerson {
  readonly uid: string;
  readonly name: string;
  readonly shown: string;
  readonly hidden: boolean;
  /** A uid. */
  readonly merged: string | null;
  readonly born: string | null;
  readonly died: string | null;
}

/** A person with what there is of them. */
export interface PersonSummary {
  readonly id: number;
  readonly uid: string;
  readonly shown: string;
  readonly hidden: boolean;
  readonly born: string | null;
  readonly died: string | null;
  readonly confirmed: number;
  readonly automatic: number;
  readonly photos: number;
}

export interface PeopleTable {
  all(): Promise<readonly PersonRow[]>;
  byIds(ids: readonly number[]): Promise<readonly PersonRow[]>;
  byUids(uids: readonly string[]): Promise<readonly PersonRow[]>;
  /** Who is shown by this name, to the letter; of several the first. */
  called(shown: string): Promise<PersonRow | undefined>;
  /** Those whose birth or death is known. */
  dated(): Promise<readonly PersonRow[]>;
  /** How many there are who were not merged into somebody else. */
  count(): Promise<number>;
  /** Names, renames, merges and the like: all that people follow from. The first naming of each person alone. */
  entries(): Promise<readonly PersonEntry[]>;
  /**
   * Puts these in place of those that there are; ids stay.
   *
   * @returns groups that somebody was a candidate for who is no longer there
   */
  settle(people: readonly SettledPerson[]): Promise<readonly number[]>;
  /** Whether anything that counts and is older than this entry gives its person a name. */
  isNamedBefore(entry: Pick<SaidEntry, 'at' | 'uid'>, person: string): Promise<boolean>;
  /** Those shown by a name, or by it and a number. */
  shownAs(name: string): Promise<readonly string[]>;
  /** People of whom nobody has spoken before. */
  add(people: readonly Pick<SettledPerson, 'uid' | 'name' | 'shown'>[]): Promise<void>;
  /** The faces that are confirmed to be them have changed. */
  touch(ids: readonly number[]): Promise<void>;
  /** Those whose likeness is not known up to now. */
  toLearn(): Promise<readonly PersonRow[]>;
  learnt(id: number, revision: number): Promise<void>;
  /** Those who have faces, the most frequent first. */
  summaries(): Promise<readonly PersonSummary[]>;
}

/** Kinds by which somebody gets a name. */
export const namings = ['is', 'is-not', 'not-sure', 'split'] as const;

export function peopleTable(db: Kysely<Schema>): PeopleTable {
  const all = () => db.selectFrom('people').selectAll().orderBy('id').execute();
  return {
    all,

    byIds: (ids) =>
      gathered(ids, (part) =>
        db.selectFrom('people').selectAll().where('id', 'in', part).orderBy('id').execute(),
      ),

    byUids: (uids) =>
      gathered(uids, (part) =>
        db.selectFrom('people').selectAll().where('uid', 'in', part).orderBy('id').execute(),
      ),

    called: (shown) =>
      db
        .selectFrom('people')
        .selectAll()
        .where('shown', '=', shown)
        .where('merged', 'is', null)
        .orderBy('id')
        .limit(1)
        .executeTakeFirst(),

    dated: () =>
      db
        .selectFrom('people')
        .selectAll()
        .where((eb) => eb.or([eb('born', 'is not', null), eb('died', 'is not', null)]))
        .orderBy('id')
        .execute(),

    async count() {
      const { n } = await db
        .selectFrom('people')
        .select((eb) => eb.fn.countAll<number | string>().as('n'))
        .where('merged', 'is', null)
        .executeTakeFirstOrThrow();
      return Number(n);
    },

    async entries() {
      const counting = () =>
        db.selectFrom('said').leftJoin('undone', 'undone.said', 'said.id').where('undone.said', 'is', null);
      const naming = () => counting().where('said.person', 'is not', null).where('said.kind', 'in', namings);
      const named = await naming()
        .selectAll('said')
        .innerJoin(
          naming()
            .select((eb) => ['said.person', eb.fn.min('said.at').as('at')])
            .groupBy('said.person')
            .as('first'),
          (join) => join.onRef('first.person', '=', 'said.person').onRef('first.at', '=', 'said.at'),
        )
        .execute();
      const changes = await counting()
        .selectAll('said')
        .where('said.person', 'is not', null)
        .where('said.kind', 'in', ['rename', 'merge', 'hide', 'show', 'born', 'died'])
        .execute();
      // Two namings may be of one moment.
      const firsts = new Map(
        named
          .toSorted(inOrder)
          .toReversed()
          .map((row) => [row.person, row]),
      );
      return [...firsts.values(), ...changes]
        .toSorted(inOrder)
        .map(({ kind, person, name, other, date }) => ({
          kind,
          uid: person!,
          name: name ?? '',
          other,
          date,
        }));
    },

    async settle(people) {
      const before = new Map((await all()).map((row) => [row.uid, row]));
      const uidOf = new Map([...before.values()].map(({ id, uid }) => [id, uid]));
      // One word changes one or two of a thousand people.
      const changed = people.filter(({ uid, name, shown, hidden, merged, born, died }) => {
        const old = before.get(uid);
        if (old === undefined || old.name !== name || old.shown !== shown) return true;
        if (old.born !== born || old.died !== died) return true;
        return (
          old.hidden !== Number(hidden) || (old.merged === null ? null : uidOf.get(old.merged)) !== merged
        );
      });
      for (const { uid, name, shown, hidden, born, died } of changed) {
        const row = { name, shown, hidden: hidden ? 1 : 0, born, died };
        const old = before.get(uid);
        // With another life they may be in other photos.
        const lives = old !== undefined && (old.born !== born || old.died !== died);
        const revision = lives ? { revision: old.revision + 1 } : {};
        await db
          .insertInto('people')
          .values({ uid, ...row, merged: null, revision: 1, learnt: 0 })
          .onConflict((oc) => oc.column('uid').doUpdateSet({ ...row, ...revision, merged: null }))
          .execute();
      }
      const ids = new Map(
        (await db.selectFrom('people').select(['id', 'uid']).execute()).map(({ id, uid }) => [uid, id]),
      );
      for (const { uid, merged } of changed) {
        if (merged === null) continue;
        await db
          .updateTable('people')
          .set({ merged: ids.get(merged) ?? null })
          .where('uid', '=', uid)
          .execute();
      }
      const kept = new Set(people.map(({ uid }) => uid));
      const left = [...ids].filter(([uid]) => !kept.has(uid)).map(([, id]) => id);
      const groups = new Set<number>();
      for (const part of chunksOf(left)) {
        const rows = await db.selectFrom('candidates').select('grp').where('person', 'in', part).execute();
        for (const { grp } of rows) groups.add(grp);
        await db.deleteFrom('candidates').where('person', 'in', part).execute();
        await db.deleteFrom('people').where('id', 'in', part).execute();
      }
      return [...groups];
    },

    async isNamedBefore({ at, uid }, person) {
      const row = await db
        .selectFrom('said')
        .leftJoin('undone', 'undone.said', 'said.id')
        .select('said.id')
        .where('undone.said', 'is', null)
        .where('said.person', '=', person)
        .where('said.kind', 'in', namings)
        .where((eb) => eb.or([eb('at', '<', at), eb.and([eb('at', '=', at), eb('uid', '<', uid)])]))
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    async shownAs(name) {
      const rows = await db
        .selectFrom('people')
        .select('shown')
        .where('merged', 'is', null)
        .where('shown', '>=', name)
        .where('shown', '<', `${name} (~`)
        .execute();
      return rows.map(({ shown }) => shown);
    },

    async add(people) {
      const row = { hidden: 0, merged: null, revision: 1, learnt: 0 };
      for (const part of chunksOf(people)) {
        await db
          .insertInto('people')
          .values(part.map((person) => ({ ...person, ...row })))
          .execute();
      }
    },

    async touch(ids) {
      for (const part of chunksOf(ids)) {
        await db
          .updateTable('people')
          .set((eb) => ({ revision: eb('revision', '+', 1) }))
          .where('id', 'in', part)
          .execute();
      }
    },

    toLearn: () =>
      db.selectFrom('people').selectAll().whereRef('revision', '!=', 'learnt').orderBy('id').execute(),

    async learnt(id, revision) {
      await db.updateTable('people').set({ learnt: revision }).where('id', '=', id).execute();
    },

    async summaries() {
      const rows = await db
        .selectFrom('people')
        .select(['id', 'uid', 'shown', 'hidden', 'born', 'died', 'confirmed', 'automatic', 'photos'])
        .where('photos', '>', 0)
        .execute();
      return rows
        .map((row) => ({ ...row, hidden: row.hidden === 1 }))
        .toSorted(
          (a, b) => b.confirmed + b.automatic - a.confirmed - a.automatic || (a.shown < b.shown ? -1 : 1),
        );
    },
  };
}
