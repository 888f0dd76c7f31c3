/** RECIPE: which faces are probably one person? Groups keep their numbers as far as their faces stay together. */

import type { Answer } from '../../catalog/answers-table.ts';
import type { Tables } from '../../catalog/catalog.ts';
import type { PlacedFace } from '../../catalog/faces-table.ts';
import { groupAlbum, sumOfGroup } from '../../faces/people/group-album.ts';
import type { AlbumContext } from '../context.ts';
import { constraintsOf } from '../facts/constraints.ts';
import { setGrouping } from '../facts/grouping.ts';
import { moveFaces } from './move-faces.ts';

/** Groups all faces, or those of some groups, anew. @returns how many faces changed their group */
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
    const constraints = await constraintsOf(tables, faces, ofFace, background);
    return { faces, constraints, last: answers.at(-1)?.face ?? 0 };
  });
  const { faces, constraints, last } = found;
  const { groups: clusters, limit } = groupAlbum(background, faces, constraints);
  return catalog.write(async (tables) => {
    // Others may have been at work: what is known of a face now counts.
    const ids = faces.map(({ id }) => id);
    const now = new Map((await tables.answers.of(ids)).map((answer) => [answer.face, answer]));
    const moved = await moveFaces(
      tables,
      clusters.map((own) => own.map((i) => ids[i]!)),
      now,
    );
    if (groups === undefined) {
      await setGrouping(tables, { faces: faces.length, limit, last, grown: 0 });
      const revisions = await tables.groups.revisions(moved.groups);
      const isThere = (i: number): boolean => (now.get(ids[i]!)?.state ?? 'not-a-face') !== 'not-a-face';
      const sums = clusters.flatMap((own, c) => {
        const group = moved.groups[c]!;
        const sum = sumOfGroup(own.map((i) => faces[i]!));
        return own.every(isThere) ? [{ group, revision: revisions.get(group)!, ...sum }] : [];
      });
      await tables.groupSums.save(sums);
    }
    return moved.faces;
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
