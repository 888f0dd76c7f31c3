/** Choices that follow from a seed: an input can be made again. */

import { seededRandom } from '../../src/core/random.ts';

export interface Chance {
  /** A whole number from 0, below this one. */
  below(count: number): number;
  pick<T>(items: readonly T[]): T;
  /** True once in so many times. */
  once(inSoMany: number): boolean;
}

export function openChance(seed: number): Chance {
  const random = seededRandom(seed);
  const below = (count: number): number => Math.floor(random() * count);
  return {
    below,
    pick: (items) => items[below(items.length)]!,
    once: (inSoMany) => below(inSoMany) === 0,
  };
}

/** Changes an input; another seed's bytes can be had for splices. */
export type Mutate = (bytes: Uint8Array, chance: Chance, other: () => Uint8Array) => Uint8Array;

/** Values at which numbers turn over: signs, widths, limits of typed arrays and of exact integers. */
export const oddNumbers: readonly number[] = [
  0,
  -1,
  1,
  -2,
  3,
  7,
  8,
  127,
  128,
  255,
  256,
  1000,
  4096,
  32767,
  32768,
  65535,
  65536,
  2 ** 24,
  2 ** 28,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 31),
  1e308,
  5e-324,
  0.1,
  -0.5,
];
