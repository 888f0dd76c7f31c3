/**
 * RECIPE: faces → groups of one person each. The same groups whatever the order of the faces, and no threshold to set: it
 * follows from the number of faces.
 */

import type { EnrolledFace, TwoCovariance } from '../odds/two-covariance.ts';
import { albumLimit } from './album-limit.ts';
import { openGroupOdds } from './evidence.ts';
import { type Constraints, openLinkage } from './linkage.ts';
import { findNeighbours } from './neighbours.ts';

/** Two faces that are less like each other by so much are of one group only if others are between them. */
const farthest = 7;

export interface Clustering {
  /** Indices of faces, the largest group first. */
  readonly groups: number[][];
  /** The log odds from which two groups were joined. */
  readonly limit: number;
}

export function clusterFaces(
  background: TwoCovariance,
  faces: readonly EnrolledFace[],
  constraints: Constraints,
): Clustering {
  const order = inOrderOfContent(faces, constraints.exclusive);
  const sorted = order.map((i) => faces[i]!);
  const odds = openGroupOdds(background);
  const singles = sorted.map(odds.single);
  const limit = albumLimit(faces.length);
  const neighbours = findNeighbours(background, odds, sorted, singles, limit - farthest);
  const linkage = openLinkage(odds, singles, neighbours, renumbered(constraints, order), limit);
  linkage.joinDownTo(limit);
  const groups = linkage
    .groups()
    .map(({ members }) => members.map((i) => order[i]!).toSorted((a, b) => a - b))
    .toSorted((a, b) => b.length - a.length || a[0]! - b[0]!);
  return { groups, limit };
}

/** Equal odds are decided by who comes first, and that is what the faces look like, not how they were found. */
function inOrderOfContent(faces: readonly EnrolledFace[], exclusive: Constraints['exclusive']): number[] {
  return [...faces.keys()].toSorted((a, b) => {
    const [one, other] = [faces[a]!, faces[b]!];
    for (let j = 0; j < one.z.length; j++) {
      const difference = one.z[j]! - other.z[j]!;
      if (difference !== 0) return difference;
    }
    return one.quality - other.quality || (exclusive[a] ?? -1) - (exclusive[b] ?? -1) || a - b;
  });
}

function renumbered(
  { exclusive, apart, spoken = [], together = [] }: Constraints,
  order: readonly number[],
): Constraints {
  const places = new Int32Array(order.length);
  for (const [place, i] of order.entries()) places[i] = place;
  return {
    exclusive: order.map((i) => exclusive[i]!),
    ...(apart && { apart: (a, b) => apart(order[a]!, order[b]!) }),
    spoken: Array.from(spoken, (i) => places[i]!),
    together: together.map((own) => own.map((i) => places[i]!)),
  };
}
