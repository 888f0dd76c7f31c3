/**
 * A fingerprint of what a picture looks like, equal or almost equal for copies of other sizes, qualities and
 * formats.
 *
 * The DCT hash of pHash (Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010):
 * 32 × 32 grey means, and one bit for each of their 8 × 8 lowest frequencies, the constant ones left out.
 * pHash compares each coefficient with the median of all; they lie evenly around zero anyway, so the sign is
 * taken here, and a bit depends on nothing but its own coefficient.
 */

import { type ColumnSums, mostRows, sumsByNumbers, sumsBySimd } from './column-sums.ts';
import type { RgbImage } from './image.ts';

const side = 32;
const kept = 8;

/** cosines[u - 1][x], the basis of the DCT-II. */
const cosines = Array.from({ length: kept }, (_, u) =>
  Float64Array.from({ length: side }, (__, x) => Math.cos(((2 * x + 1) * (u + 1) * Math.PI) / (2 * side))),
);

/** 64 bits as 16 hexadecimal digits, to be compared by `hammingDistance`. */
export function perceptualHash({ width, height, data }: RgbImage): string {
  return signsOf(greyMeans(width, height, data));
}

/** A function of its own, as the next one: V8 compiles neither again for pictures that were made in another way. */
function signsOf(grey: Float64Array): string {
  let hash = '';
  let digit = 0;
  for (const [v, vertical] of cosines.entries()) {
    const row = new Float64Array(side);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) row[x]! += vertical[y]! * grey[y * side + x]!;
    }
    for (const [u, horizontal] of cosines.entries()) {
      let coefficient = 0;
      for (let x = 0; x < side; x++) coefficient += horizontal[x]! * row[x]!;
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

let sums: ColumnSums | undefined;

/**
 * The picture as 32 × 32 cells, each the mean luma (Rec. 601) of exactly the area that it covers. The rows of a cell are
 * added up before luma is made of them.
 */
function greyMeans(width: number, height: number, data: Uint8Array): Float64Array {
  sums ??= sumsBySimd() ?? sumsByNumbers();
  const columns = edges(width);
  const rows = edges(height);
  const line = width * 3;
  const means = new Float64Array(side * side);
  for (let cell = 0; cell < side; cell++) {
    const cells = means.subarray(cell * side, (cell + 1) * side);
    for (const { from, to, share } of rowsBetween(rows[cell]!, rows[cell + 1]!)) {
      const row = sums(data.subarray(from * line, to * line), line);
      addRow(cells, share * (side / height) * (side / width), row, columns);
    }
  }
  return means;
}

/** Rows that count alike: those that a cell shares with its neighbours, and the whole ones between them. */
function* rowsBetween(top: Edge, bottom: Edge): Generator<{ from: number; to: number; share: number }> {
  if (top.pixel === bottom.pixel) {
    yield { from: top.pixel, to: top.pixel + 1, share: bottom.share - top.share };
    return;
  }
  yield { from: top.pixel, to: top.pixel + 1, share: 1 - top.share };
  for (let from = top.pixel + 1; from < bottom.pixel; from += mostRows) {
    yield { from, to: Math.min(from + mostRows, bottom.pixel), share: 1 };
  }
  if (bottom.share > 0) yield { from: bottom.pixel, to: bottom.pixel + 1, share: bottom.share };
}

/**
 * Adds a row's luma to the cells that it runs through. The luma left of each edge is summed up, so a pixel is read
 * once however many cells share it. A function of its own: the first photo is half done before a loop inside others
 * is compiled.
 */
function addRow(cells: Float64Array, weight: number, row: Uint16Array, columns: readonly Edge[]): void {
  let [red, green, blue] = [0, 0, 0];
  let before = 0;
  let i = 0;
  for (let cell = 0; cell < side; cell++) {
    const { pixel, share } = columns[cell + 1]!;
    const end = pixel * 3;
    for (; i < end; i += 3) {
      red += row[i]!;
      green += row[i + 1]!;
      blue += row[i + 2]!;
    }
    const left = luma(red + share * row[i]!, green + share * row[i + 1]!, blue + share * row[i + 2]!);
    cells[cell]! += weight * (left - before);
    before = left;
  }
}

function luma(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/** Between two cells: this many whole pixels lie before it, and this share of the next. */
interface Edge {
  readonly pixel: number;
  readonly share: number;
}

/** Cuts a side of so many pixels into 32 equal parts. The last edge lies at the end of the last pixel. */
function edges(pixels: number): Edge[] {
  return Array.from({ length: side + 1 }, (_, edge) => {
    const at = (edge * pixels) / side;
    const pixel = Math.min(Math.floor(at), pixels - 1);
    return { pixel, share: at - pixel };
  });
}
