/**
 * How likely two groups of faces are one person: the exact odds of the two-covariance model, which follow from counts and
 * sums (Brümmer & de Villiers, "The speaker partitioning problem", Odyssey 2010).
 */

import { crowdUnit, type EnrolledFace, type TwoCovariance } from '../odds/two-covariance.ts';

/** The person of a group, as far as they are known. */
export interface Evidence {
  readonly faces: number;
  /** Σ quality */
  readonly weight: number;
  /** The best quality: what rests on unclear faces alone shrinks towards odds of 1. */
  readonly trust: number;
  /** So many independent photos the group counts as. */
  readonly pieces: number;
  /** [k] The sum of these photos: the mean face so many times. */
  readonly sum: Float64Array;
  /** The part of the raw odds that this group gives alone. */
  readonly own: number;
}

/** A group, as it is stored: all that its evidence follows from. */
export interface GroupSum {
  readonly faces: number;
  /** Σ quality */
  readonly weight: number;
  /** The best quality. */
  readonly trust: number;
  /** [k] The mean face, each as far as it is clear. */
  readonly mean: Float32Array;
}

export interface GroupOdds {
  readonly single: (face: EnrolledFace) => Evidence;
  readonly group: (sum: GroupSum) => Evidence;
  readonly joined: (a: Evidence, b: Evidence) => Evidence;
  /** Log odds that both are one person, from their looks. */
  readonly looks: (a: Evidence, b: Evidence) => number;
  /** The same, from their sizes too; −∞ for two groups of unclear faces. */
  readonly odds: (a: Evidence, b: Evidence) => number;
}

/**
 * The model takes photos as independent, and photos of one afternoon are not: each further one counts for less, and a
 * hundred count as four. Chosen, and hard to fit: photos that all of a person share look like the person
 * (docs/notes/accuracy-tried.md).
 */
const kinship = 0.25;

/** Independent photos are counted in steps of this, so that what depends on the count alone is computed once. */
const countStep = 1 / 32;

/** A group without a face as clear as this is joined by clear ones only. */
const clear = 0.5;

/** Nothing is joined below these log odds: sizes count only if the looks alone reach them. */
export const leastLooks = Math.log(4);

/** A quite unclear face counts only if there is no other. */
const leastQuality = 1e-6;

export function openGroupOdds({ between, scale, offset, crowd }: TwoCovariance): GroupOdds {
  const k = between.length;
  const termsOf = openTerms(between);
  const nothing = new Float64Array(k);
  /** @param mean turned into the sum */
  const evidence = (faces: number, weight: number, trust: number, mean: Float64Array): Evidence => {
    const pieces = piecesOf(weight / trust);
    const crowding = crowd ? crowdUnit * mean[k - 1]! : 0;
    for (let j = 0; j < k; j++) mean[j]! *= pieces;
    const own = crowding - likelihood(termsOf(pieces), mean, nothing);
    return { faces, weight, trust, pieces, sum: mean, own };
  };
  const looks = (a: Evidence, b: Evidence): number => {
    // In an order that is the same for (b, a), to the last bit.
    const raw = likelihood(termsOf(a.pieces + b.pieces), a.sum, b.sum) + (a.own + b.own);
    return a.trust * b.trust * (scale * raw + offset);
  };
  return {
    single({ z, quality }) {
      const weight = Math.max(quality, leastQuality);
      return evidence(1, weight, weight, Float64Array.from(z));
    },
    group: ({ faces, weight, trust, mean }) => evidence(faces, weight, trust, Float64Array.from(mean)),
    joined(a, b) {
      const weight = a.weight + b.weight;
      const [p, q] = [a.weight / weight / a.pieces, b.weight / weight / b.pieces];
      const mean = a.sum.map((value, j) => p * value + q * b.sum[j]!);
      return evidence(a.faces + b.faces, weight, Math.max(a.trust, b.trust), mean);
    },
    looks,
    odds(a, b) {
      if (a.trust < clear && b.trust < clear) return Number.NEGATIVE_INFINITY;
      const shown = looks(a, b);
      if (shown < leastLooks) return shown;
      // A face is likelier to be somebody who is in many photos.
      return shown + Math.log(2 * Math.max(a.faces, b.faces) - 1);
    },
  };
}

/** @param faces of one person; at least one */
export function sumOfGroup(faces: readonly EnrolledFace[]): GroupSum {
  const mean = new Float64Array(faces[0]!.z.length);
  let [weight, trust] = [0, 0];
  for (const { z, quality } of faces) {
    const own = Math.max(quality, leastQuality);
    for (let j = 0; j < mean.length; j++) mean[j]! += own * z[j]!;
    weight += own;
    trust = Math.max(trust, own);
  }
  return { faces: faces.length, weight, trust, mean: Float32Array.from(mean, (sum) => sum / weight) };
}

/** The sum of two groups that are one. */
export function joinedSums(a: GroupSum, b: GroupSum): GroupSum {
  const weight = a.weight + b.weight;
  return {
    faces: a.faces + b.faces,
    weight,
    trust: Math.max(a.trust, b.trust),
    mean: a.mean.map((value, j) => (value * a.weight + b.mean[j]! * b.weight) / weight),
  };
}

/** @param clearFaces that are worth as much as all faces */
function piecesOf(clearFaces: number): number {
  const independent = clearFaces / (1 + kinship * (clearFaces - 1));
  return Math.max(1, Math.round(independent / countStep) * countStep);
}

/** For photos that add up to a sum x: ln P(they are of one person) is Σ weight · x² + constant, plus what others have too. */
interface Terms {
  /** [k] */
  readonly weights: Float64Array;
  readonly constant: number;
}

function openTerms(between: Float32Array): (photos: number) => Terms {
  const made = new Map<number, Terms>();
  return (photos) => {
    let terms = made.get(photos);
    if (terms === undefined) {
      terms = {
        weights: Float64Array.from(between, (b) => (0.5 * b) / (1 + photos * b)),
        constant: between.reduce((sum, b) => sum - 0.5 * Math.log(1 + photos * b), 0),
      };
      made.set(photos, terms);
    }
    return terms;
  };
}

function likelihood({ weights, constant }: Terms, a: Float64Array, b: Float64Array): number {
  let sum = constant;
  for (let j = 0; j < weights.length; j++) {
    const x = a[j]! + b[j]!;
    sum += weights[j]! * x * x;
  }
  return sum;
}
