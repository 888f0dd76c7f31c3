/** People and photos drawn from a two-covariance model, the world as that model sees it: the same at every run. */

import { seededRandom } from '../src/core/random.ts';
import { crowdOf, noiseOf, type TwoCovariance } from '../src/learn/odds/two-covariance.ts';

/** A stream of normally distributed numbers (Box–Muller). */
export function seededNormal(seed: number): () => number {
  return normalFrom(seededRandom(seed));
}

/** @param random numbers from 0 to 1; each normally distributed one takes two of them */
export function normalFrom(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function drawVector(length: number, normal: () => number): Float32Array {
  return Float32Array.from({ length }, normal);
}

/** The place of a person in the coordinates of the model. */
export function drawPerson({ between }: Pick<TwoCovariance, 'between'>, normal: () => number): Float32Array {
  return between.map((variance) => Math.sqrt(variance) * normal());
}

/** A photo of that person, in the same coordinates. */
export function drawPhoto(person: Float32Array, normal: () => number): Float32Array {
  return person.map((v) => v + normal());
}

/** A small model with nothing special about it: embeddings of `d` numbers, `k` coordinates. */
export function toyBackground(d = 7, k = 5, seed = 1): TwoCovariance {
  const normal = seededNormal(seed);
  return {
    mean: drawVector(d, normal).map((v) => v / 10),
    basis: drawVector(d * k, normal),
    between: Float32Array.from({ length: k }, (_, i) => 6 / (i + 1)),
    scale: 0.8,
    offset: -0.3,
  };
}

/** The same with a few clusters of people, the coordinate that says how near they are, and what tells noise. */
export function crowdedBackground(d = 7, k = 5, seed = 1): TwoCovariance {
  const { between, basis, ...rest } = toyBackground(d, k - 1, seed);
  const normal = seededNormal(seed + 1);
  const withCrowd = Float32Array.from([...between, 0]);
  const places = Array.from({ length: 4 }, () => drawPerson({ between: withCrowd }, normal));
  return {
    ...rest,
    basis: Float32Array.from({ length: d * k }, (_, i) =>
      i % k === k - 1 ? 0 : basis[Math.floor(i / k) * (k - 1) + (i % k)]!,
    ),
    between: withCrowd,
    noise: noiseOf(withCrowd),
    crowd: crowdOf(withCrowd, places),
  };
}

/** The same model without its crowd: what is drawn from a normal distribution has none. */
export function withoutCrowd({ crowd: _, ...model }: TwoCovariance): TwoCovariance {
  return model;
}

/** The same model of embeddings that lie in its coordinates already: `project` leaves them as they are. */
export function asItIs({ between, scale, offset }: TwoCovariance): TwoCovariance {
  const k = between.length;
  const basis = new Float32Array(k * k);
  for (let i = 0; i < k; i++) basis[i * k + i] = 1;
  return { mean: new Float32Array(k), basis, between, scale, offset };
}
