/** All faces of each group added up, so that a face more is compared with groups and not with faces. */

import { type Kysely, sql } from 'kysely';
import { fromHalfFloats, toHalfFloats } from '../core/half-float.ts';
import { chunksOf } from './chunks.ts';
import type { Schema } from './schema.ts';

export interface StoredSum {
  readonly group: number;
  /** The revision of the group when its faces were these. */
  readonly revision: number;
  /** 0: then it has no mean. */
  readonly faces: number;
  readonly weight: number;
  readonly trust: number;
  readonly mean: Float32Array;
}

export interface GroupSumsTable {
  /** Those of groups whose faces have not changed since, by group. */
  current(): Promise<readonly StoredSum[]>;
  /** Groups whose faces have changed since, or that were never added up. */
  outdated(): Promise<readonly { readonly group: number; readonly revision: number }[]>;
  save(sums: readonly StoredSum[]): Promise<void>;
}

export function groupSumsTable(db: Kysely<Schema>): GroupSumsTable {
  return {
    async current() {
      const rows = await db
        .selectFrom('group_sums')
        .innerJoin('groups', (join) =>
          join.onRef('groups.id', '=', 'group_sums.grp').onRef('groups.revision', '=', 'group_sums.revision'),
        )
        .selectAll('group_sums')
        .orderBy('grp')
        .execute();
      return rows.map(({ grp, mean, ...sums }) => ({ group: grp, ...sums, mean: fromHalfFloats(mean) }));
    },

    outdated: () =>
      db
        .selectFrom('groups')
        .leftJoin('group_sums', 'group_sums.grp', 'groups.id')
        .select(['groups.id as group', 'groups.revision'])
        .where(sql<boolean>`group_sums.revision is null or group_sums.revision != groups.revision`)
        .orderBy('groups.id')
        .execute(),

    async save(sums) {
      for (const part of chunksOf(sums)) {
        await db
          .insertInto('group_sums')
          .values(part.map(({ group, mean, ...sum }) => ({ grp: group, ...sum, mean: toHalfFloats(mean) })))
          .onConflict((oc) =>
            oc.column('grp').doUpdateSet((eb) => ({
              revision: eb.ref('excluded.revision'),
              faces: eb.ref('excluded.faces'),
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
