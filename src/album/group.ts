/** RECIPE: which faces are probably one person? Groups keep their numbers as far as their faces stay together. */

import type { Answer } from '../catalog/answers-table.ts';
import type { Tables } from '../catalog/catalog.ts';
import type { PlacedFace } from '../catalog/faces-table.ts';
import { groupAlbum } from '../faces/people/group-album.ts';
import { constraintsOf } from './constraints.ts';
import type { AlbumContext } from './context.ts';

/** Groups all faces that have none, or those of some groups anew. @returns how many faces changed their group */
export async function groupAnew(album: AlbumContext, groups?: readonly number[]): Promise<number> {
  const { catalog } = album;
  const { background, reader } = await album.faces();
  const found = await catalog.read(async (tables) => {
    const answers = groups ? await tables.answers.inGroups(groups) : await everyAnswer(tables);
    const ofFace = new Map(
      answers.filter(({ state }) => state !== 'not-a-face').map((answer) => [answer.face, answer]),
    );
    const faces = groups
      ? await tables.faces.placed([...ofFace.keys()], reader.recipe)
      : (await everyFace(tables, reader.recipe)).filter(({ id }) => ofFace.has(id));
    return { faces, constraints: await constraintsOf(tables, faces, ofFace, background) };
  });
  const { faces, constraints } = found;
  const clusters = groupAlbum(background, faces, constraints).map((own) => own.map((i) => faces[i]!.id));
  return catalog.write(async (tables) => {
    // Others may have been at work: what is known of a face now counts.
    const ids = faces.map(({ id }) => id);
    const now = new Map((await tables.answers.of(ids)).map((answer) => [answer.face, answer]));
    return moveFaces(tables, clusters, now);
  });
}

async function everyAnswer({ answers }: Tables): Promise<Answer[]> {
  const all: Answer[] = [];
  for await (const part of answers.each()) all.push(...part);
  return all;
}

async function everyFace({ faces }: Tables, recipe: string): Promise<PlacedFace[]> {
  const all: PlacedFace[] = [];
  for await (const part of faces.eachPlaced(recipe)) all.push(...part);
  return all;
}

async function moveFaces(
  tables: Tables,
  clusters: readonly (readonly number[])[],
  answers: ReadonlyMap<number, Answer>,
): Promise<number> {
  const kept = keepNumbers(clusters, (face) => answers.get(face)?.grp ?? null);
  const fresh = await tables.groups.add(kept.filter((id) => id === null).length);
  const changed: Answer[] = [];
  const touched = new Set<number>();
  const grouped = new Set<number>();
  for (const [c, cluster] of clusters.entries()) {
    const id = kept[c] ?? fresh.shift()!;
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
  return changed.length;
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
