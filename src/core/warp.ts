/** Lays what a photo shows onto a canvas of another place, size and turn. */

import { apply, inverse, type Similarity, type Size, scaleOf } from './geometry.ts';
import type { RgbImage } from './image.ts';

/**
 * Draws the photo through a similarity onto a canvas: bilinear, black outside the photo. If the photo
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

/** Places on a line of pixels are counted in steps of 2⁻¹⁵, so that a photo may have any side that a JPEG can have. */
const fractionBits = 15;

/** The bilinear mix of the four pixels around each place, by weights of 8 bits; pixels outside count as black. */
function sample(image: RgbImage, { a, b, tx, ty }: Similarity, columns: number, rows: number): Uint8Array {
  const { width, height } = image;
  const out = new Uint8Array(columns * rows * 3);
  const steps = (pixels: number): number => Math.round(pixels * 2 ** fractionBits);
  const [stepX, stepY] = [steps(a), steps(b)];
  for (let row = 0; row < rows; row++) {
    const [rowX, rowY] = [tx - b * row, ty + a * row];
    const [firstX, lastX] = columnsOn(width, rowX, a);
    const [firstY, lastY] = columnsOn(height, rowY, b);
    const first = Math.max(0, firstX, firstY);
    const end = (row * columns + Math.min(columns, lastX + 1, lastY + 1)) * 3;
    const begin = (row * columns + first) * 3;
    sampleRow(image, out, begin, end, steps(rowX + a * first), steps(rowY + b * first), stepX, stepY);
  }
  return out;
}

/** A function of its own, which Node compiles after a few rows: most runs warp a few faces. */
function sampleRow(
  image: RgbImage,
  out: Uint8Array,
  begin: number,
  end: number,
  startX: number,
  startY: number,
  stepX: number,
  stepY: number,
): void {
  const { width, height, data } = image;
  const line = width * 3;
  for (let to = begin, x = startX, y = startY; to < end; to += 3, x += stepX, y += stepY) {
    const x0 = x >> fractionBits;
    const y0 = y >> fractionBits;
    if (x0 < 0 || y0 < 0 || x0 + 1 >= width || y0 + 1 >= height) {
      sampleEdge(image, out, to, x, y);
      continue;
    }
    const right = (x >> (fractionBits - 8)) & 255;
    const bottom = (y >> (fractionBits - 8)) & 255;
    const i = y0 * line + x0 * 3;
    const j = i + line;
    out[to] = mix(data[i]!, data[i + 3]!, data[j]!, data[j + 3]!, right, bottom);
    out[to + 1] = mix(data[i + 1]!, data[i + 4]!, data[j + 1]!, data[j + 4]!, right, bottom);
    out[to + 2] = mix(data[i + 2]!, data[i + 5]!, data[j + 2]!, data[j + 5]!, right, bottom);
  }
}

/** Whole numbers all the way, rounded once. */
function mix(p: number, q: number, r: number, s: number, right: number, bottom: number): number {
  const above = (p << 8) + right * (q - p);
  const below = (r << 8) + right * (s - r);
  return ((above << 8) + bottom * (below - above) + 32768) >> 16;
}

/** A place of which not all four pixels lie in the photo. */
function sampleEdge(
  { width, height, data }: RgbImage,
  out: Uint8Array,
  to: number,
  x: number,
  y: number,
): void {
  const x0 = x >> fractionBits;
  const y0 = y >> fractionBits;
  const right = (x >> (fractionBits - 8)) & 255;
  const bottom = (y >> (fractionBits - 8)) & 255;
  const at = (column: number, row: number, c: number): number =>
    column < 0 || row < 0 || column >= width || row >= height ? 0 : data[(row * width + column) * 3 + c]!;
  for (let c = 0; c < 3; c++) {
    out[to + c] = mix(
      at(x0, y0, c),
      at(x0 + 1, y0, c),
      at(x0, y0 + 1, c),
      at(x0 + 1, y0 + 1, c),
      right,
      bottom,
    );
  }
}

/** The columns whose place on a line of so many pixels is nearer than one step to one of them. */
function columnsOn(pixels: number, start: number, step: number): readonly [first: number, last: number] {
  if (step === 0) return start > -1 && start < pixels ? [0, Number.POSITIVE_INFINITY] : [0, -1];
  const ends = [(-1 - start) / step, (pixels - start) / step];
  return [Math.floor(Math.min(...ends)) + 1, Math.ceil(Math.max(...ends)) - 1];
}

/** The photo at half its size, each pixel the mean of four. */
export function halve(image: RgbImage): RgbImage {
  const width = Math.max(1, image.width >> 1);
  const height = Math.max(1, image.height >> 1);
  const { data } = image;
  const out = new Uint8Array(width * height * 3);
  const right = image.width > 1 ? 3 : 0;
  const below = image.height > 1 ? image.width * 3 : 0;
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, i = y * 2 * image.width * 3; x < width; x++, i += 6) {
      const j = i + below;
      out[to++] = (data[i]! + data[i + right]! + data[j]! + data[j + right]! + 2) >> 2;
      out[to++] = (data[i + 1]! + data[i + 1 + right]! + data[j + 1]! + data[j + 1 + right]! + 2) >> 2;
      out[to++] = (data[i + 2]! + data[i + 2 + right]! + data[j + 2]! + data[j + 2 + right]! + 2) >> 2;
    }
  }
  return { width, height, data: out };
}
