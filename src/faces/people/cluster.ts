/** Groups faces into people without any names. */

import { clusterFaces } from '../../learn/cluster/cluster-faces.ts';
import type { EnrolledFace, TwoCovariance } from '../../learn/odds/two-covariance.ts';

export interface UnnamedFace extends EnrolledFace {
  /** Faces of one photo are different people. */
  readonly photo: string;
}

export type Apart = (a: number, b: number) => boolean;

/**
 * Faces that are probably one person, the same groups whatever the order of the faces. The odds from which groups are
 * joined follow from the number of faces.
 *
 * @param apart whether two faces are different people for other reasons than their looks; those of one photo are
 * @returns groups of indices into `faces`, the largest first
 */
export function groupFaces(
  background: TwoCovariance,
  faces: readonly UnnamedFace[],
  apart?: Apart,
): number[][] {
  if (apart) {
    const exclusive = faces.map(() => null);
    return clusterFaces(background, faces, { exclusive, apart, spoken: faces.keys() }).groups;
  }
  const photos = new Map(
    [...new Set(faces.map(({ photo }) => photo))].toSorted().map((photo, i) => [photo, i]),
  );
  return clusterFaces(background, faces, { exclusive: faces.map(({ photo }) => photos.get(photo)!) }).groups;
}
