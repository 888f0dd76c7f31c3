/** New faces among groups that stand, as far as nothing that was said speaks against it. */

import type { Tables } from '../../catalog/catalog.ts';
import type { PlacedFace } from '../../catalog/faces-table.ts';
import type { StoredSum } from '../../catalog/group-sums-table.ts';
import type { Faces } from '../../faces/open-faces.ts';
import type { StandingGroups } from '../../faces/people/group-album.ts';
import { collagePhotos, constraintsOf } from '../facts/constraints.ts';

export interface Growth {
  /** Adds the faces of one photo. */
  add(photo: readonly PlacedFace[]): void;
  /** The faces that were added, by group: its index among those that stood, or a new number after the last. */
  members(): ReadonlyMap<number, readonly PlacedFace[]>;
}

/** @param fresh all faces that will be added */
export async function openGrowth(
  tables: Tables,
  faces: Faces,
  standing: readonly StoredSum[],
  groups: StandingGroups,
  fresh: readonly PlacedFace[],
): Promise<Growth> {
  const indexOf = new Map(standing.map(({ group }, index) => [group, index]));
  const collages = await collagePhotos(tables);
  const photosIn = await photosInGroups(tables, fresh, indexOf);
  const said = await saidOf(tables, faces, standing, indexOf, groups, fresh);
  const members = new Map<number, PlacedFace[]>();
  const addTogether = (photo: readonly PlacedFace[]): void => {
    const mayBe = (i: number, group: number): boolean => {
      const face = photo[i]!;
      const isTaken = !collages.has(face.photo) && photosIn.get(group)?.has(face.photo) === true;
      return !isTaken && said.mayBe(face.id, group);
    };
    for (const [i, group] of groups.add(photo, mayBe).entries()) {
      const face = photo[i]!;
      members.set(group, [...(members.get(group) ?? []), face]);
      photosIn.set(group, (photosIn.get(group) ?? new Set()).add(face.photo));
      said.joined(face.id, group);
    }
  };
  return {
    add(photo) {
      // A collage may show somebody twice.
      if (collages.has(photo[0]!.photo)) for (const face of photo) addTogether([face]);
      else addTogether(photo);
    },
    members: () => members,
  };
}

/** The photos of new faces that other faces of a group are in already. */
async function photosInGroups(
  tables: Tables,
  fresh: readonly PlacedFace[],
  indexOf: ReadonlyMap<number, number>,
): Promise<Map<number, Set<number>>> {
  const photosIn = new Map<number, Set<number>>();
  const photos = [...new Set(fresh.map((face) => face.photo))];
  for (const { grp, photo, state } of await tables.answers.inPhotos(photos)) {
    const group = grp === null || state === 'not-a-face' ? undefined : indexOf.get(grp);
    if (group !== undefined) photosIn.set(group, (photosIn.get(group) ?? new Set()).add(photo));
  }
  return photosIn;
}

interface SaidOfGroups {
  mayBe(face: number, group: number): boolean;
  joined(face: number, group: number): void;
}

/** Only faces that somebody spoke of can be told apart from others: most new ones are none of these. */
async function saidOf(
  tables: Tables,
  { background, reader }: Faces,
  standing: readonly StoredSum[],
  indexOf: ReadonlyMap<number, number>,
  groups: StandingGroups,
  fresh: readonly PlacedFace[],
): Promise<SaidOfGroups> {
  const spokenOf = new Set((await tables.mentions.about(fresh.map(({ id }) => id))).map(({ face }) => face));
  const spoken = fresh.filter(({ id }) => spokenOf.has(id));
  const near = [...new Set(spoken.flatMap((face) => groups.near(face)))];
  const answers = [
    ...(await tables.answers.inGroups(near.map((group) => standing[group]!.group))),
    ...(await tables.answers.of([...spokenOf])),
  ].filter(({ state }) => state !== 'not-a-face');
  const bound = await tables.faces.placed(
    answers.map(({ face }) => face),
    reader.recipe,
  );
  const ofFace = new Map(answers.map((answer) => [answer.face, answer]));
  const { apart, spoken: heard = [] } = await constraintsOf(tables, bound, ofFace, background);
  const heardIndex = new Map([...heard].map((i) => [bound[i]!.id, i]));
  const inGroup = new Map<number, number[]>();
  const join = (group: number | undefined, i: number): void => {
    if (group !== undefined) inGroup.set(group, [...(inGroup.get(group) ?? []), i]);
  };
  for (const i of heard) {
    const { grp } = ofFace.get(bound[i]!.id)!;
    join(grp === null ? undefined : indexOf.get(grp), i);
  }
  return {
    mayBe(face, group) {
      const i = heardIndex.get(face);
      return i === undefined || !(inGroup.get(group) ?? []).some((j) => apart!(i, j));
    },
    joined(face, group) {
      const i = heardIndex.get(face);
      if (i !== undefined) join(group, i);
    },
  };
}
