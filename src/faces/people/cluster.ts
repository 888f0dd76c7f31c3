/** Groups faces into people without any names: average-linkage clustering on the odds of being one person. */

import { type EnrolledFace, enrol, faceOdds, type TwoCovariance } from '../../learn/odds/two-covariance.ts';

export interface UnnamedFace extends EnrolledFace {
  /** Faces of one photo are different people. */
  readonly photo: string;
}

export type Apart = (a: number, b: number) => boolean;

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
  const linkage = openLinkage(oddsOfPairs(background, faces, apart), faces.length);
  for (;;) {
    const pair = linkage.closest();
    if (pair === undefined || pair.mean < minOdds) break;
    linkage.join(pair);
  }
  return linkage
    .groups()
    .map((group) => group.toSorted((a, b) => a - b))
    .toSorted((a, b) => b.length - a.length || a[0]! - b[0]!);
}

/** [faces × faces], each face against the template of each; −∞ where they are different people. */
function oddsOfPairs(background: TwoCovariance, faces: readonly UnnamedFace[], apart: Apart): Float64Array {
  const odds = new Float64Array(faces.length ** 2);
  for (const [i, face] of faces.entries()) {
    const template = enrol(background, [face]);
    for (const [j, other] of faces.entries()) {
      const differ = i < j ? apart(i, j) : apart(j, i);
      odds[i * faces.length + j] = differ ? Number.NEGATIVE_INFINITY : faceOdds(template, other);
    }
  }
  return odds;
}

/** Two groups, the earlier one first, and the mean odds between them. */
interface Pair {
  readonly a: number;
  readonly b: number;
  readonly mean: number;
}

interface Linkage {
  /** The two groups that are closest; of equals, those that came first. */
  closest(): Pair | undefined;
  /** The first one becomes a group of both, which comes after all others. */
  join(pair: Pair): void;
  groups(): number[][];
}

/**
 * Average linkage in about n² steps: the sums between groups are kept up to date (Lance & Williams, "A general theory
 * of classificatory sorting strategies", 1967), and of each group the closest later one, which is looked for anew
 * only where it was joined itself.
 *
 * @param sums [n × n], between faces, from the row to the column; they are changed
 */
function openLinkage(sums: Float64Array, n: number): Linkage {
  const members: (number[] | undefined)[] = Array.from({ length: n }, (_, i) => [i]);
  /** The groups that there are, from the first to the last. */
  let order = [...members.keys()];
  const means = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
  const partners = new Int32Array(n).fill(-1);
  const offer = (a: number, b: number): void => {
    const mean = sums[a * n + b]! / (members[a]!.length * members[b]!.length);
    if (mean > means[a]!) [means[a], partners[a]] = [mean, b];
  };
  const look = (at: number): void => {
    const a = order[at]!;
    [means[a], partners[a]] = [Number.NEGATIVE_INFINITY, -1];
    for (let later = at + 1; later < order.length; later++) offer(a, order[later]!);
  };
  for (const at of order.keys()) look(at);
  return {
    closest() {
      let best: Pair | undefined;
      for (const a of order) {
        if (partners[a]! >= 0 && means[a]! > (best?.mean ?? Number.NEGATIVE_INFINITY)) {
          best = { a, b: partners[a]!, mean: means[a]! };
        }
      }
      return best;
    },
    join({ a, b }) {
      members[a]!.push(...members[b]!);
      members[b] = undefined;
      order = [...order.filter((group) => group !== a && group !== b), a];
      for (const c of order) {
        sums[a * n + c]! += sums[b * n + c]!;
        if (c !== a) sums[c * n + a]! += sums[c * n + b]!;
      }
      for (const [at, c] of order.entries()) {
        if (c === a || partners[c] === a || partners[c] === b) look(at);
        else offer(c, a);
      }
    },
    groups: () => order.map((group) => members[group]!),
  };
}
