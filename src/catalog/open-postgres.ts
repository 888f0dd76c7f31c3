/** A catalog that many machines share: a schema of a PostgreSQL database, through pg. */

import { CompiledQuery, type Kysely as Db, Kysely, PostgresDialect, sql } from 'kysely';
import type { Pool } from 'pg';
import { WhosinError } from '../errors.ts';
import { type Catalog, catalogOn } from './catalog.ts';
import { migrate, postgresDialect, schemaOf, schemaVersion } from './migrations.ts';
import { type PostgresPlace, postgresPlace } from './postgres-address.ts';
import { isDeadlock, postgresFailure } from './postgres-errors.ts';
import { queueRoom } from './queue-room.ts';
import type { Counters } from './rows-table.ts';
import type { Schema } from './schema.ts';

export interface PostgresOptions {
  /** Make the schema and its tables where they are not there; else `not-found` is thrown. */
  readonly create?: boolean;
  /** How many connections are open at most. */
  readonly connections?: number;
}

/**
 * Rows in memory and on disks without moving parts cost no more in another order; machine code for a question that takes a
 * second costs half of one.
 */
const settings = 'set random_page_cost to 1.1; set jit to off';

/** How long somebody else may write before this process gives up; batches of a scan take parts of a second. */
const longestWait = '60s';

/** A machine that vanished in the middle of writing keeps the others waiting for no longer. */
const longestSilence = 600_000;

/**
 * @param address `postgres://user@host:5432/database`, as all of PostgreSQL's programs take it; `?album=NAME` for one
 *   of several albums in a database. A password may stand in it, in PGPASSWORD or in ~/.pgpass.
 * @throws WhosinError `usage`, `no-database`, `refused`, `not-found`, `not-an-album`, `album-too-new` or `in-use`
 */
export async function openPostgresCatalog(
  address: string,
  { create = true, connections = 8 }: PostgresOptions = {},
): Promise<Catalog> {
  const at = postgresPlace(address);
  const failure = (error: unknown): unknown => postgresFailure(error, at.place);
  const { db, pool } = await connect(at, connections);
  // One at a time for each album, whatever machine it is on: recipes read before they write.
  const lock = async (tx: Db<Schema>): Promise<void> => {
    await sql`select set_config('lock_timeout', ${longestWait}, true)`.execute(tx);
    await sql`select pg_advisory_xact_lock(hashtextextended(${`whosin ${at.schema}`}, 0))`.execute(tx);
  };
  try {
    await prepare(db, at, create, lock);
  } catch (error) {
    await db.destroy();
    throw failure(error);
  }
  return catalogOn(db, {
    place: at.place,
    lock,
    counters,
    failure,
    queueRoom: queueRoom(pool, at.schema, failure),
    async confirm() {},
    async check() {
      // Reads every row: PostgreSQL notices by itself what is damaged.
      for (const table of await tablesOf(db, at.schema)) {
        await sql`select count(whole) from ${sql.table(table)} as whole`.execute(db);
      }
      return [];
    },
    async scrub() {
      for (const table of await tablesOf(db, at.schema)) {
        await sql`vacuum full ${sql.table(table)}`.execute(db);
      }
    },
    async survey() {
      // PostgreSQL does it by itself a minute later, and takes ten times as long for each answer until then.
      for (const table of await tablesOf(db, at.schema)) {
        await sql`analyze ${sql.table(table)}`.execute(db);
      }
    },
    close: () => db.destroy(),
  });
}

const counters: Counters = {
  async get(db, table) {
    const { rows } = await sql<{ readonly last: string | null }>`
      select pg_sequence_last_value(pg_get_serial_sequence(${table}, 'id')::regclass)::text as last
    `.execute(db);
    return Number(rows[0]?.last ?? 0);
  },
  async set(db, table, last) {
    // A sequence that has given nothing begins with 1.
    await sql`
      select setval(pg_get_serial_sequence(${table}, 'id'), greatest(${last}::bigint, 1), ${last > 0}::boolean)
    `.execute(db);
  },
};

async function connect(
  { address, schema }: PostgresPlace,
  connections: number,
): Promise<{ readonly db: Kysely<Schema>; readonly pool: Pool }> {
  // Loaded here, so that only those who have such a database load it.
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: address,
    max: connections,
    application_name: 'whosin',
    connectionTimeoutMillis: 60_000,
    keepAlive: true,
    idle_in_transaction_session_timeout: longestSilence,
  });
  // A connection that breaks while nobody uses it is replaced; without a listener it would end the process.
  pool.on('error', () => {});
  // The same for one that breaks between two statements of a transaction: the next statement fails.
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({
      pool,
      onCreateConnection: async (connection) => {
        await connection.executeQuery(CompiledQuery.raw(`set search_path to "${schema}"; ${settings}`));
      },
    }),
  });
  return { db, pool };
}

async function prepare(
  db: Kysely<Schema>,
  { schema, place }: PostgresPlace,
  create: boolean,
  lock: (tx: Db<Schema>) => Promise<void>,
): Promise<void> {
  const tables = await tablesOf(db, schema);
  if (tables.length === 0 && !create) {
    throw WhosinError.about('not-found', place, 'holds no album: make one with `whosin album add`');
  }
  if (tables.length > 0 && !tables.includes('meta')) {
    throw WhosinError.about(
      'not-an-album',
      place,
      `is no album: its schema ${schema} belongs to another program`,
    );
  }
  if (tables.length > 0 && (await schemaOf(db, place)) === schemaVersion) return;
  const bringUp = (): Promise<void> =>
    db.transaction().execute(async (tx) => {
      await lock(tx);
      await sql`create schema if not exists ${sql.id(schema)}`.execute(tx);
      await migrate(tx, postgresDialect, place);
    });
  // Those who read meanwhile wait for it, unless it waits for them: then PostgreSQL stops one of the two.
  for (let left = 5; ; left--) {
    try {
      return await bringUp();
    } catch (error) {
      if (left === 0 || !isDeadlock(error)) throw error;
    }
  }
}

async function tablesOf(db: Kysely<Schema>, schema: string): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly name: string }>`
    select table_name as name from information_schema.tables where table_schema = ${schema} order by table_name
  `.execute(db);
  return rows.map(({ name }) => name);
}
