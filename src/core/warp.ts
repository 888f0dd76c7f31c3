/** Lays what a photo shows onto a canvas of another place, size and turn. */

import { apply, inverse, type Similarity, type Size, scaleOf } from './geometry.ts';
import type { RgbImage } from './image.ts';
import { fractionBits, mix, type PixelRows, rowsByNumbers, weightOf } from './pixel-rows.ts';
import { rowsBySimd } from './pixel-rows-simd.ts';

let own: PixelRows | undefined;

function pixelRows(): PixelRows {
  own ??= rowsBySimd() ?? rowsByNumbers();
  return own;
}

interface Corner {
  readonly left: number;
  readonly top: number;
}

/** A picture in the room of `PixelRows`. */
interface Placed extends Size {
  readonly at: number;
}

/**
 * Draws the photo through a similarity onto a canvas: bilinear, black outside the photo. If the photo
 * shrinks by more than two, sampling would skip pixels (alias), so what is seen of it is halved first.
 *
 * @param transform from pixels of the photo to pixels of the canvas
 */
export function warp(
  image: RgbImage,
  transform: Similarity,
  width: number,
  height: number,
  rows: PixelRows = pixelRows(),
): RgbImage {
  const part = partOnCanvas({ width, height }, image, transform);
  if (part.width <= 0 || part.height <= 0) return { width, height, data: new Uint8Array(width * height * 3) };
  const room = rows.room((part.width * part.height * 2 + width * height) * 3 + 64);
  for (let y = 0; y < part.height; y++) {
    const from = ((part.top + y) * image.width + part.left) * 3;
    room.set(image.data.subarray(from, from + part.width * 3), y * part.width * 3);
  }
  let source: Placed = { at: 0, width: part.width, height: part.height };
  if (scaleOf(transform) >= 0.5) {
    const data = sample(rows, room, source, inverse(transform), { width, height }, part);
    return { width, height, data };
  }
  const { x: tx, y: ty } = apply(transform, { x: part.left, y: part.top });
  let t = { ...transform, tx, ty };
  // A pixel centre at x of the photo lies at (x − 0.5) / 2 of the halved one.
  while (scaleOf(t) < 0.5 && Math.min(source.width, source.height) > 1) {
    source = halved(rows, source);
    t = { a: t.a * 2, b: t.b * 2, tx: t.tx + 0.5 * (t.a - t.b), ty: t.ty + 0.5 * (t.b + t.a) };
  }
  const data = sample(rows, room, source, inverse(t), { width, height }, { left: 0, top: 0 });
  return { width, height, data };
}

/** The part of the photo that lands on the canvas, and a little more; cut where the pixels of its halvings meet. */
function partOnCanvas(canvas: Size, image: Size, t: Similarity): Size & Corner {
  const back = inverse(t);
  const corners = [0, canvas.width].flatMap((x) => [0, canvas.height].map((y) => apply(back, { x, y })));
  const step = 2 ** Math.max(0, Math.ceil(-Math.log2(scaleOf(t))));
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
  return { left, top, width: right - left, height: bottom - top };
}

/** @returns the picture at half its size, right after it */
function halved(rows: PixelRows, { at, width, height }: Placed): Placed {
  const half = { at: at + width * height * 3, width: width >> 1, height: height >> 1 };
  for (let y = 0; y < half.height; y++) {
    const above = at + y * 2 * width * 3;
    const to = half.at + y * half.width * 3;
    rows.halve(above, above + width * 3, to, to + half.width * 3);
  }
  return half;
}

/**
 * Pixels outside the picture count as black.
 *
 * @param corner of the picture, in the pixels that the similarity leads to
 */
function sample(
  rows: PixelRows,
  room: Uint8Array,
  source: Placed,
  { a, b, tx, ty }: Similarity,
  canvas: Size,
  corner: Corner,
): Uint8Array {
  const { at, width, height } = source;
  const line = width * 3;
  const out = at + line * height;
  const end = out + canvas.width * canvas.height * 3;
  room.fill(0, out, end);
  const steps = (pixels: number): number => Math.round(pixels * 2 ** fractionBits);
  const [stepX, stepY] = [steps(a), steps(b)];
  for (let row = 0; row < canvas.height; row++) {
    const [rowX, rowY] = [tx - b * row, ty + a * row];
    const [firstX, lastX] = columnsOn(width, rowX - corner.left, a);
    const [firstY, lastY] = columnsOn(height, rowY - corner.top, b);
    const first = Math.max(0, firstX, firstY);
    const columns = Math.min(canvas.width, lastX + 1, lastY + 1) - first;
    if (columns <= 0) continue;
    // Rounded before the corner is taken off: the same places, whatever part of a photo was cut out.
    const x = steps(rowX + a * first) - (corner.left << fractionBits);
    const y = steps(rowY + b * first) - (corner.top << fractionBits);
    const isInside = (column: number): boolean => {
      const [x0, y0] = [(x + column * stepX) >> fractionBits, (y + column * stepY) >> fractionBits];
      return x0 >= 0 && y0 >= 0 && x0 + 1 < width && y0 + 1 < height;
    };
    // Places inside lie side by side.
    let [from, until] = [0, columns];
    while (from < until && !isInside(from)) from++;
    while (until > from && !isInside(until - 1)) until--;
    const to = out + (row * canvas.width + first) * 3;
    rows.sample(at, line, to + from * 3, to + until * 3, x + from * stepX, y + from * stepY, stepX, stepY);
    for (let column = 0; column < columns; column++) {
      if (column >= from && column < until) continue;
      sampleEdge(room, source, to + column * 3, x + column * stepX, y + column * stepY);
    }
  }
  return room.slice(out, end);
}

/** A place of which not all four pixels lie in the picture. */
function sampleEdge(room: Uint8Array, source: Placed, to: number, x: number, y: number): void {
  const { at: start, width, height } = source;
  const [x0, y0] = [x >> fractionBits, y >> fractionBits];
  const [right, bottom] = [weightOf(x), weightOf(y)];
  const at = (column: number, row: number, c: number): number =>
    column < 0 || row < 0 || column >= width || row >= height
      ? 0
      : room[start + (row * width + column) * 3 + c]!;
  for (let c = 0; c < 3; c++) {
    room[to + c] = mix(
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
export function halve(image: RgbImage, rows: PixelRows = pixelRows()): RgbImage {
  const { width, height, data } = twoAtLeast(image);
  const room = rows.room((width * height + (width >> 1) * (height >> 1)) * 3);
  room.set(data);
  const half = halved(rows, { at: 0, width, height });
  return {
    width: half.width,
    height: half.height,
    data: room.slice(half.at, half.at + half.width * half.height * 3),
  };
}

/** A picture that is a single pixel wide or high, with that row or column twice. */
function twoAtLeast({ width, height, data }: RgbImage): RgbImage {
  if (Math.min(width, height) > 1) return { width, height, data };
  const [wide, high] = [Math.max(2, width), Math.max(2, height)];
  const twice = new Uint8Array(wide * high * 3);
  for (let y = 0, to = 0; y < high; y++) {
    for (let x = 0; x < wide; x++, to += 3) {
      const from = (Math.min(y, height - 1) * width + Math.min(x, width - 1)) * 3;
      twice.set(data.subarray(from, from + 3), to);
    }
  }
  return { width: wide, height: high, data: twice };
}
