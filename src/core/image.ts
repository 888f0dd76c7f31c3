/** The only pixel currency: upright, 8 bits a channel, red green blue, row-major. */

import { inverse, type QuarterTurns, type Similarity, scaleOf } from './geometry.ts';

export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** width × height × 3 bytes. */
  readonly data: Uint8Array;
}

export function mirror(image: RgbImage): RgbImage {
  const { width, height, data } = image;
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    let from = (y * width + width - 1) * 3;
    let to = y * width * 3;
    for (let x = 0; x < width; x++, from -= 3, to += 3) {
      out[to] = data[from]!;
      out[to + 1] = data[from + 1]!;
      out[to + 2] = data[from + 2]!;
    }
  }
  return { width, height, data: out };
}

/** The photo at half its size, each pixel the mean of four. */
export function halve(image: RgbImage): RgbImage {
  const width = Math.max(1, image.width >> 1);
  const height = Math.max(1, image.height >> 1);
  const { data } = image;
  const out = new Uint8Array(width * height * 3);
  const right = image.width > 1 ? 3 : 0;
  const below = image.height > 1 ? image.width * 3 : 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * 2 * image.width + x * 2) * 3;
      const to = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) {
        const i = from + c;
        out[to + c] = (data[i]! + data[i + right]! + data[i + below]! + data[i + right + below]! + 2) >> 2;
      }
    }
  }
  return { width, height, data: out };
}

/**
 * Draws the photo through a similarity onto a canvas: bilinear, black outside the photo. Where the photo
 * shrinks by more than two, sampling would skip pixels (alias), so it is halved first.
 *
 * @param transform from pixels of the photo to pixels of the canvas
 */
export function warp(image: RgbImage, transform: Similarity, width: number, height: number): RgbImage {
  let source = image;
  let t = transform;
  // A pixel centre at x of the photo lies at (x − 0.5) / 2 of the halved one.
  while (scaleOf(t) < 0.5 && Math.min(source.width, source.height) > 1) {
    source = halve(source);
    t = { a: t.a * 2, b: t.b * 2, tx: t.tx + 0.5 * (t.a - t.b), ty: t.ty + 0.5 * (t.b + t.a) };
  }
  const { a, b, tx, ty } = inverse(t);
  const out = new Uint8Array(width * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    let sx = -b * y + tx;
    let sy = a * y + ty;
    for (let x = 0; x < width; x++, to += 3, sx += a, sy += b) sample(source, sx, sy, out, to);
  }
  return { width, height, data: out };
}

/** Writes the bilinear mix of the four pixels around (x, y); pixels outside count as black. */
function sample({ width, height, data }: RgbImage, x: number, y: number, out: Uint8Array, to: number): void {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  if (x0 < -1 || y0 < -1 || x0 >= width || y0 >= height) return;
  const fx = x - x0;
  const fy = y - y0;
  const inLeft = x0 >= 0;
  const inRight = x0 + 1 < width;
  const inTop = y0 >= 0;
  const inBottom = y0 + 1 < height;
  const w00 = inLeft && inTop ? (1 - fx) * (1 - fy) : 0;
  const w10 = inRight && inTop ? fx * (1 - fy) : 0;
  const w01 = inLeft && inBottom ? (1 - fx) * fy : 0;
  const w11 = inRight && inBottom ? fx * fy : 0;
  const i = (y0 * width + x0) * 3;
  const j = i + width * 3;
  for (let c = 0; c < 3; c++) {
    const mixed =
      (w00 && w00 * data[i + c]!) +
      (w10 && w10 * data[i + 3 + c]!) +
      (w01 && w01 * data[j + c]!) +
      (w11 && w11 * data[j + 3 + c]!);
    out[to + c] = mixed + 0.5;
  }
}

/** The photo turned clockwise by so many quarters. */
export function turnClockwise({ width, height, data }: RgbImage, turns: QuarterTurns): RgbImage {
  const out = new Uint8Array(data.length);
  const onSide = turns !== 2;
  const newWidth = onSide ? height : width;
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0; x < width; x++, from += 3) {
      const column = turns === 1 ? height - 1 - y : turns === 2 ? width - 1 - x : y;
      const row = turns === 1 ? x : turns === 2 ? height - 1 - y : width - 1 - x;
      const to = (row * newWidth + column) * 3;
      out[to] = data[from]!;
      out[to + 1] = data[from + 1]!;
      out[to + 2] = data[from + 2]!;
    }
  }
  return { width: newWidth, height: onSide ? width : height, data: out };
}

/** From this brightness down (0 to 255) of its brightest parts a photo counts as dark. */
const darkBelow = 100;

/** A photo taken with too little light, brightened until its brightest hundredth is white; any other as it is. */
export function lighten(image: RgbImage): RgbImage {
  const { data } = image;
  const counts = new Uint32Array(256);
  for (let i = 1; i < data.length; i += 3) counts[data[i]!]!++;
  let white = 255;
  for (let above = 0; white > 0 && above + counts[white]! <= data.length / 300; white--) {
    above += counts[white]!;
  }
  if (white >= darkBelow || white === 0) return image;
  return { ...image, data: data.map((value) => Math.min(255, (value * 255) / white)) };
}
