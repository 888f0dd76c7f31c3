/** Files: where photos lie, how they were when they were read last, and which of them wait to be read. */

import { basename, dirname, join, sep } from 'node:path';
import { type Kysely, type Selectable, sql } from 'kysely';
import { groupedBy } from '../core/grouped.ts';
import { chunksOf, gathered } from './chunks.ts';
import type { PathsTable as PathsRows, Schema } from './schema.ts';
import { valueById } from './value-by-id.ts';

export type PathRow = Selectable<PathsRows>;

export interface FoundFile {
  readonly name: string;
  readonly state: string | null;
}

/** A file, the photo that it holds, and how the file was when it was read. */
export interface HeldPhoto {
  readonly id: number;
  readonly photo: number;
  readonly state: string | null;
}

export interface PathCounts {
  readonly pending: number;
  readonly gone: number;
  readonly failed: number;
}

export interface PathsTable {
  /** The files of a folder, by name. */
  inFolder(folder: string): Promise<ReadonlyMap<string, PathRow>>;
  /** Folders at or below this one. */
  foldersBelow(folder: string): Promise<readonly string[]>;
  /** Files that are new or have changed: they wait to be read. */
  await(folder: string, files: readonly FoundFile[]): Promise<void>;
  /** A file that changed its place only: it is the same file as another one was. */
  photosOfStates(states: readonly string[]): Promise<ReadonlyMap<string, number>>;
  setGone(ids: readonly number[], gone: boolean): Promise<void>;
  /** Reads this again: those whose photo was read with another recipe, or that could not be read. */
  awaitAgain(recipe: string): Promise<void>;
  /** Notes which photo each of these files holds. */
  hold(files: readonly HeldPhoto[]): Promise<void>;
  failed(id: number, code: string, reason: string, state: string | null): Promise<void>;
  counts(): Promise<PathCounts>;
  failures(
    limit: number,
  ): Promise<readonly { readonly path: string; readonly code: string; readonly reason: string }[]>;
  /** Paths of these photos, those that are there first. */
  ofPhotos(
    photos: readonly number[],
  ): Promise<ReadonlyMap<number, readonly { readonly path: string; readonly gone: boolean }[]>>;
  /** Files by their paths, or all that are gone. */
  find(paths: readonly string[] | 'gone'): Promise<readonly PathRow[]>;
  remove(ids: readonly number[]): Promise<void>;
  /** Names were read from these files when they were in these states; null: it may have changed since. */
  namesRead(files: readonly { readonly id: number; readonly state: string | null }[]): Promise<void>;
}

/** Each is looked for among all of them. */
const filesAtOnce = 200;

/** A file that waits no longer. */
export const settledPath = { pending: 0, sha256: null, claimed: null, claimer: null };

export function pathsTable(db: Kysely<Schema>): PathsTable {
  const folderId = async (path: string): Promise<number> => {
    const found = await db.selectFrom('folders').select('id').where('path', '=', path).executeTakeFirst();
    if (found) return found.id;
    return (await db.insertInto('folders').values({ path }).returning('id').executeTakeFirstOrThrow()).id;
  };
  const named = () =>
    db
      .selectFrom('paths')
      .innerJoin('folders', 'folders.id', 'paths.folder')
      .select('folders.path as folderPath');
  const counted = async (column: 'pending' | 'gone'): Promise<number> => {
    const { n } = await db
      .selectFrom('paths')
      .select((eb) => eb.fn.countAll<number | string>().as('n'))
      // Written out: an index that leaves out rows is not taken for a parameter.
      .where(column, '=', sql.lit(1))
      .executeTakeFirstOrThrow();
    return Number(n);
  };

  /** Notes of photos whether a file that is there holds them, so that a search of all need not look at files. */
  const notePresence = async (photos: readonly (number | null)[]): Promise<void> => {
    for (const part of chunksOf([...new Set(photos)].filter((photo) => photo !== null))) {
      await db
        .updateTable('photos')
        .set((eb) => ({
          absent: eb
            .case()
            .when(
              eb.exists(
                eb
                  .selectFrom('paths')
                  .select('paths.id')
                  .whereRef('paths.photo', '=', 'photos.id')
                  .where('paths.gone', '=', 0),
              ),
            )
            .then(eb.lit(0))
            .else(eb.lit(1))
            .end(),
        }))
        .where('id', 'in', part)
        .execute();
    }
  };
  const photosOf = async (ids: readonly number[]): Promise<(number | null)[]> => {
    const rows = await gathered(ids, (part) =>
      db.selectFrom('paths').select('photo').where('id', 'in', part).execute(),
    );
    return rows.map(({ photo }) => photo);
  };

  return {
    async inFolder(folder) {
      const rows = await db
        .selectFrom('paths')
        .innerJoin('folders', 'folders.id', 'paths.folder')
        .selectAll('paths')
        .where('folders.path', '=', folder)
        .execute();
      return new Map(rows.map((row) => [row.name, row]));
    },

    async foldersBelow(folder) {
      const below = folder.endsWith(sep) ? folder : folder + sep;
      // Databases count characters, and JavaScript an emoji as two.
      const { length } = Array.from(below);
      const rows = await db
        .selectFrom('folders')
        .select('path')
        .where((eb) =>
          eb.or([
            eb('path', '=', folder),
            eb(sql<string>`substr(${sql.ref('path')}, 1, ${sql.lit(length)})`, '=', below),
          ]),
        )
        .execute();
      return rows.map(({ path }) => path);
    },

    async await(folder, files) {
      const id = await folderId(folder);
      for (const part of chunksOf(files, 500)) {
        await db
          .insertInto('paths')
          .values(part.map(({ name, state }) => ({ folder: id, name, state, pending: 1, gone: 0 })))
          .onConflict((oc) =>
            oc.columns(['folder', 'name']).doUpdateSet((eb) => ({
              state: eb.ref('excluded.state'),
              pending: 1,
              gone: 0,
              sha256: null,
              claimed: null,
              claimer: null,
              code: null,
              reason: null,
            })),
          )
          .execute();
        const rows = await db
          .selectFrom('paths')
          .select('photo')
          .where('folder', '=', id)
          .where(
            'name',
            'in',
            part.map(({ name }) => name),
          )
          .where('photo', 'is not', null)
          .execute();
        await notePresence(rows.map(({ photo }) => photo));
      }
    },

    async photosOfStates(states) {
      const rows = await gathered(states, (part) =>
        db
          .selectFrom('paths')
          .select(['state', 'photo'])
          .where('state', 'in', part)
          .where('photo', 'is not', null)
          .where('pending', '=', 0)
          .execute(),
      );
      return new Map(rows.map(({ state, photo }) => [state!, photo!]));
    },

    async setGone(ids, gone) {
      for (const part of chunksOf(ids)) {
        await db
          .updateTable('paths')
          .set({ gone: gone ? 1 : 0, ...(gone && settledPath) })
          .where('id', 'in', part)
          .execute();
      }
      await notePresence(await photosOf(ids));
    },

    async awaitAgain(recipe) {
      await db
        .updateTable('paths')
        .set({ pending: 1, sha256: null, claimed: null, claimer: null })
        .where('gone', '=', 0)
        .where((eb) =>
          eb.or([
            eb('code', 'is not', null),
            eb('photo', 'in', (sub) => sub.selectFrom('photos').select('id').where('recipe', '!=', recipe)),
          ]),
        )
        .execute();
    },

    async hold(files) {
      for (const part of chunksOf(files, filesAtOnce)) {
        const ids = part.map(({ id }) => id);
        const held = new Set(part.map(({ photo }) => photo));
        const before = await photosOf(ids);
        await db
          .updateTable('paths')
          .set({ photo: valueById(part, ({ photo }) => photo) })
          .set({ state: valueById(part, ({ state }) => state) })
          .set({ ...settledPath, gone: 0, code: null, reason: null })
          .where('id', 'in', ids)
          .execute();
        await db
          .updateTable('photos')
          .set({ absent: 0 })
          .where('id', 'in', [...held])
          .where('absent', '=', 1)
          .execute();
        await notePresence(before.filter((photo) => photo !== null && !held.has(photo)));
      }
    },

    async failed(id, code, reason, state) {
      const before = await photosOf([id]);
      await db
        .updateTable('paths')
        .set({ photo: null, state, ...settledPath, code, reason })
        .where('id', '=', id)
        .execute();
      await notePresence(before);
    },

    async counts() {
      const { n } = await db
        .selectFrom('paths')
        .select((eb) => eb.fn.countAll<number | string>().as('n'))
        .where('code', 'is not', null)
        .where('gone', '=', sql.lit(0))
        .executeTakeFirstOrThrow();
      return { pending: await counted('pending'), gone: await counted('gone'), failed: Number(n) };
    },

    async failures(limit) {
      const rows = await named()
        .select(['paths.name', 'paths.code', 'paths.reason'])
        .where('paths.code', 'is not', null)
        .where('paths.gone', '=', sql.lit(0))
        .orderBy('paths.id')
        .limit(limit)
        .execute();
      return rows.map(({ folderPath, name, code, reason }) => ({
        path: join(folderPath, name),
        code: code!,
        reason: reason ?? '',
      }));
    },

    async ofPhotos(photos) {
      const rows = await gathered(photos, (part) =>
        named()
          .select(['paths.photo', 'paths.name', 'paths.gone'])
          .where('paths.photo', 'in', part)
          .orderBy('paths.gone')
          .orderBy('paths.id')
          .execute(),
      );
      return groupedPaths(rows);
    },

    async find(paths) {
      if (paths === 'gone') return db.selectFrom('paths').selectAll().where('gone', '=', 1).execute();
      const found: PathRow[] = [];
      for (const [folder, own] of groupedBy(paths, dirname)) {
        const rows = await gathered(own, (part) =>
          db
            .selectFrom('paths')
            .innerJoin('folders', 'folders.id', 'paths.folder')
            .selectAll('paths')
            .where('folders.path', '=', folder)
            .where(
              'paths.name',
              'in',
              part.map((path) => basename(path)),
            )
            .execute(),
        );
        found.push(...rows);
      }
      return found;
    },

    async namesRead(files) {
      for (const part of chunksOf(files, filesAtOnce)) {
        await db
          .updateTable('paths')
          .set({ names: valueById(part, ({ state }) => state) })
          .where(
            'id',
            'in',
            part.map(({ id }) => id),
          )
          .execute();
      }
    },

    async remove(ids) {
      const photos = await photosOf(ids);
      for (const part of chunksOf(ids)) await db.deleteFrom('paths').where('id', 'in', part).execute();
      await notePresence(photos);
    },
  };
}

function groupedPaths(
  rows: readonly {
    readonly photo: number | null;
    readonly folderPath: string;
    readonly name: string;
    readonly gone: number;
  }[],
): ReadonlyMap<number, readonly { readonly path: string; readonly gone: boolean }[]> {
  const groups = groupedBy(rows, ({ photo }) => photo!);
  return new Map(
    [...groups].map(([photo, own]) => [
      photo,
      own.map(({ folderPath, name, gone }) => ({ path: join(folderPath, name), gone: gone === 1 })),
    ]),
  );
}
