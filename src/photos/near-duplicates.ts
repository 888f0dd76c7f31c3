/**
 * Groups of photos that are copies of each other: saved again, made smaller, cropped by a hair. A copy of a
 * training photo among the held-out ones would be recognised for the wrong reason.
 */

import { disjointSets } from '../core/disjoint-sets.ts';
import { bitCount, hashWords } from '../core/perceptual-hash.ts';

/**
 * Measured on 988 photos and their copies: saved again as JPEG (quality 20 to 80) or WebP, scaled to between a
 * quarter and double, made a tenth lighter: all within 7 bits. Made grey: all but 0.3 %; cropped by 1 % at every
 * edge: all but 1.2 %; by 3 %: fewer than half. Among the 7.5 million pairs of 3,867 photos that are not copies one
 * is within 7 bits, both from LFW, where every face lies in the same place; elsewhere the nearest are 11 apart.
 *
 * The 64-bit difference hash (Krawetz, "Kind of Like That", 2013), tried on the same photos, joins no different
 * ones up to 2 bits only, and there misses 40 % of the crops by 1 %.
 */
export const copiesDifferBy = 7;

/** So few are compared each with each: the tables of the bands take longer to make. */
const fewHashes = 1000;

const bands = 4;
const bandBits = 16;

/**
 * Joins hashes that differ by at most so many bits, and what they are joined to: a burst of photos is one
 * group even where its first and last differ by more.
 *
 * Exact, by the pigeonhole principle: of two hashes that differ by n bits, one of the four 16-bit bands
 * differs by at most n / 4, so only hashes that share a band up to that many bits are compared (multi-index
 * hashing: Norouzi, Punjani, Fleet, "Fast Search in Hamming Space with Multi-Index Hashing", CVPR 2012).
 *
 * @param hashes of `perceptualHash`
 * @returns for each hash the index of the first one of its group
 */
export function groupNearDuplicates(hashes: readonly string[], bits: number = copiesDifferBy): number[] {
  const copies = disjointSets(hashes.length);
  // Equal hashes are joined at once: thousands of them in one bucket would each be compared with all others.
  const firstOf = new Map<string, number>();
  for (const [i, hash] of hashes.entries()) {
    const first = firstOf.get(hash);
    if (first === undefined) firstOf.set(hash, i);
    else copies.join(first, i);
  }
  joinWithin(bits, firstOf, (a, b) => copies.join(a, b));
  return hashes.map((_, i) => copies.first(i));
}

function joinWithin(
  bits: number,
  distinct: ReadonlyMap<string, number>,
  join: (a: number, b: number) => void,
): void {
  const indices = [...distinct.values()];
  const words = Int32Array.from([...distinct.keys()].flatMap((hash) => hashWords(hash)));
  const differBy = (i: number, j: number): number =>
    bitCount(words[i * 2]! ^ words[j * 2]!) + bitCount(words[i * 2 + 1]! ^ words[j * 2 + 1]!);
  if (indices.length <= fewHashes) {
    for (let i = 0; i < indices.length; i++) {
      for (let j = 0; j < i; j++) if (differBy(i, j) <= bits) join(indices[i]!, indices[j]!);
    }
    return;
  }
  const flips = masksUpTo(Math.floor(bits / bands));
  // For each band, the last hash with each value and for each hash the one before it with the same value.
  const last = Array.from({ length: bands }, () => new Int32Array(1 << bandBits).fill(-1));
  const before = Array.from({ length: bands }, () => new Int32Array(indices.length));
  for (let i = 0; i < indices.length; i++) {
    const high = words[i * 2]!;
    const low = words[i * 2 + 1]!;
    for (const [band, value] of [high >>> 16, high & 0xffff, low >>> 16, low & 0xffff].entries()) {
      for (const flip of flips) {
        for (let j = last[band]![value ^ flip]!; j >= 0; j = before[band]![j]!) {
          if (differBy(i, j) <= bits) join(indices[i]!, indices[j]!);
        }
      }
      before[band]![i] = last[band]![value]!;
      last[band]![value] = i;
    }
  }
}

/** Every 16-bit word with at most so many bits set. */
function masksUpTo(bits: number): number[] {
  return Array.from({ length: 1 << bandBits }, (_, word) => word).filter((word) => bitCount(word) <= bits);
}
