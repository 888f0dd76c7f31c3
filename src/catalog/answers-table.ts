/** The answer for every face: by a person, by the machine, or by nobody. May be made anew at any time. */

import { type Kysely, type Selectable, sql } from 'kysely';
import { answerTotals, countChange, expectedWrong, miscounts, named, recount } from './answer-counts.ts';
import { chunksOf, gathered } from './chunks.ts';
import type { AnswerState, AnswersTable as AnswersRows, Schema } from './schema.ts';

export type Answer = Selectable<AnswersRows>;

/** Nobody has said who they are or set them aside. */
const open = ['automatic', 'suggested', 'ignored', 'unnamed'] as const;

export interface PersonYear {
  /** Four digits. */
  readonly year: string;
  /** So many photos and videos of that year show the person. */
  readonly photos: number;
  readonly face: number;
}

export interface AnswersTable {
  of(faces: readonly number[]): Promise<readonly Answer[]>;
  save(answers: readonly Answer[]): Promise<void>;
  /** How many more faces have a name than when this transaction began, as far as answers were saved in it. */
  gained(): number;
  /** All faces of these groups. */
  inGroups(groups: readonly number[]): Promise<readonly Answer[]>;
  /** Faces of these groups that nobody confirmed or set aside. */
  openInGroups(groups: readonly number[]): Promise<readonly Answer[]>;
  inPhotos(photos: readonly number[]): Promise<readonly Answer[]>;
  /** Faces that a person confirmed to be these people, at most so many of each: evenly, by their ids. */
  confirmed(
    people: readonly number[],
    most: number,
  ): Promise<readonly { readonly face: number; readonly person: number }[]>;
  /** Everybody who is confirmed or named, by person. */
  ofPerson(person: number, limit: number, after?: number): Promise<readonly Answer[]>;
  /** The clearest face of a person in each year, those that somebody confirmed before the others; the earliest first. */
  years(person: number): Promise<readonly PersonYear[]>;
  /** The clearest of the first faces of a person; one that somebody confirmed before all others. */
  clearest(person: number, among: number): Promise<number | undefined>;
  /** Every face with its group and state, by id, in parts. */
  each(part?: number): AsyncGenerator<readonly Answer[]>;
  /** Faces that have coordinates and no group, of those that came after this one. */
  ungrouped(after: number): Promise<readonly number[]>;
  setGroup(faces: readonly number[], group: number): Promise<void>;
  counts(): Promise<Readonly<Record<AnswerState, number>>>;
  /** All answers, groups, candidates and people. */
  drop(): Promise<void>;
  /** All counts of answers beside photos, people and groups anew; they are right unless somebody else wrote here. */
  recount(): Promise<void>;
  /** Sentences about counts that are wrong. */
  miscounts(): Promise<readonly string[]>;
  /** The share of automatic names that is expected to be wrong: their number, and 1 − probability summed up. */
  automatic(): Promise<{ readonly count: number; readonly doubt: number }>;
}

const partRows = 10_000;

export function answersTable(db: Kysely<Schema>): AnswersTable {
  const all = () => db.selectFrom('answers').selectAll();
  const of = (faces: readonly number[]): Promise<readonly Answer[]> =>
    gathered(faces, (part) => all().where('face', 'in', part).execute());
  let gained = 0;
  return {
    of,

    async save(answers) {
      for (const part of chunksOf(answers)) {
        const before = await of(part.map(({ face }) => face));
        gained += namedAmong(part) - namedAmong(before);
        await db
          .insertInto('answers')
          .values(part)
          .onConflict((oc) =>
            oc.column('face').doUpdateSet((eb) => ({
              photo: eb.ref('excluded.photo'),
              grp: eb.ref('excluded.grp'),
              state: eb.ref('excluded.state'),
              person: eb.ref('excluded.person'),
              probability: eb.ref('excluded.probability'),
              unsure: eb.ref('excluded.unsure'),
            })),
          )
          .execute();
        await countChange(db, before, part);
      }
    },

    gained: () => gained,

    inGroups: (groups) =>
      gathered(groups, (part) => all().where('grp', 'in', part).orderBy('face').execute()),

    openInGroups: (groups) =>
      gathered(groups, (part) =>
        all().where('grp', 'in', part).where('state', 'in', open).orderBy('face').execute(),
      ),

    inPhotos: (photos) => gathered(photos, (part) => all().where('photo', 'in', part).execute()),

    async confirmed(people, most) {
      const rows = await gathered(people, (part) =>
        db
          .selectFrom('answers')
          // One text for each: of a hundred thousand rows, drivers make objects one by one.
          .select((eb) => [
            eb.ref('person').$notNull().as('person'),
            sql<string>`string_agg(cast(face as text), ',')`.as('faces'),
          ])
          .where('person', 'in', part)
          // Written out: an index that leaves out rows is not taken for a parameter.
          .where('state', '=', sql.lit('confirmed'))
          .groupBy('person')
          .execute(),
      );
      return rows.flatMap(({ person, faces }) =>
        evenly(faces.split(',').map(Number), most).map((face) => ({ face, person })),
      );
    },

    ofPerson: (person, limit, after = 0) =>
      all()
        .where('person', '=', person)
        .where('state', 'in', ['confirmed', 'automatic'])
        // Not the column itself: SQLite would look through all faces above it for those of the person.
        .where(sql<number>`face + 0`, '>', after)
        .orderBy('face')
        .limit(limit)
        .execute(),

    async years(person) {
      const rows = await db
        .selectFrom((eb) =>
          eb
            .selectFrom('answers')
            .innerJoin('photos', 'photos.id', 'answers.photo')
            .innerJoin('faces', 'faces.id', 'answers.face')
            .select([
              'answers.face',
              'answers.photo',
              sql<string>`substr(photos.taken, 1, 4)`.as('year'),
              sql<number>`row_number() over (
                partition by substr(photos.taken, 1, 4)
                order by case when answers.state = 'confirmed' then 0 else 1 end, faces.quality desc, answers.face
              )`.as('n'),
            ])
            .where('answers.person', '=', person)
            .where('answers.state', 'in', ['confirmed', 'automatic'])
            .where('photos.taken', 'is not', null)
            .as('dated'),
        )
        .select([
          'year',
          sql<number | string>`count(distinct photo)`.as('photos'),
          sql<number>`min(case when n = 1 then face end)`.as('face'),
        ])
        .groupBy('year')
        .orderBy('year')
        .execute();
      return rows.map(({ year, photos, face }) => ({ year, photos: Number(photos), face }));
    },

    async clearest(person, among) {
      const first = db
        .selectFrom('answers')
        .select(['face', 'state'])
        .where('person', '=', person)
        // Written out: an index that leaves out rows is not taken for a parameter.
        .where(sql<boolean>`state in ('confirmed', 'automatic')`)
        .orderBy('face')
        .limit(among);
      const row = await db
        .selectFrom(first.as('first'))
        .innerJoin('faces', 'faces.id', 'first.face')
        .select('first.face')
        .orderBy(sql`case when first.state = 'confirmed' then 0 else 1 end`)
        .orderBy(sql`coalesce(faces.quality, 0)`, 'desc')
        .orderBy('first.face')
        .limit(1)
        .executeTakeFirst();
      return row?.face;
    },

    async *each(part = partRows) {
      for (let last = 0; ; ) {
        const rows = await all().where('face', '>', last).orderBy('face').limit(part).execute();
        if (rows.length > 0) yield rows;
        if (rows.length < part) return;
        last = rows.at(-1)!.face;
      }
    },

    async ungrouped(after) {
      const rows = await db
        .selectFrom('answers')
        .innerJoin('coordinates', 'coordinates.face', 'answers.face')
        .select('answers.face')
        .where('answers.face', '>', after)
        .where('answers.grp', 'is', null)
        .where('answers.state', 'in', [...open, 'confirmed'])
        .orderBy('answers.face')
        .execute();
      return rows.map(({ face }) => face);
    },

    async setGroup(faces, group) {
      for (const part of chunksOf(faces)) {
        const before = await of(part);
        await db.updateTable('answers').set({ grp: group }).where('face', 'in', part).execute();
        await countChange(
          db,
          before,
          before.map((answer) => ({ ...answer, grp: group })),
        );
      }
    },

    async counts() {
      const { states } = await answerTotals(db);
      const none = { confirmed: 0, automatic: 0, suggested: 0, ignored: 0, unnamed: 0, stranger: 0 };
      return { ...none, 'not-a-face': 0, ...states };
    },

    async drop() {
      for (const table of ['answers', 'candidates', 'groups', 'people'] as const) {
        await db.deleteFrom(table).execute();
      }
      await recount(db);
    },

    recount: () => recount(db),
    miscounts: () => miscounts(db),

    async automatic() {
      const totals = await answerTotals(db);
      return { count: totals.states.automatic ?? 0, doubt: expectedWrong(totals) };
    },
  };
}

function namedAmong(answers: readonly Answer[]): number {
  return answers.filter(({ state }) => named.includes(state)).length;
}

/** So many of them, from the lowest to the highest. */
function evenly(faces: readonly number[], most: number): readonly number[] {
  const total = faces.length;
  const sorted = faces.toSorted((a, b) => a - b);
  return sorted.filter((_, n) => total <= most || (total - ((n * most) % total)) % total < most);
}
