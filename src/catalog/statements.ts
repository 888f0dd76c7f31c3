/** Statements of a queue that lies in the album's database: it is a library of its own, and brings its SQL. */

import { CompiledQuery, type Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** As pg-boss takes a database. */
export interface Statements {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

export function statementsOn(db: Kysely<Schema>): Statements {
  return {
    executeSql: async (text, values = []) => ({
      rows: (await db.executeQuery(CompiledQuery.raw(text, values))).rows,
    }),
  };
}
