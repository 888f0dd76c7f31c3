/** The accuracy of pairs whose threshold is chosen on other sets of them. */

import { fitCalibration } from '../../src/learn/odds/logistic-calibration.ts';

export interface ScoredPair {
  readonly score: number;
  readonly same: boolean;
}

/** One accuracy for each set, with the threshold that is best on the other sets. */
export function accuraciesOf(
  of: readonly (readonly ScoredPair[])[],
  thresholdOf: (others: readonly ScoredPair[]) => number,
): number[] {
  return of.map((set, i) => {
    const threshold = thresholdOf(othersOf(of, i));
    return set.filter((pair) => isRight(pair, threshold)).length / set.length;
  });
}

export function othersOf<T>(sets: readonly (readonly T[])[], i: number): T[] {
  return sets.filter((_, other) => other !== i).flat();
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** A face that was not found makes both answers wrong. */
export function isRight({ score, same }: ScoredPair, threshold: number): boolean {
  return Number.isFinite(score) && score >= threshold === same;
}

/** Half way between two scores; the lowest of the best. */
export function bestThreshold(from: readonly ScoredPair[]): number {
  const sorted = from.filter(({ score }) => Number.isFinite(score)).toSorted((a, b) => a.score - b.score);
  let right = sorted.filter(({ same }) => same).length;
  let best = { right, threshold: Number.NEGATIVE_INFINITY };
  for (const [i, { score, same }] of sorted.entries()) {
    right += same ? -1 : 1;
    const next = sorted[i + 1]?.score ?? Number.POSITIVE_INFINITY;
    if (next > score && right > best.right) best = { right, threshold: (score + next) / 2 };
  }
  return best.threshold;
}

export function evenThreshold(from: readonly ScoredPair[]): number {
  const detected = from.filter(({ score }) => Number.isFinite(score));
  const { scale, offset } = fitCalibration(
    detected.map((pair) => ({ ...pair, clarity: 1 })),
    0.5,
  );
  return -offset / scale;
}
