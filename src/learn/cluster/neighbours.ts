/** Which faces may be one person: the pairs whose odds are high enough to matter. */

import type { EnrolledFace, TwoCovariance } from '../odds/two-covariance.ts';
import type { Evidence, GroupOdds } from './evidence.ts';
import type { Neighbours } from './near.ts';
import { scanForNeighbours } from './scan-neighbours.ts';

/** From so many faces on, most pairs are passed over after a glance. */
const manyFaces = 3000;

/** @param floor log odds of two faces by their looks */
export function findNeighbours(
  background: TwoCovariance,
  odds: GroupOdds,
  faces: readonly EnrolledFace[],
  singles: readonly Evidence[],
  floor: number,
): Neighbours {
  const scanned =
    faces.length < manyFaces ? undefined : scanForNeighbours(background, odds, faces, singles, floor);
  return scanned ?? allNeighbours(odds, singles, floor);
}

function allNeighbours(odds: GroupOdds, singles: readonly Evidence[], floor: number): Neighbours {
  const pairs: number[] = [];
  for (const [a, face] of singles.entries()) {
    for (let b = 0; b < a; b++) if (odds.looks(face, singles[b]!) >= floor) pairs.push(a, b);
  }
  return { pairs: Int32Array.from(pairs) };
}
