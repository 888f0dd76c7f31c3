/** Every pair of photos of a reference set, compared. */

import { dot } from '../../src/core/embedding.ts';
import type { Face } from '../../src/faces/find/face.ts';
import type { ReferencePhoto } from '../../src/faces/packs/reference-photos.ts';
import { sameOdds } from '../../src/faces/people/verify.ts';
import { type EnrolledFace, project, type TwoCovariance } from '../../src/learn/odds/two-covariance.ts';

export interface ComparedPairs {
  /** Scores of pairs of one person. */
  readonly same: Float32Array;
  /** Scores of pairs of two people. */
  readonly different: Float32Array;
}

/** −∞ where a face was not found: such a pair never passes for one person. */
const notFound = Number.NEGATIVE_INFINITY;

/** @param model compares by its odds; without one, by the cosine of the embeddings */
export function comparePairs(photos: readonly ReferencePhoto[], model?: TwoCovariance): ComparedPairs {
  const same: number[] = [];
  const different = new Float32Array((photos.length * (photos.length - 1)) / 2);
  let others = 0;
  const score = scorer(model);
  for (const [i, one] of photos.entries()) {
    for (const other of photos.slice(0, i)) {
      const value = score(one, other);
      if (one.person === other.person) same.push(value);
      else different[others++] = value;
    }
  }
  return { same: Float32Array.from(same), different: different.subarray(0, others) };
}

/** A photo of which one face counts; null if that was not found. */
export type ComparedFace = Pick<ReferencePhoto, 'central'>;

export function scorer(model?: TwoCovariance): (one: ComparedFace, other: ComparedFace) => number {
  const placed = new Map<ComparedFace, EnrolledFace>();
  const place = (photo: ComparedFace, { embedding, quality }: Face): EnrolledFace => {
    const known = placed.get(photo) ?? { z: project(model!, embedding.values), quality };
    placed.set(photo, known);
    return known;
  };
  return (one, other) => {
    if (one.central === null || other.central === null) return notFound;
    if (!model) return dot(one.central.embedding.values, other.central.embedding.values);
    return sameOdds(model, place(one, one.central), place(other, other.central));
  };
}
