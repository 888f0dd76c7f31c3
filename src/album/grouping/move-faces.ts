/** Faces move from group to group. A group keeps its number as far as its faces stay together. */

import type { Answer } from '../../catalog/answers-table.ts';
import type { Tables } from '../../catalog/catalog.ts';

export interface Moved {
  /** So many faces changed their group. */
  readonly faces: number;
  /** The number of each cluster. */
  readonly groups: readonly number[];
}

/**
 * Puts the faces of each cluster into one group. Faces that are in a group and in no cluster leave it.
 *
 * @param answers of all faces that were looked at, as they are now
 */
export async function moveFaces(
  tables: Tables,
  clusters: readonly (readonly number[])[],
  answers: ReadonlyMap<number, Answer>,
): Promise<Moved> {
  const kept = keepNumbers(clusters, (face) => answers.get(face)?.grp ?? null);
  const fresh = await tables.groups.add(kept.filter((id) => id === null).length);
  const groups = kept.map((id) => id ?? fresh.shift()!);
  const changed: Answer[] = [];
  const touched = new Set<number>();
  const grouped = new Set<number>();
  for (const [c, cluster] of clusters.entries()) {
    const id = groups[c]!;
    for (const face of cluster) {
      const answer = answers.get(face);
      grouped.add(face);
      if (answer === undefined || answer.grp === id) continue;
      if (answer.grp !== null) touched.add(answer.grp);
      touched.add(id);
      changed.push({ ...answer, grp: id });
    }
  }
  for (const [face, answer] of answers) {
    if (grouped.has(face) || answer.grp === null || answer.state === 'not-a-face') continue;
    touched.add(answer.grp);
    changed.push({ ...answer, grp: null });
  }
  await tables.answers.save(changed);
  await tables.groups.touch([...touched]);
  return { faces: changed.length, groups };
}

/**
 * The number of the group from which most faces of each cluster come; each number once, the largest share first.
 *
 * @returns null for a cluster that is a new group
 */
function keepNumbers(
  clusters: readonly (readonly number[])[],
  groupOf: (face: number) => number | null,
): (number | null)[] {
  const shares = clusters.flatMap((cluster, c) => {
    const counts = new Map<number, number>();
    for (const face of cluster) {
      const group = groupOf(face);
      if (group !== null) counts.set(group, (counts.get(group) ?? 0) + 1);
    }
    return [...counts].map(([group, count]) => ({ c, group, count }));
  });
  const kept: (number | null)[] = clusters.map(() => null);
  const taken = new Set<number>();
  for (const { c, group } of shares.toSorted((a, b) => b.count - a.count || a.group - b.group || a.c - b.c)) {
    if (kept[c] !== null || taken.has(group)) continue;
    kept[c] = group;
    taken.add(group);
  }
  return kept;
}
