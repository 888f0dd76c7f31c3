/**
 * A fingerprint of what a picture looks like, equal or almost equal for copies of other sizes, qualities and
 * formats.
 *
 * The DCT hash of pHash (Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010):
 * 32 × 32 grey means, and one bit for each of their 8 × 8 lowest frequencies, the constant ones left out.
 * pHash compares each coefficient with the median of all; they lie evenly around zero anyway, so the sign is
 * taken here, and a bit depends on nothing but its own coefficient.
 */

import type { RgbImage } from './image.ts';

const side = 32;
const kept = 8;

/** cosines[u - 1][x], the basis of the DCT-II. */
const cosines = Array.from({ length: kept }, (_, u) =>
  Float64Array.from({ length: side }, (__, x) => Math.cos(((2 * x + 1) * (u + 1) * Math.PI) / (2 * side))),
);

/** 64 bits as 16 hexadecimal digits, to be compared by `hammingDistance`. */
export function perceptualHash(image: RgbImage): string {
  const grey = greyMeans(image);
  let hash = '';
  let digit = 0;
  for (const [v, vertical] of cosines.entries()) {
    const row = new Float64Array(side);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) row[x]! += vertical[y]! * grey[y * side + x]!;
    }
    for (const [u, horizontal] of cosines.entries()) {
      const coefficient = horizontal.reduce((sum, c, x) => sum + c * row[x]!, 0);
      // A sum over 1,024 greys below one half is rounding, not picture: every blank picture hashes to zeros.
      digit = digit * 2 + (coefficient > 0.5 ? 1 : 0);
      if ((v * kept + u) % 4 === 3) {
        hash += digit.toString(16);
        digit = 0;
      }
    }
  }
  return hash;
}

/** How many of the 64 bits differ. */
export function hammingDistance(a: string, b: string): number {
  const [aHigh, aLow] = hashWords(a);
  const [bHigh, bLow] = hashWords(b);
  return bitCount(aHigh ^ bHigh) + bitCount(aLow ^ bLow);
}

/** The two 32-bit halves of a hash. */
export function hashWords(hash: string): readonly [high: number, low: number] {
  if (!/^[0-9a-f]{16}$/.test(hash)) throw new RangeError(`"${hash}" is not a perceptual hash`);
  return [Number.parseInt(hash.slice(0, 8), 16), Number.parseInt(hash.slice(8), 16)];
}

/** How many of the 32 bits are set (Warren, "Hacker's Delight", 5-1). */
export function bitCount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The picture as 32 × 32 cells, each the mean luma (Rec. 601) of exactly the area that it covers. */
function greyMeans({ width, height, data }: RgbImage): Float64Array {
  const columns = cells(width);
  const means = new Float64Array(side * side);
  const luma = new Float64Array(width);
  for (const [cellY, { first: top, weights: rowWeights }] of cells(height).entries()) {
    // The weighted sum of the cell's rows first, so that each pixel is read once or, on an edge, twice.
    luma.fill(0);
    for (const [k, weight] of rowWeights.entries()) {
      addLuma(luma, width, weight, data, (top + k) * width * 3);
    }
    for (const [cellX, { first: left, weights }] of columns.entries()) {
      means[cellY * side + cellX] = weights.reduce((sum, weight, k) => sum + weight * luma[left + k]!, 0);
    }
  }
  return means;
}

/** A function of its own: the first photo is half done before a loop inside others is compiled. */
function addLuma(luma: Float64Array, width: number, weight: number, data: Uint8Array, from: number): void {
  for (let x = 0, i = from; x < width; x++, i += 3) {
    luma[x]! += weight * (0.299 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!);
  }
}

interface Cell {
  readonly first: number;
  /** Of the pixels from `first` on; they sum to 1. */
  readonly weights: readonly number[];
}

/** Cuts a side of so many pixels into 32 equal parts: pixels on an edge belong to both by their share. */
function cells(pixels: number): Cell[] {
  const size = pixels / side;
  return Array.from({ length: side }, (_, cell) => {
    const from = cell * size;
    const to = from + size;
    const first = Math.floor(from);
    const last = Math.min(pixels, Math.ceil(to));
    const weights = Array.from(
      { length: last - first },
      (__, k) => (Math.min(to, first + k + 1) - Math.max(from, first + k)) / size,
    );
    return { first, weights };
  });
}
