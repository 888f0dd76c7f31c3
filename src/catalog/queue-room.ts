/** Room for a queue of work beside an album, in a schema of its own: pg-boss makes its tables there. */

import type { Pool } from 'pg';
import type { Statements } from './statements.ts';

/** Numbers of jobs, of all recipes. */
export interface QueueState {
  readonly waiting: number;
  readonly active: number;
  /** Tried too often, and not yet listed in the album. */
  readonly dead: number;
  /** For how many seconds the oldest that is not done has been there. */
  readonly oldest: number;
}

export interface QueueRoom extends Statements {
  /** The schema of pg-boss, one for all albums of the database. */
  readonly schema: string;
  /** By this the queues of several albums are told apart. */
  readonly album: string;
  /** These jobs are under way still: nobody else takes them. */
  renew(queue: string, ids: readonly string[]): Promise<void>;
  state(): Promise<QueueState>;
}

/** Albums have schemas that begin otherwise. */
const schema = 'jobs_of_whosin';

/** @param failure the database's errors in whosin's words */
export function queueRoom(pool: Pool, album: string, failure: (error: unknown) => unknown): QueueRoom {
  // Not through Kysely: a connection on which several statements failed halfway is thrown away by the pool.
  const executeSql = async (text: string, values?: unknown[]): Promise<{ rows: unknown[] }> => {
    try {
      return await pool.query(text, values);
    } catch (error) {
      throw failure(error);
    }
  };
  return {
    schema,
    album,
    executeSql,
    async renew(queue, ids) {
      // This is what pg-boss 10 has no function for; a job is let go when it was begun too long ago.
      await executeSql(
        `update ${schema}.job set started_on = now() where name = $1 and id = any($2::uuid[]) and state = 'active'`,
        [queue, ids],
      );
    },

    async state() {
      const nothing = { waiting: 0, active: 0, dead: 0, oldest: 0 };
      const there = await executeSql('select to_regclass($1) is not null as is', [`${schema}.job`]);
      if (!(there.rows[0] as { readonly is: boolean }).is) return nothing;
      const { rows } = await executeSql(
        `select count(*) filter (where not dead and state in ('created', 'retry'))::integer as waiting,
           count(*) filter (where not dead and state = 'active')::integer as active,
           count(*) filter (where dead)::integer as dead,
           coalesce(extract(epoch from now() - min(created_on) filter (where not dead)), 0)::float as oldest
         from (
           select state, created_on, starts_with(name, $1 || '-dead-') as dead from ${schema}.job
           where starts_with(name, $1 || '-') and state in ('created', 'retry', 'active')
         ) as jobs`,
        [album],
      );
      return rows[0] as QueueState;
    },
  };
}
