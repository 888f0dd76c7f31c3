/** Faces of an album become groups of one person each, by their looks and by what was said. */

import { clusterFaces } from '../../learn/cluster/cluster-faces.ts';
import { joinedSums, sumOfGroup } from '../../learn/cluster/evidence.ts';
import { type Grouped, openStandingGroups, type StandingGroups } from '../../learn/cluster/grow-groups.ts';
import type { Constraints } from '../../learn/cluster/linkage.ts';
import type { EnrolledFace, TwoCovariance } from '../../learn/odds/two-covariance.ts';

export type { Constraints, Grouped, StandingGroups };
export { joinedSums, openStandingGroups, sumOfGroup };

/** A face that is never clearer than this founds no group. */
const tooUnclear = 0.2;

/** Whether there is a face in it that is clear enough to be a group. */
export function foundsGroup(faces: readonly EnrolledFace[]): boolean {
  return faces.some(({ quality }) => quality >= tooUnclear);
}

export interface AlbumGrouping {
  /** Indices of faces, the largest group first; faces too unclear to tell are in none unless they were said to be. */
  readonly groups: readonly (readonly number[])[];
  /** The log odds from which two groups were joined. */
  readonly limit: number;
}

export function groupAlbum(
  background: TwoCovariance,
  faces: readonly EnrolledFace[],
  constraints: Constraints,
): AlbumGrouping {
  const bound = new Set(constraints.together?.flat());
  const { groups, limit } = clusterFaces(background, faces, constraints);
  return {
    groups: groups.filter(
      (group) => group.some((i) => bound.has(i)) || foundsGroup(group.map((i) => faces[i]!)),
    ),
    limit,
  };
}
