/** Rows as they are, table by table: for a catalog that moves to another database. */

import { type Kysely, sql } from 'kysely';
import { chunksOf } from './chunks.ts';
import type { Schema } from './schema.ts';

export type TableName = keyof Schema;

/** By what the rows of a table are told apart. A table comes after those that its rows belong to. */
const keys: { readonly [Table in TableName]: readonly (keyof Schema[Table] & string)[] } = {
  meta: ['key'],
  folders: ['id'],
  photos: ['id'],
  paths: ['id'],
  faces: ['id'],
  coordinates: ['face'],
  embeddings: ['face'],
  stills: ['face'],
  sightings: ['face'],
  said: ['id'],
  said_faces: ['id'],
  undone: ['said'],
  written: ['id'],
  users: ['name'],
  people: ['id'],
  people_sums: ['person'],
  groups: ['id'],
  group_sums: ['grp'],
  candidates: ['grp', 'person'],
  answers: ['face'],
};

export const tableNames = Object.keys(keys) as readonly TableName[];

/** Tables whose rows get a number that is given once. */
const numbered = tableNames.filter((table) => keys[table][0] === 'id');

export type Row = Readonly<Record<string, unknown>>;

/** The last number that each of these tables gave. */
export interface Counters {
  get(db: Kysely<Schema>, table: TableName): Promise<number>;
  set(db: Kysely<Schema>, table: TableName, last: number): Promise<void>;
}

export interface RowsTable {
  count(table: TableName): Promise<number>;
  /** All rows, in the order of their keys, in parts. */
  each(table: TableName): AsyncGenerator<readonly Row[]>;
  put(table: TableName, rows: readonly Row[]): Promise<void>;
  lastNumbers(): Promise<ReadonlyMap<TableName, number>>;
  /** Later rows get higher numbers than these. */
  goOnFrom(numbers: ReadonlyMap<TableName, number>): Promise<void>;
}

/** An embedding takes 2 kB, a still some 10. */
const partRows = 1000;

export function rowsTable(typed: Kysely<Schema>, counters: Counters): RowsTable {
  // Every table is treated alike here, whatever its columns are.
  const db = typed as unknown as Kysely<Record<string, Record<string, unknown>>>;
  return {
    async count(table) {
      const { n } = await db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll<number | string>().as('n'))
        .executeTakeFirstOrThrow();
      return Number(n);
    },

    async *each(table) {
      const own = keys[table];
      const columns = sql.join(own.map((key) => sql.ref(key)));
      for (let last: Row | undefined; ; ) {
        const page = own.reduce(
          (query, key) => query.orderBy(key),
          db.selectFrom(table).selectAll().limit(partRows),
        );
        const after = last && sql<boolean>`(${columns}) > (${sql.join(own.map((key) => last![key]))})`;
        const rows = await (after ? page.where(after) : page).execute();
        if (rows.length > 0) yield rows.map(withBytes);
        if (rows.length < partRows) return;
        last = rows.at(-1);
      }
    },

    async put(table, rows) {
      for (const part of chunksOf(rows, 200)) await db.insertInto(table).values(part).execute();
    },

    async lastNumbers() {
      const numbers = new Map<TableName, number>();
      for (const table of numbered) numbers.set(table, await counters.get(typed, table));
      return numbers;
    },

    async goOnFrom(numbers) {
      for (const [table, last] of numbers) await counters.set(typed, table, last);
    },
  };
}

/** libsql gives `ArrayBuffer`, which no driver takes. */
function withBytes(row: Row): Row {
  const entries = Object.entries(row);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, value instanceof ArrayBuffer ? new Uint8Array(value) : value]),
  );
}
