/** A face or a picture as a vector. Vectors of two spaces cannot be compared, and the types and checks say so. */

import { WhosinError } from '../errors.ts';

/** Names the network, its weights and the preparation of its input: everything that changes the numbers. */
export type SpaceId = string;

export interface Embedding {
  readonly space: SpaceId;
  /** Unit length. */
  readonly values: Float32Array;
}

/** Cosine of the angle between two embeddings of one space, −1 to 1. Throws `wrong-space` on two spaces. */
export function similarity(a: Embedding, b: Embedding): number {
  if (a.space !== b.space || a.values.length !== b.values.length) {
    throw new WhosinError(
      'wrong-space',
      `An embedding of space "${a.space}" cannot be compared with one of space "${b.space}".`,
    );
  }
  return dot(a.values, b.values);
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The vector at length 1. A vector of zeros stays as it is. */
export function unitLength(v: Float32Array): Float32Array {
  const norm = Math.sqrt(dot(v, v));
  if (!(norm > 0)) return v;
  const unit = new Float32Array(v.length);
  for (let i = 0; i < v.length; i++) unit[i] = v[i]! / norm;
  return unit;
}

/**
 * Each value raised to a power below 1, so that a few large ones do not outweigh the many (Arandjelović & Zisserman, "Three
 * things everyone should know to improve object retrieval", 2012, who take roots); unit length.
 *
 * @param v values that are not negative but for rounding
 */
export function evenedOut(v: Float32Array, power: number): Float32Array {
  return unitLength(v.map((x) => Math.max(x, 0) ** power));
}

/** The direction in which several vectors point together, each with its weight; unit length. */
export function meanDirection(vectors: readonly Float32Array[], weights?: readonly number[]): Float32Array {
  const first = vectors[0];
  if (first === undefined) throw new RangeError('the mean of no vectors');
  const sum = new Float32Array(first.length);
  for (const [k, v] of vectors.entries()) {
    const w = weights?.[k] ?? 1;
    for (let i = 0; i < sum.length; i++) sum[i]! += w * v[i]!;
  }
  return unitLength(sum);
}

export function concatenated(a: Float32Array, b: Float32Array): Float32Array {
  const out = new Float32Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
