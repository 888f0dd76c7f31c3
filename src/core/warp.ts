/** Lays what a photo shows onto a canvas of another place, size and turn. */

import { apply, inverse, type Similarity, type Size, scaleOf } from './geometry.ts';
import { type Colour, paint, type RgbImage } from './image.ts';
import { takePixels } from './pixel-memory.ts';
import { fractionBits, type PixelRows, rowsByNumbers } from './pixel-rows.ts';
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

/**
 * A picture in the room of `PixelRows`, with so many pixels of one colour around it that whatever is drawn near its edge is mixed
 * of pixels that are there.
 */
interface Placed extends Size {
  readonly at: number;
}

const margin = 2;
const channels = 3;

const black: Colour = [0, 0, 0];

function lineOf({ width }: Size): number {
  return (width + 2 * margin) * channels;
}

/** The address after a picture and its margin. */
function endOf(picture: Placed): number {
  return picture.at + lineOf(picture) * (picture.height + 2 * margin);
}

/** The address of a row's first pixel. */
function rowOf(picture: Placed, y: number): number {
  return picture.at + (y + margin) * lineOf(picture) + margin * channels;
}

export interface Drawing {
  /** The canvas, if it is there already. */
  readonly data?: Uint8Array;
  /** The colour outside the photo; black if left out. */
  readonly outside?: Colour | undefined;
  readonly rows?: PixelRows;
}

/**
 * Draws the photo through a similarity onto a canvas: bilinear, one colour outside the photo. If the photo
 * shrinks by more than two, sampling would skip pixels (alias), so what is seen of it is halved first.
 *
 * @param transform from pixels of the photo to pixels of the canvas
 */
export function warp(
  image: RgbImage,
  transform: Similarity,
  width: number,
  height: number,
  { data = new Uint8Array(width * height * channels), outside = black, rows = pixelRows() }: Drawing = {},
): RgbImage {
  const canvas = { width, height, data };
  const part = partOnCanvas(width, height, image, transform);
  if (part.width <= 0 || part.height <= 0) {
    paint(data, outside);
    return canvas;
  }
  let source: Placed = { at: 0, width: part.width, height: part.height };
  const room = rows.room(endOf(source) * 2 + data.length + 64);
  paint(room.subarray(0, endOf(source)), outside);
  layPart(room, source, image, part);
  if (scaleOf(transform) >= 0.5) {
    const { a, b, tx, ty } = inverse(transform);
    sample(rows, room, source, a, b, tx, ty, canvas, part.left, part.top, outside);
    return canvas;
  }
  const { x: tx, y: ty } = apply(transform, { x: part.left, y: part.top });
  let t = { ...transform, tx, ty };
  // A pixel centre at x of the photo lies at (x − 0.5) / 2 of the halved one.
  while (scaleOf(t) < 0.5 && Math.min(source.width, source.height) > 1) {
    source = halved(rows, room, source, outside);
    t = { a: t.a * 2, b: t.b * 2, tx: t.tx + 0.5 * (t.a - t.b), ty: t.ty + 0.5 * (t.b + t.a) };
  }
  const back = inverse(t);
  sample(rows, room, source, back.a, back.b, back.tx, back.ty, canvas, 0, 0, outside);
  return canvas;
}

/** The part of the photo that lands on the canvas, and a little more; cut where the pixels of its halvings meet. */
function partOnCanvas(width: number, height: number, image: Size, t: Similarity): Size & Corner {
  const { a, b, tx, ty } = inverse(t);
  const step = 2 ** Math.max(0, Math.ceil(-Math.log2(scaleOf(t))));
  // The places of the canvas's corners in the photo.
  const x = [tx, a * width + tx, -b * height + tx, a * width - b * height + tx] as const;
  const y = [ty, b * width + ty, a * height + ty, b * width + a * height + ty] as const;
  const left = before(Math.min(x[0], x[1], x[2], x[3]), step, image.width);
  const top = before(Math.min(y[0], y[1], y[2], y[3]), step, image.height);
  return {
    left,
    top,
    width: after(Math.max(x[0], x[1], x[2], x[3]), step, image.width) - left,
    height: after(Math.max(y[0], y[1], y[2], y[3]), step, image.height) - top,
  };
}

function before(place: number, step: number, pixels: number): number {
  return Math.min(pixels - 1, Math.max(0, Math.floor(place / step - 1) * step));
}

function after(place: number, step: number, pixels: number): number {
  return Math.min(pixels, Math.max(1, Math.ceil(place / step + 1) * step));
}

function layPart(room: Uint8Array, at: Placed, { width, data }: RgbImage, { left, top }: Corner): void {
  for (let y = 0; y < at.height; y++) {
    const from = ((top + y) * width + left) * channels;
    room.set(data.subarray(from, from + at.width * channels), rowOf(at, y));
  }
}

/** @returns the picture at half its size, right after it */
function halved(rows: PixelRows, room: Uint8Array, whole: Placed, outside: Colour): Placed {
  const half = { at: endOf(whole), width: whole.width >> 1, height: whole.height >> 1 };
  paint(room.subarray(half.at, endOf(half)), outside);
  for (let y = 0; y < half.height; y++) {
    const to = rowOf(half, y);
    const end = to + half.width * channels;
    rows.halve(rowOf(whole, y * 2), rowOf(whole, y * 2 + 1), to, end);
    paint(room.subarray(end, end + margin * channels), outside);
  }
  return half;
}

/**
 * Numbers one by one: V8 compiles it again for objects that were made in another way.
 *
 * @param a and b, tx, ty: the similarity back to the picture
 * @param left of the picture's corner, and top, in the pixels that the similarity leads to
 */
function sample(
  rows: PixelRows,
  room: Uint8Array,
  source: Placed,
  a: number,
  b: number,
  tx: number,
  ty: number,
  canvas: RgbImage,
  left: number,
  top: number,
  outside: Colour,
): void {
  const { width, height } = source;
  const [origin, line] = [rowOf(source, 0), lineOf(source)];
  const out = endOf(source);
  const end = out + canvas.data.length;
  paint(room.subarray(out, end), outside);
  const [stepX, stepY] = [steps(a), steps(b)];
  const most = canvas.width;
  for (let row = 0; row < canvas.height; row++) {
    const [rowX, rowY] = [tx - b * row, ty + a * row];
    const [inX, inY] = [rowX - left, rowY - top];
    const first = Math.max(firstOn(width, inX, a, most), firstOn(height, inY, b, most));
    const last = Math.min(afterLastOn(width, inX, a, most), afterLastOn(height, inY, b, most));
    if (last <= first) continue;
    // Rounded before the corner is taken off: the same places, whatever part of a photo was cut out.
    const x = steps(rowX + a * first) - (left << fractionBits);
    const y = steps(rowY + b * first) - (top << fractionBits);
    const to = out + row * most * channels;
    const past = to + last * channels;
    rows.sample(origin, line, to + first * channels, past, x, y, stepX, stepY);
    // As far as it may have written past its end, which is black.
    if (outside !== black) paint(room.subarray(past, Math.min(end, past + 2 * channels)), outside);
  }
  canvas.data.set(room.subarray(out, end));
}

function steps(pixels: number): number {
  return Math.round(pixels * 2 ** fractionBits);
}

/** The first of `most` columns whose place on a line of so many pixels is nearer than one step to one of them. */
function firstOn(pixels: number, start: number, step: number, most: number): number {
  if (step === 0) return start > -1 && start < pixels ? 0 : most;
  const first = Math.floor(Math.min((-1 - start) / step, (pixels - start) / step)) + 1;
  return Math.min(most, Math.max(0, first));
}

/** The first column after those. */
function afterLastOn(pixels: number, start: number, step: number, most: number): number {
  if (step === 0) return most;
  return Math.min(most, Math.ceil(Math.max((-1 - start) / step, (pixels - start) / step)));
}

/**
 * Left and right changed places.
 *
 * @param data of the mirrored picture, where it is there already
 */
export function mirror(
  image: RgbImage,
  data: Uint8Array = new Uint8Array(image.data.length),
  rows: PixelRows = pixelRows(),
): RgbImage {
  const { width, height } = image;
  const [line, at] = [width * channels, 16];
  const out = at + image.data.length;
  const room = rows.room(out + image.data.length);
  room.set(image.data, at);
  for (let y = 0; y < height; y++) {
    rows.mirror(at + (y + 1) * line, out + y * line, out + (y + 1) * line);
  }
  data.set(room.subarray(out, out + data.length));
  return { width, height, data };
}

/** The photo at half its size, each pixel the mean of four. */
export function halve(image: RgbImage, rows: PixelRows = pixelRows()): RgbImage {
  const { width, height, data } = twoAtLeast(image);
  const half = { width: width >> 1, height: height >> 1 };
  const [line, out] = [width * channels, data.length];
  const room = rows.room(out + half.width * half.height * channels);
  room.set(data);
  for (let y = 0, to = out; y < half.height; y++, to += half.width * channels) {
    rows.halve(y * 2 * line, (y * 2 + 1) * line, to, to + half.width * channels);
  }
  const small = takePixels(half.width * half.height * channels);
  small.set(room.subarray(out, out + small.length));
  return { ...half, data: small };
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
