/** RECIPE: a few new faces in a large album: each joins a group that stands or founds one, and no other face moves. */

import type { Answer } from '../../catalog/answers-table.ts';
import type { Tables } from '../../catalog/catalog.ts';
import type { PlacedFace } from '../../catalog/faces-table.ts';
import type { StoredSum } from '../../catalog/group-sums-table.ts';
import { groupedBy } from '../../core/grouped.ts';
import { foundsGroup, joinedSums, openStandingGroups, sumOfGroup } from '../../faces/people/group-album.ts';
import type { AlbumContext } from '../context.ts';
import { type Grouping, groupingOf, setGrouping } from '../facts/grouping.ts';
import { openGrowth } from './growth.ts';
import { standingSums } from './standing-groups.ts';

/**
 * @param fresh faces without a group
 * @returns whether they have groups now; not where somebody else has grouped faces meanwhile
 */
export async function growGroups(
  album: AlbumContext,
  fresh: readonly number[],
  grouping: Grouping,
): Promise<boolean> {
  const { catalog } = album;
  const whosin = await album.faces();
  const { recipe } = whosin.reader;
  const { faces, sums, made, growth } = await catalog.read(async (tables) => {
    const placed = await tables.faces.placed(fresh, recipe);
    const standing = await standingSums(tables, recipe);
    const groups = openStandingGroups(whosin.background, standing.sums, grouping);
    const open = await openGrowth(tables, whosin, standing.sums, groups, placed);
    return { ...standing, faces: placed, growth: open };
  });
  for (const photo of clearestFirst(faces)) growth.add(photo);
  return catalog.write(async (tables) => {
    const now = await groupingOf(tables);
    if (now === null || now.last !== grouping.last || now.grown !== grouping.grown) return false;
    await tables.groupSums.save(made);
    await join(tables, growth.members(), sums);
    const last = Math.max(grouping.last, ...fresh);
    await setGrouping(tables, { ...grouping, last, grown: grouping.grown + fresh.length });
    return true;
  });
}

/** Faces by photo. Clear faces found groups which unclear ones may join; of equals, what they look like decides. */
function clearestFirst(faces: readonly PlacedFace[]): readonly (readonly PlacedFace[])[] {
  const clearest = (photo: readonly PlacedFace[]): PlacedFace =>
    photo.reduce((best, face) => (face.quality > best.quality ? face : best));
  return [...groupedBy(faces, ({ photo }) => photo).values()].toSorted((a, b) => {
    const [one, other] = [clearest(a), clearest(b)];
    return other.quality - one.quality || one.z[0]! - other.z[0]! || one.id - other.id;
  });
}

async function join(
  tables: Tables,
  members: ReadonlyMap<number, readonly PlacedFace[]>,
  standing: readonly StoredSum[],
): Promise<void> {
  const faces = [...members.values()].flat();
  const answers = new Map((await tables.answers.of(faces.map(({ id }) => id))).map((own) => [own.face, own]));
  const joining = [...members].flatMap(([group, all]) => {
    const own = all.filter(({ id }) => isFree(answers.get(id)));
    return own.length > 0 && (group < standing.length || foundsGroup(own)) ? [{ group, own }] : [];
  });
  const fresh = await tables.groups.add(joining.filter(({ group }) => group >= standing.length).length);
  const joined = joining.map(({ group, own }) => {
    const before = standing[group];
    return { own, before, id: before?.group ?? fresh.shift()! };
  });
  const ids = joined.map(({ id }) => id);
  await tables.answers.save(
    joined.flatMap(({ own, id }) => own.map((face) => ({ ...answers.get(face.id)!, grp: id }))),
  );
  await tables.groups.touch(ids);
  const revisions = await tables.groups.revisions(ids);
  const sums = joined.flatMap(({ own, before, id }) => {
    const sum = sumOfGroup(own);
    const revision = revisions.get(id);
    if (before === undefined) return [{ group: id, revision: revision!, ...sum }];
    // If somebody has changed it meanwhile, it is added up the next time.
    return revision === before.revision + 1 ? [{ group: id, revision, ...joinedSums(before, sum) }] : [];
  });
  await tables.groupSums.save(sums);
}

function isFree(answer: Answer | undefined): boolean {
  return answer !== undefined && answer.grp === null && answer.state !== 'not-a-face';
}
