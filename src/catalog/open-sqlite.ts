/** A catalog in one file: SQLite, through libsql. */

import { existsSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type Dialect, type Driver, Kysely, SqliteDialect, sql } from 'kysely';
import type Database from 'libsql';
import { reasonOf, WhosinError } from '../errors.ts';
import { type Catalog, catalogOn } from './catalog.ts';
import { migrate, schemaOf, schemaVersion, sqliteDialect } from './migrations.ts';
import type { Counters } from './rows-table.ts';
import type { Schema } from './schema.ts';
import { isBusy, sqliteFailure } from './sqlite-errors.ts';
import { noteSqliteFile } from './sqlite-files.ts';

/** How long somebody else may write before this process gives up; batches of a scan take parts of a second. */
const longestWait = 60_000;

/** The id that `file` shows of it: "whos" in ASCII. */
const applicationId = 0x77686f73;

export interface SqliteOptions {
  /** Make it where it is not there; else `not-found` is thrown. */
  readonly create?: boolean;
}

/**
 * @param path in a folder that is there
 * @throws WhosinError `not-found`, `cannot-write`, `not-an-album`, `album-too-new` or `in-use`
 */
export async function openSqliteCatalog(
  path: string,
  { create = true }: SqliteOptions = {},
): Promise<Catalog> {
  if (!create && !existsSync(path)) {
    throw WhosinError.about('not-found', path, 'is not there: make an album with `whosin album add`');
  }
  const failure = (error: unknown): unknown => sqliteFailure(error, path);
  const db = new Kysely<Schema>({ dialect: immediateDialect(path) });
  try {
    await prepare(db, path);
  } catch (error) {
    await db.destroy();
    throw failure(error);
  }
  const opened = identityOf(path);
  return catalogOn(db, {
    place: path,
    failure,
    // Its transactions begin with it.
    async lock() {},
    counters,
    async confirm() {
      // SQLite goes on writing to a file that was removed, and nobody finds there again what was said.
      if (identityOf(path) === opened) return;
      throw WhosinError.about(
        'cannot-write',
        path,
        'was removed or replaced while whosin had it open: nothing more is written; end this whosin and start it again',
      );
    },
    async check() {
      const found = await sql<{ readonly integrity_check: string }>`pragma integrity_check`.execute(db);
      const loose = await sql<{ readonly table: string }>`pragma foreign_key_check`.execute(db);
      return [
        ...found.rows.map((row) => row.integrity_check).filter((line) => line !== 'ok'),
        ...loose.rows.map(({ table }) => `a row of ${table} belongs to nothing`),
      ];
    },
    async close() {
      // libsql lets go of the file when it likes: whoever copies it now finds everything in it, and not in the log beside.
      await sql`pragma wal_checkpoint(truncate)`.execute(db).catch(() => {});
      await db.destroy();
    },
    // Its statements are written for indexes that it takes without knowing how many rows there are.
    async survey() {},
    async scrub() {
      // Removed rows are written over, and leave the log that is read beside the file.
      await sql`pragma wal_checkpoint(truncate)`.execute(db);
      await sql`vacuum`.execute(db);
      await sql`pragma wal_checkpoint(truncate)`.execute(db);
    },
  });
}

/** SQLite's own table of them, which a row with a number of its own moves on as well. */
const counters: Counters = {
  async get(db, table) {
    const { rows } = await sql<{ readonly seq: number }>`
      select seq from sqlite_sequence where name = ${table}
    `.execute(db);
    return rows[0]?.seq ?? 0;
  },
  async set(db, table, last) {
    await sql`delete from sqlite_sequence where name = ${table}`.execute(db);
    await sql`insert into sqlite_sequence (name, seq) values (${table}, ${last})`.execute(db);
  },
};

/** Undefined if it is not there. */
function identityOf(path: string): string | undefined {
  // In place: it is asked before every transaction, and SQLite reads that file in place too.
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}

async function connect(path: string): Promise<Database.Database> {
  // Loaded here, so that a program that opens no album loads no database.
  const { default: Sqlite } = await import('libsql');
  noteSqliteFile();
  // Waits inside SQLite hold the whole process up: they are short, and `begin` is tried again from outside.
  return new Sqlite(path, { timeout: 50 });
}

async function prepare(db: Kysely<Schema>, path: string): Promise<void> {
  const tables = await sql<{
    readonly name: string;
  }>`select name from sqlite_master where type = 'table'`.execute(db);
  const names = tables.rows.map(({ name }) => name);
  if (names.length > 0 && !names.includes('meta')) {
    throw WhosinError.about('not-an-album', path, 'is no album: it is a database of another program');
  }
  const version = names.length > 0 ? await schemaOf(db, path) : 0;
  // An embedding fills more than half of a page of the usual 4 KB; three of them fit here.
  if (version === 0) await sql`pragma page_size = 8192`.execute(db);
  // If the disk is read-only, it stays as it is, and can be read.
  await patiently(() => sql`pragma journal_mode = wal`.execute(db));
  // A person's word survives a power cut too.
  await sql`pragma synchronous = full`.execute(db);
  await sql`pragma foreign_keys = on`.execute(db);
  await sql`pragma temp_store = memory`.execute(db);
  await sql`pragma cache_size = -65536`.execute(db);
  if (version === schemaVersion) return;
  await db.transaction().execute(async (tx) => {
    await migrate(tx, sqliteDialect, path);
    await sql`pragma application_id = ${sql.lit(applicationId)}`.execute(tx);
  });
}

/** Kysely's own dialect, whose transactions take the right to write at once: one that began to read may not get it later. */
function immediateDialect(path: string): Dialect {
  let opened: Database.Database;
  const dialect = new SqliteDialect({
    database: async () => {
      opened = await connect(path);
      return opened;
    },
  });
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => immediateDriver(dialect.createDriver(), (sqlText) => opened.exec(sqlText)),
  };
}

/**
 * @param run without a statement of its own: libsql leaves one that was refused, because somebody else is writing, as it
 *   is, and then nothing can be committed ("SQL statements in progress")
 */
function immediateDriver(driver: Driver, run: (sqlText: string) => void): Driver {
  return {
    init: () => driver.init(),
    acquireConnection: () => driver.acquireConnection(),
    releaseConnection: (connection) => driver.releaseConnection(connection),
    destroy: () => driver.destroy(),
    async beginTransaction(_connection, { accessMode }) {
      await patiently(async () => run(accessMode === 'read only' ? 'begin' : 'begin immediate'));
    },
    async commitTransaction() {
      run('commit');
    },
    async rollbackTransaction() {
      try {
        run('rollback');
      } catch (error) {
        // SQLite has rolled back by itself where the disk is full; why is told by the first error.
        if (!reasonOf(error).includes('no transaction is active')) throw error;
      }
    },
  };
}

/** Again and again, for as long as somebody else is writing. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let waited = 0; ; ) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || waited >= longestWait) throw error;
      // Each for a different time, so that two who wait do not meet again and again.
      const wait = 5 + ((waited * 7 + process.pid) % 20);
      await pause(wait);
      waited += wait + 50;
    }
  }
}
