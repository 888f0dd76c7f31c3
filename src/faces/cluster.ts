/** Groups faces into people without any names: average-linkage clustering on the odds of being one person. */

import { type EnrolledFace, enrol, logLikelihoodRatio, type TwoCovariance } from '../learn/two-covariance.ts';

export interface UnnamedFace extends EnrolledFace {
  /** Faces of one photo are different people. */
  readonly photo: string;
}

type Apart = (a: number, b: number) => boolean;

/**
 * Joins two groups where it is four times likelier than not that they are one person. Before looking, a face
 * is any of the others with a chance of one in so many faces.
 *
 * @param apart whether two faces are different people for other reasons than their looks; those of one photo are
 * @returns groups of indices into `faces`, the largest first
 */
export function groupFaces(
  background: TwoCovariance,
  faces: readonly UnnamedFace[],
  apart: Apart = (a, b) => faces[a]!.photo === faces[b]!.photo,
): number[][] {
  const minOdds = Math.log(4 * faces.length);
  const templates = faces.map((face) => enrol(background, [face]));
  const odds = templates.map((template) =>
    faces.map(({ z, quality }) => quality * logLikelihoodRatio(template, z)),
  );
  let groups = faces.map((_, i) => [i]);
  for (;;) {
    const best = closestPair(apart, odds, groups);
    if (best === undefined || best.odds < minOdds) break;
    const merged = [...groups[best.a]!, ...groups[best.b]!];
    groups = [...groups.filter((_, i) => i !== best.a && i !== best.b), merged];
  }
  return groups
    .map((group) => group.toSorted((a, b) => a - b))
    .toSorted((a, b) => b.length - a.length || a[0]! - b[0]!);
}

function closestPair(
  apart: Apart,
  odds: readonly (readonly number[])[],
  groups: readonly (readonly number[])[],
): { readonly a: number; readonly b: number; readonly odds: number } | undefined {
  let best: { a: number; b: number; odds: number } | undefined;
  for (const [a, group] of groups.entries()) {
    for (let b = a + 1; b < groups.length; b++) {
      const other = groups[b]!;
      if (group.some((i) => other.some((j) => apart(i, j)))) continue;
      let sum = 0;
      for (const i of group) for (const j of other) sum += odds[i]![j]!;
      const mean = sum / (group.length * other.length);
      if (best === undefined || mean > best.odds) best = { a, b, odds: mean };
    }
  }
  return best;
}
