/** The confirmed faces of each person added up, so that a group is compared with the likeliest people alone. */

import type { Kysely } from 'kysely';
import { fromHalfFloats, toHalfFloats } from '../core/half-float.ts';
import { chunksOf } from './chunks.ts';
import type { Schema } from './schema.ts';

export interface PersonSum {
  readonly person: number;
  /** The revision of the person when the faces were these. */
  readonly revision: number;
  /** 0: there is no face, and no mean. */
  readonly weight: number;
  readonly trust: number;
  readonly mean: Float32Array;
}

export interface PeopleSumsTable {
  all(): Promise<readonly PersonSum[]>;
  save(sums: readonly PersonSum[]): Promise<void>;
  /** Faces are seen with other eyes. */
  drop(): Promise<void>;
}

export function peopleSumsTable(db: Kysely<Schema>): PeopleSumsTable {
  return {
    async all() {
      const rows = await db.selectFrom('people_sums').selectAll().orderBy('person').execute();
      return rows.map(({ mean, ...sum }) => ({ ...sum, mean: fromHalfFloats(mean) }));
    },

    async drop() {
      await db.deleteFrom('people_sums').execute();
    },

    async save(sums) {
      for (const part of chunksOf(sums)) {
        await db
          .insertInto('people_sums')
          .values(part.map(({ mean, ...sum }) => ({ ...sum, mean: toHalfFloats(mean) })))
          .onConflict((oc) =>
            oc.column('person').doUpdateSet((eb) => ({
              revision: eb.ref('excluded.revision'),
              weight: eb.ref('excluded.weight'),
              trust: eb.ref('excluded.trust'),
              mean: eb.ref('excluded.mean'),
            })),
          )
          .execute();
      }
    },
  };
}
