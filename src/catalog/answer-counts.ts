/**
 * Counts of answers, each beside what it is about: the faces of a photo, of a person, of a group, and of each state. They
 * change with the answers, within the same transaction, so that nobody counts a whole album to show a page.
 */

import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely';
import { chunksOf, gathered } from './chunks.ts';
import { metaTable } from './meta-table.ts';
import type { AnswerState, AnswersTable, Schema } from './schema.ts';

type Answer = Selectable<AnswersTable>;

/** So many answers with one of these states there are. */
interface Count {
  readonly column: string;
  readonly states: readonly AnswerState[];
  /** Faces of which somebody was not sure are left out. */
  readonly sure?: true;
}

interface CountedTable {
  readonly table: 'photos' | 'people' | 'groups';
  /** The column of an answer that names a row of the table. */
  readonly by: 'photo' | 'person' | 'grp';
  readonly counts: readonly Count[];
}

/** A person or the machine has said who they are. */
export const named: readonly AnswerState[] = ['confirmed', 'automatic'];

/** Somebody is seen, and nobody has a name for them. */
export const unknown: readonly AnswerState[] = ['unnamed', 'suggested'];

const seen: readonly AnswerState[] = [...named, ...unknown, 'ignored', 'stranger'];

const counted: readonly CountedTable[] = [
  {
    table: 'photos',
    by: 'photo',
    counts: [
      { column: 'faces', states: seen },
      { column: 'unknown', states: unknown },
    ],
  },
  {
    table: 'people',
    by: 'person',
    counts: [
      { column: 'confirmed', states: ['confirmed'] },
      { column: 'automatic', states: ['automatic'] },
    ],
  },
  {
    table: 'groups',
    by: 'grp',
    counts: [
      { column: 'nameless', states: unknown, sure: true },
      { column: 'suggested', states: ['suggested'], sure: true },
    ],
  },
];

/** Counts of the whole album. */
export interface AnswerTotals {
  readonly states: Readonly<Partial<Record<AnswerState, number>>>;
  /** Σ (1 − probability) of automatic names, in billionths: whole numbers add up alike in any order. */
  readonly doubt: number;
}

/** They stand in `meta` under this key. */
const totalsKey = 'answers';
const doubtParts = 1e9;

export async function answerTotals(db: Kysely<Schema>): Promise<AnswerTotals> {
  const stored = await metaTable(db).get(totalsKey);
  return stored === undefined ? { states: {}, doubt: 0 } : (JSON.parse(stored) as AnswerTotals);
}

/** So many automatic names are expected to be wrong. */
export function expectedWrong({ doubt }: AnswerTotals): number {
  return doubt / doubtParts;
}

/**
 * Brings the counts up to what the answers are now.
 *
 * @param before the answers that were changed or removed, as they were
 * @param after those that were added or changed, as they are
 */
export async function countChange(
  db: Kysely<Schema>,
  before: readonly Answer[],
  after: readonly Answer[],
): Promise<void> {
  for (const { table, by, counts } of counted) {
    const changes = new Map<number, number[]>();
    const add = (answer: Answer, sign: number): void => {
      const id = answer[by];
      if (id === null) return;
      const change = changes.get(id) ?? counts.map(() => 0);
      changes.set(id, change);
      for (const [i, count] of counts.entries()) if (isCounted(count, answer)) change[i]! += sign;
    };
    for (const answer of before) add(answer, -1);
    for (const answer of after) add(answer, 1);
    await addTo(
      db,
      table,
      counts.map(({ column }) => column),
      changes,
    );
  }
  await addTo(db, 'people', ['photos'], await changesOfPhotos(db, before, after));
  await changeTotals(db, before, after);
}

function isCounted({ states, sure }: Count, { state, unsure }: Answer): boolean {
  return states.includes(state) && (sure === undefined || unsure === 0);
}

async function addTo(
  db: Kysely<Schema>,
  table: string,
  columns: readonly string[],
  changes: ReadonlyMap<number, readonly number[]>,
): Promise<void> {
  const real = [...changes].filter(([, change]) => change.some((n) => n !== 0));
  const names = columns.map((column) => sql.ref(column));
  for (const part of chunksOf(real)) {
    // Written out: PostgreSQL takes parameters in a list of values for text.
    const rows = part.map(([id, change]) => sql`(${sql.join([id, ...change].map((n) => sql.lit(n)))})`);
    const sums = names.map((name) => sql`${name} = ${sql.table(table)}.${name} + change.${name}`);
    await sql`
      with change (id, ${sql.join(names)}) as (values ${sql.join(rows)})
      update ${sql.table(table)} set ${sql.join(sums)} from change where ${sql.table(table)}.id = change.id
    `.execute(db);
  }
}

/** The photos of a person: one in which the person has two faces counts once. */
async function changesOfPhotos(
  db: Kysely<Schema>,
  before: readonly Answer[],
  after: readonly Answer[],
): Promise<ReadonlyMap<number, readonly number[]>> {
  const faces = new Map<string, { readonly person: number; readonly photo: number; change: number }>();
  const add = ({ person, photo, state }: Answer, sign: number): void => {
    if (person === null || !named.includes(state)) return;
    const key = `${person} ${photo}`;
    const own = faces.get(key) ?? { person, photo, change: 0 };
    faces.set(key, own);
    own.change += sign;
  };
  for (const answer of before) add(answer, -1);
  for (const answer of after) add(answer, 1);
  const changed = [...faces.values()].filter(({ change }) => change !== 0);
  const people = [...new Set(changed.map(({ person }) => person))];
  const rows = await gathered([...new Set(changed.map(({ photo }) => photo))], (part) =>
    db
      .selectFrom('answers')
      .select((eb) => ['person', 'photo', eb.fn.countAll<number | string>().as('n')])
      .where('photo', 'in', part)
      // Not the column itself: SQLite would look through all faces of these people.
      .where(sql<number>`person + 0`, 'in', people)
      .where('state', 'in', named)
      .groupBy(['person', 'photo'])
      .execute(),
  );
  const now = new Map(rows.map(({ person, photo, n }) => [`${person} ${photo}`, Number(n)]));
  const changes = new Map<number, [number]>();
  for (const { person, photo, change } of changed) {
    const faceCount = now.get(`${person} ${photo}`) ?? 0;
    const isIn = Number(faceCount > 0) - Number(faceCount - change > 0);
    changes.set(person, [(changes.get(person)?.[0] ?? 0) + isIn]);
  }
  return changes;
}

async function changeTotals(
  db: Kysely<Schema>,
  before: readonly Answer[],
  after: readonly Answer[],
): Promise<void> {
  const states: Partial<Record<AnswerState, number>> = {};
  let doubt = 0;
  const add = ({ state, probability }: Answer, sign: number): void => {
    states[state] = (states[state] ?? 0) + sign;
    if (state === 'automatic') doubt += sign * Math.round((1 - (probability ?? 0)) * doubtParts);
  };
  for (const answer of before) add(answer, -1);
  for (const answer of after) add(answer, 1);
  const changes = Object.entries(states).filter(([, n]) => n !== 0) as [AnswerState, number][];
  if (changes.length === 0 && doubt === 0) return;
  const old = await answerTotals(db);
  const sums = { ...old.states };
  for (const [state, n] of changes) sums[state] = (sums[state] ?? 0) + n;
  await metaTable(db).set(totalsKey, JSON.stringify({ states: sums, doubt: old.doubt + doubt }));
}

/** All counts anew, from the answers. */
export async function recount(db: Kysely<Schema>): Promise<void> {
  for (const own of counted) {
    const sums = countsOf(own).map(([column, count]) => sql`${sql.ref(column)} = (${count})`);
    await sql`update ${sql.table(own.table)} set ${sql.join(sums)}`.execute(db);
  }
  await metaTable(db).set(totalsKey, JSON.stringify(await totalsAnew(db)));
}

/** Sentences about counts that are not what the answers come to. */
export async function miscounts(db: Kysely<Schema>): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const own of counted) {
    const differs = countsOf(own).map(([column, count]) => sql`${sql.ref(column)} != (${count})`);
    const { rows } = await sql<{ readonly n: number | string }>`
      select count(*) as n from ${sql.table(own.table)} where ${sql.join(differs, sql` or `)}
    `.execute(db);
    const n = Number(rows[0]!.n);
    if (n > 0) faults.push(`faces of ${n} ${own.table} are counted wrongly`);
  }
  const [stored, anew] = [await answerTotals(db), await totalsAnew(db)];
  const states = [...seen, 'not-a-face' as const];
  const isWrong = states.some((state) => (stored.states[state] ?? 0) !== (anew.states[state] ?? 0));
  // Databases round a half up or down.
  const most = anew.states.automatic ?? 0;
  if (isWrong || Math.abs(stored.doubt - anew.doubt) > most) faults.push('faces are counted wrongly');
  return faults;
}

/** Each column of counts, and the subquery that it follows from. */
function countsOf({ table, by, counts }: CountedTable): [string, RawBuilder<unknown>][] {
  const own = sql`answers.${sql.ref(by)} = ${sql.table(table)}.id`;
  const columns = counts.map(({ column, states, sure }): [string, RawBuilder<unknown>] => {
    const isSure = sure ? sql` and unsure = 0` : sql``;
    return [column, sql`select count(*) from answers where ${own} and state in (${listed(states)})${isSure}`];
  });
  const photos = sql`select count(distinct photo) from answers where ${own} and state in (${listed(named)})`;
  return table === 'people' ? [...columns, ['photos', photos]] : columns;
}

function listed(states: readonly AnswerState[]) {
  return sql.join(states.map((state) => sql.lit(state)));
}

async function totalsAnew(db: Kysely<Schema>): Promise<AnswerTotals> {
  const rows = await db
    .selectFrom('answers')
    .select((eb) => ['state', eb.fn.countAll<number | string>().as('n')])
    .groupBy('state')
    .execute();
  const doubt = await db
    .selectFrom('answers')
    .select(
      sql<number | string | null>`sum(round((1 - coalesce(probability, 0)) * ${sql.lit(doubtParts)}))`.as(
        'doubt',
      ),
    )
    .where('state', '=', 'automatic')
    .executeTakeFirstOrThrow();
  return {
    states: Object.fromEntries(rows.map(({ state, n }) => [state, Number(n)])),
    doubt: Number(doubt.doubt ?? 0),
  };
}
