/** The only pixel currency: upright, 8 bits a channel, red green blue, row-major. */

import { apply, inverse, type QuarterTurns, type Similarity, type Size, scaleOf } from './geometry.ts';

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
 * shrinks by more than two, sampling would skip pixels (alias), so what is seen of it is halved first.
 *
 * @param transform from pixels of the photo to pixels of the canvas
 */
export function warp(image: RgbImage, transform: Similarity, width: number, height: number): RgbImage {
  let [source, t] = [image, transform];
  if (scaleOf(t) < 0.5) [source, t] = cutTo({ width, height }, image, transform);
  // A pixel centre at x of the photo lies at (x − 0.5) / 2 of the halved one.
  while (scaleOf(t) < 0.5 && Math.min(source.width, source.height) > 1) {
    source = halve(source);
    t = { a: t.a * 2, b: t.b * 2, tx: t.tx + 0.5 * (t.a - t.b), ty: t.ty + 0.5 * (t.b + t.a) };
  }
  return { width, height, data: sample(source, inverse(t), width, height) };
}

/** The part of the photo that lands on the canvas, cut where the pixels of its halvings meet. */
function cutTo(canvas: Size, image: RgbImage, t: Similarity): [RgbImage, Similarity] {
  const back = inverse(t);
  const corners = [0, canvas.width].flatMap((x) => [0, canvas.height].map((y) => apply(back, { x, y })));
  const step = 2 ** Math.ceil(-Math.log2(scaleOf(t)));
  const range = (values: readonly number[], size: number): readonly [number, number] => [
    Math.min(size - 1, Math.max(0, Math.floor(Math.min(...values) / step - 1) * step)),
    Math.min(size, Math.max(1, Math.ceil(Math.max(...values) / step + 1) * step)),
  ];
  const [left, right] = range(
    corners.map(({ x }) => x),
    image.width,
  );
  const [top, bottom] = range(
    corners.map(({ y }) => y),
    image.height,
  );
  const [width, height] = [right - left, bottom - top];
  if (width <= 0 || height <= 0) return [image, t];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3;
    data.set(image.data.subarray(from, from + width * 3), y * width * 3);
  }
  const { x: tx, y: ty } = apply(t, { x: left, y: top });
  return [
    { width, height, data },
    { ...t, tx, ty },
  ];
}

/** The bilinear mix of the four pixels around each place; pixels outside count as black. */
function sample(
  { width, height, data }: RgbImage,
  { a, b, tx, ty }: Similarity,
  columns: number,
  rows: number,
): Uint8Array {
  const out = new Uint8Array(columns * rows * 3);
  const line = width * 3;
  for (let row = 0, to = 0; row < rows; row++) {
    let x = -b * row + tx;
    let y = a * row + ty;
    for (let column = 0; column < columns; column++, to += 3, x += a, y += b) {
      const x0 = Math.floor(x);
      const y0 = Math.floor(y);
      if (x0 < -1 || y0 < -1 || x0 >= width || y0 >= height) continue;
      const fx = x - x0;
      const fy = y - y0;
      const inside = x0 >= 0 && y0 >= 0 && x0 + 1 < width && y0 + 1 < height;
      const left = inside || x0 >= 0 ? 1 - fx : 0;
      const right = inside || x0 + 1 < width ? fx : 0;
      const top = inside || y0 >= 0 ? 1 - fy : 0;
      const bottom = inside || y0 + 1 < height ? fy : 0;
      // Reading what counts for nothing from a pixel inside keeps the sums free of conditions.
      const i = (Math.max(0, y0) * width + Math.max(0, x0)) * 3;
      const j = inside || y0 + 1 < height ? (y0 + 1) * line + Math.max(0, x0) * 3 : i;
      const next = inside || (x0 >= 0 && x0 + 1 < width) ? 3 : 0;
      const [w00, w10, w01, w11] = [left * top, right * top, left * bottom, right * bottom];
      for (let c = 0; c < 3; c++) {
        const above = w00 * data[i + c]! + w10 * data[i + next + c]!;
        out[to + c] = above + w01 * data[j + c]! + w11 * data[j + next + c]! + 0.5;
      }
    }
  }
  return out;
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
