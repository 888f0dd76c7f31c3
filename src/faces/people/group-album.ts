/** Faces of an album become groups of one person each, by their looks and by what was said. */

import { clusterFaces } from '../../learn/cluster/cluster-faces.ts';
import type { Constraints } from '../../learn/cluster/linkage.ts';
import type { EnrolledFace, TwoCovariance } from '../../learn/odds/two-covariance.ts';

export type { Constraints };

/** A face that is never clearer than this founds no group. */
const tooUnclear = 0.2;

/** @returns groups of indices, the largest first; faces too unclear to tell are in none unless they were said to be */
export function groupAlbum(
  background: TwoCovariance,
  faces: readonly EnrolledFace[],
  constraints: Constraints,
): number[][] {
  const bound = new Set(constraints.together?.flat());
  return clusterFaces(background, faces, constraints).filter((group) =>
    group.some((i) => bound.has(i) || faces[i]!.quality >= tooUnclear),
  );
}
