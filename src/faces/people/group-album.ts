/** Faces of an album become groups of one person each, by their looks and by what was said. */

import type { EnrolledFace, TwoCovariance } from '../../learn/odds/two-covariance.ts';
import { groupFaces } from './cluster.ts';

export interface GroupingConstraints {
  /** Whether two faces are two people, whatever they look like. */
  readonly apart: (a: number, b: number) => boolean;
  /** Faces that are one person, whatever they look like. */
  readonly together: readonly (readonly number[])[];
}

/** A face that is never clearer than this founds no group. */
const tooUnclear = 0.2;

/** @returns groups of indices, the largest first; faces too unclear to tell are in none unless they were said to be */
export function groupAlbum(
  background: TwoCovariance,
  faces: readonly EnrolledFace[],
  { apart, together }: GroupingConstraints,
): number[][] {
  const groups = groupFaces(
    background,
    faces.map((face) => ({ ...face, photo: '' })),
    apart,
  );
  const groupOf = new Map(groups.flatMap((group) => group.map((i) => [i, group] as const)));
  for (const [first, ...others] of together) {
    const group = groupOf.get(first!)!;
    for (const other of others) {
      const from = groupOf.get(other)!;
      if (from === group) continue;
      // The whole group comes along where nothing speaks against it, else the face alone.
      const moving = from.every((i) => group.every((j) => !apart(i, j))) ? [...from] : [other];
      for (const i of moving) {
        from.splice(from.indexOf(i), 1);
        group.push(i);
        groupOf.set(i, group);
      }
    }
  }
  const bound = new Set(together.flat());
  return groups
    .filter((group) => group.some((i) => bound.has(i) || faces[i]!.quality >= tooUnclear))
    .map((group) => group.toSorted((a, b) => a - b))
    .toSorted((a, b) => b.length - a.length || a[0]! - b[0]!);
}
