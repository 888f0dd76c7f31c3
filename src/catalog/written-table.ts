/** Names that whosin has written into files: what it may take out again. */

import type { Kysely, Selectable } from 'kysely';
import type { Box } from '../core/geometry.ts';
import { chunksOf, gathered } from './chunks.ts';
import type { Schema, WrittenTable as WrittenRows } from './schema.ts';

export interface WrittenRow {
  readonly form: WrittenRows['form'];
  readonly name: string;
  /** In the upright photo; null for a name without a place. */
  readonly box: Box<'ratio'> | null;
  readonly made: boolean;
}

/** A name, and the file that it was written into. */
export interface WrittenInFile extends WrittenRow {
  readonly sha256: string;
  readonly file: string;
}

export interface WrittenTable {
  /** In files of these photos. */
  about(sha256s: readonly string[]): Promise<readonly WrittenInFile[]>;
  /** The photos of which there are any. */
  photos(): Promise<readonly string[]>;
  /** Puts these in place of the ones that a file of the photo has. @param file its name without the folder */
  set(sha256: string, file: string, names: readonly WrittenRow[]): Promise<void>;
  /** The photo has another content now, and the files beside it are the same. */
  alsoAbout(sha256: string, now: string): Promise<void>;
  forget(sha256s: readonly string[]): Promise<void>;
}

export function writtenTable(db: Kysely<Schema>): WrittenTable {
  const about = async (sha256s: readonly string[]): Promise<WrittenInFile[]> => {
    const rows = await gathered(sha256s, (part) =>
      db.selectFrom('written').selectAll().where('sha256', 'in', part).orderBy('id').execute(),
    );
    return rows.map(rowOf);
  };
  const set: WrittenTable['set'] = async (sha256, file, names) => {
    await db.deleteFrom('written').where('sha256', '=', sha256).where('file', '=', file).execute();
    for (const part of chunksOf(names, 500)) {
      const rows = part.map(({ form, name, box, made }) => ({
        sha256,
        file,
        form,
        name,
        made: made ? 1 : 0,
        left: box?.left ?? null,
        top: box?.top ?? null,
        width: box?.width ?? null,
        height: box?.height ?? null,
      }));
      await db.insertInto('written').values(rows).execute();
    }
  };
  return {
    about,

    async photos() {
      const rows = await db.selectFrom('written').select('sha256').distinct().execute();
      return rows.map(({ sha256 }) => sha256);
    },

    set,

    async alsoAbout(sha256, now) {
      const rows = await about([sha256]);
      for (const file of new Set(rows.map((row) => row.file))) {
        await set(
          now,
          file,
          rows.filter((row) => row.file === file),
        );
      }
    },

    async forget(sha256s) {
      for (const part of chunksOf(sha256s))
        await db.deleteFrom('written').where('sha256', 'in', part).execute();
    },
  };
}

function rowOf(row: Selectable<WrittenRows>): WrittenInFile {
  const { sha256, file, form, name, made, left, top, width, height } = row;
  const box = left === null ? null : { left, top: top!, width: width!, height: height! };
  return { sha256, file, form, name, box, made: made === 1 };
}
