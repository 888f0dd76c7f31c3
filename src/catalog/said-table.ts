/** Everything said: appended and read. Nothing here changes an entry. */

import { type Kysely, type Selectable, sql } from 'kysely';
import { groupedBy } from '../core/grouped.ts';
import { chunksOf, gathered } from './chunks.ts';
import type { FacePlace, Said, SaidEntry, SaidFace, SaidKind, SaidSource } from './said.ts';
import type { SaidFacesTable, SaidTable as SaidRows, Schema } from './schema.ts';

export interface SaidTable {
  /** When the next one is said: now, or right after the last one if the clock was put back. */
  next(now: number): Promise<number>;
  /** @returns their ids, in order */
  append(entries: readonly Said[]): Promise<number[]>;
  /** Those of these uids that are here. */
  known(uids: readonly string[]): Promise<ReadonlySet<string>>;
  byId(id: number): Promise<SaidEntry | undefined>;
  byUid(uid: string): Promise<SaidEntry | undefined>;
  /** Before an entry, the newest first. */
  newest(limit: number, before?: number): Promise<readonly SaidEntry[]>;
  /** After an entry, the oldest first. */
  after(id: number, limit: number): Promise<readonly SaidEntry[]>;
  count(): Promise<number>;
  /** The last entry of a user that counts and is no undo itself. */
  last(source: SaidSource, who: string): Promise<SaidEntry | undefined>;
  /** Entries that count, the oldest first. */
  ofKinds(kinds: readonly SaidKind[]): Promise<readonly SaidEntry[]>;
  /** The entries of a source that count, undos aside. */
  ofSource(source: SaidSource): Promise<readonly SaidEntry[]>;
  /** All that a source says about faces of these photos, whether it counts or not; undos aside. */
  about(sha256s: readonly string[], source: SaidSource): Promise<readonly SaidEntry[]>;
  /** A photo has another content now: what was said about its faces is said about those too. */
  alsoAbout(sha256: string, now: string): Promise<void>;
  /**
   * Faces that the machine had named with at least this probability when somebody spoke of them, as far as that counts:
   * how many there were, and how many were somebody else.
   */
  judged(probability: number): Promise<{ readonly judged: number; readonly corrected: number }>;
  /** Works out anew whether an entry counts, and those that it takes back. @returns those for which that changed */
  settleUndone(uid: string): Promise<readonly SaidEntry[]>;
  /** The same for all entries, from nothing. */
  settleAllUndone(): Promise<void>;
  /** Removes what was said about these photos: only where a person wants to have them forgotten altogether. */
  forget(sha256s: readonly string[]): Promise<void>;
}

type Row = Selectable<SaidRows> & { readonly back: number | null };

export function saidTable(db: Kysely<Schema>): SaidTable {
  const entries = () =>
    db
      .selectFrom('said')
      .leftJoin('undone', 'undone.said', 'said.id')
      .selectAll('said')
      .select('undone.said as back');
  const counting = () => entries().where('undone.said', 'is', null);

  const inTime = (rows: ReturnType<typeof counting>) => rows.orderBy('said.at').orderBy('said.uid');

  const withFaces = async (rows: readonly Row[]): Promise<SaidEntry[]> => {
    const faces = await gathered(
      rows.map(({ id }) => id),
      (part) => db.selectFrom('said_faces').selectAll().where('said', 'in', part).orderBy('id').execute(),
    );
    const ofEntry = groupedBy(faces, ({ said }) => said);
    return rows.map((row) => entryOf(row, (ofEntry.get(row.id) ?? []).map(saidFace)));
  };
  const one = async (column: 'id' | 'uid', value: number | string): Promise<SaidEntry | undefined> => {
    const rows = await entries().where(`said.${column}`, '=', value).execute();
    return (await withFaces(rows))[0];
  };

  const settleUndone = async (uid: string): Promise<SaidEntry[]> => {
    const changed: SaidEntry[] = [];
    // An undo that is taken back gives back what it took: along the chain.
    for (let next: string | undefined = uid; next !== undefined; ) {
      const entry = await one('uid', next);
      if (entry === undefined) break;
      const undoing = await counting().where('undoes', '=', next).limit(1).execute();
      const undone = undoing.length > 0;
      if (undone === entry.undone) break;
      if (undone) await db.insertInto('undone').values({ said: entry.id }).execute();
      else await db.deleteFrom('undone').where('said', '=', entry.id).execute();
      changed.push({ ...entry, undone });
      next = entry.undoes;
    }
    return changed;
  };
  /** With the undos of them, and the undos of those. */
  const removeEntries = async (
    gone: readonly { readonly id: number; readonly uid: string }[],
  ): Promise<void> => {
    if (gone.length === 0) return;
    const undos = await gathered(gone, (part) =>
      db
        .selectFrom('said')
        .select(['id', 'uid'])
        .where(
          'undoes',
          'in',
          part.map(({ uid }) => uid),
        )
        .execute(),
    );
    await removeEntries(undos);
    for (const part of chunksOf(gone.map(({ id }) => id))) {
      await db.deleteFrom('undone').where('said', 'in', part).execute();
      await db.deleteFrom('said').where('id', 'in', part).execute();
    }
  };
  /** Entries about those of these people of whom no face is spoken of any more. */
  const aboutNobody = async (uids: readonly string[]) => {
    const spoken = await gathered(uids, (part) =>
      db
        .selectFrom('said')
        .innerJoin('said_faces', 'said_faces.said', 'said.id')
        .select('said.person')
        .distinct()
        .where('said.person', 'in', part)
        .execute(),
    );
    const known = new Set(spoken.map(({ person }) => person));
    return gathered(
      uids.filter((uid) => !known.has(uid)),
      (part) =>
        db
          .selectFrom('said')
          .select(['id', 'uid'])
          .where((eb) => eb.or([eb('person', 'in', part), eb('other', 'in', part)]))
          .execute(),
    );
  };

  return {
    async next(now) {
      const { at } = await db
        .selectFrom('said')
        .select((eb) => eb.fn.max('at').as('at'))
        .executeTakeFirstOrThrow();
      return at === null ? now : Math.max(now, at + 1);
    },

    async append(given) {
      const ids: number[] = [];
      for (const { uid, at, who, source, kind, person, other, undoes, date, faces } of given) {
        const { id } = await db
          .insertInto('said')
          .values({
            uid,
            at,
            who,
            source,
            kind,
            person: person?.uid ?? null,
            name: person?.name ?? null,
            other: other ?? null,
            undoes: undoes ?? null,
            date: date ?? null,
          })
          .returning('id')
          .executeTakeFirstOrThrow();
        ids.push(id);
        for (const part of chunksOf(faces, 500)) {
          await db
            .insertInto('said_faces')
            .values(part.map((face) => ({ said: id, ...rowOf(face) })))
            .execute();
        }
      }
      return ids;
    },

    async known(uids) {
      const rows = await gathered(uids, (part) =>
        db.selectFrom('said').select('uid').where('uid', 'in', part).execute(),
      );
      return new Set(rows.map(({ uid }) => uid));
    },

    byId: (id) => one('id', id),
    byUid: (uid) => one('uid', uid),

    async newest(limit, before) {
      const all = entries().orderBy('said.id', 'desc').limit(limit);
      return withFaces(await (before === undefined ? all : all.where('said.id', '<', before)).execute());
    },

    async after(id, limit) {
      return withFaces(await entries().where('said.id', '>', id).orderBy('said.id').limit(limit).execute());
    },

    async count() {
      const { n } = await db
        .selectFrom('said')
        .select((eb) => eb.fn.countAll<number | string>().as('n'))
        .executeTakeFirstOrThrow();
      return Number(n);
    },

    async last(source, who) {
      const rows = await counting()
        .where('kind', '!=', 'undo')
        .where('source', '=', source)
        .where('who', '=', who)
        .orderBy('said.at', 'desc')
        .orderBy('said.uid', 'desc')
        .limit(1)
        .execute();
      return (await withFaces(rows))[0];
    },

    async ofKinds(kinds) {
      return withFaces(await inTime(counting().where('kind', 'in', kinds)).execute());
    },

    async ofSource(source) {
      return withFaces(
        await inTime(counting().where('source', '=', source).where('kind', '!=', 'undo')).execute(),
      );
    },

    async about(sha256s, source) {
      const rows = await gathered(sha256s, (part) =>
        entries()
          .where('source', '=', source)
          .where('kind', '!=', 'undo')
          .where('said.id', 'in', (eb) =>
            eb.selectFrom('said_faces').select('said').where('sha256', 'in', part),
          )
          .execute(),
      );
      return withFaces(rows);
    },

    async alsoAbout(sha256, now) {
      const rows = await db.selectFrom('said_faces').selectAll().where('sha256', '=', sha256).execute();
      const there = await db.selectFrom('said_faces').select('said').where('sha256', '=', now).execute();
      const known = new Set(there.map(({ said }) => said));
      const fresh = rows.filter(({ said }) => !known.has(said));
      for (const part of chunksOf(fresh, 500)) {
        await db
          .insertInto('said_faces')
          .values(part.map(({ id: _, ...row }) => ({ ...row, sha256: now, face: null })))
          .execute();
      }
    },

    async judged(probability) {
      const { judged, corrected } = await db
        .selectFrom('said_faces')
        .innerJoin('said', 'said.id', 'said_faces.said')
        .leftJoin('undone', 'undone.said', 'said.id')
        .select([
          sql<number | string>`count(*)`.as('judged'),
          sql<
            number | string | null
          >`sum(case when said.kind = 'is' and said.person = was then 0 else 1 end)`.as('corrected'),
        ])
        .where('undone.said', 'is', null)
        .where('said.kind', 'in', ['is', 'is-not', 'not-a-face', 'stranger'])
        .where('was_probability', '>=', probability)
        .executeTakeFirstOrThrow();
      return { judged: Number(judged), corrected: Number(corrected ?? 0) };
    },

    settleUndone,

    async settleAllUndone() {
      await db.deleteFrom('undone').execute();
      const undos = await db
        .selectFrom('said')
        .select('undoes')
        .where('undoes', 'is not', null)
        .orderBy('id')
        .execute();
      for (const { undoes } of undos) await settleUndone(undoes!);
    },

    async forget(sha256s) {
      const touched = await gathered(sha256s, (part) =>
        db.selectFrom('said_faces').select('said').distinct().where('sha256', 'in', part).execute(),
      );
      for (const part of chunksOf(sha256s)) {
        await db.deleteFrom('said_faces').where('sha256', 'in', part).execute();
      }
      const empty = await gathered([...new Set(touched.map(({ said }) => said))], (part) =>
        db
          .selectFrom('said')
          .select(['id', 'uid', 'person'])
          .where('id', 'in', part)
          .where('id', 'not in', (eb) => eb.selectFrom('said_faces').select('said'))
          .execute(),
      );
      await removeEntries(empty);
      await removeEntries(await aboutNobody(empty.flatMap(({ person }) => person ?? [])));
    },
  };
}

function entryOf(row: Row, faces: readonly SaidFace[]): SaidEntry {
  return {
    id: row.id,
    uid: row.uid,
    at: row.at,
    who: row.who,
    source: row.source as SaidSource,
    kind: row.kind as SaidKind,
    ...(row.person !== null && { person: { uid: row.person, name: row.name ?? '' } }),
    ...(row.other !== null && { other: row.other }),
    ...(row.undoes !== null && { undoes: row.undoes }),
    ...(row.date !== null && { date: row.date }),
    faces,
    undone: row.back !== null,
  };
}

export function placeOf({ sha256, left, top, width, height, time }: Selectable<SaidFacesTable>): FacePlace {
  const box = left === null ? null : { left, top: top!, width: width!, height: height! };
  return { sha256, box, time };
}

function saidFace(row: Selectable<SaidFacesTable>): SaidFace {
  return {
    ...placeOf(row),
    part: row.part,
    ...(row.face !== null && { face: row.face }),
    ...(row.was !== null && { was: { person: row.was, probability: row.was_probability ?? 0 } }),
  };
}

function rowOf({ sha256, box, time, part, was, face }: SaidFace) {
  return {
    part,
    sha256,
    left: box?.left ?? null,
    top: box?.top ?? null,
    width: box?.width ?? null,
    height: box?.height ?? null,
    time,
    was: was?.person ?? null,
    was_probability: was?.probability ?? null,
    face: face ?? null,
  };
}
