/** The groups that stand, each as the sum of its faces: made anew only of those whose faces have changed. */

import type { Tables } from '../../catalog/catalog.ts';
import type { StoredSum } from '../../catalog/group-sums-table.ts';
import { groupedBy } from '../../core/grouped.ts';
import { sumOfGroup } from '../../faces/people/group-album.ts';

export interface StandingSums {
  /** Those of groups with faces. */
  readonly sums: readonly StoredSum[];
  /** Those that were added up just now, to be stored; of groups without faces too. */
  readonly made: readonly StoredSum[];
}

export async function standingSums(tables: Tables, recipe: string): Promise<StandingSums> {
  const outdated = await tables.groupSums.outdated();
  const members = await tables.answers.inGroups(outdated.map(({ group }) => group));
  const groupOf = new Map(
    members.flatMap(({ face, grp, state }) => (state === 'not-a-face' ? [] : [[face, grp!] as const])),
  );
  const placed = await tables.faces.placed([...groupOf.keys()], recipe);
  const inGroup = groupedBy(placed, ({ id }) => groupOf.get(id)!);
  const made = outdated.map(({ group, revision }): StoredSum => {
    const faces = inGroup.get(group);
    return { group, revision, ...(faces ? sumOfGroup(faces) : nobody) };
  });
  const sums = [...(await tables.groupSums.current()), ...made].filter(({ faces }) => faces > 0);
  return { sums, made };
}

const nobody = { faces: 0, weight: 0, trust: 0, mean: new Float32Array(0) };
