/**
 * Enlarges photos to the very pixels that libvips makes of them (its "bicubic": the splines of Catmull and Rom), in a
 * tenth of its time: libvips has no vectors for this.
 */

import { openEnlarging } from './enlarge-simd.ts';
import type { Size } from './geometry.ts';
import type { RgbImage } from './image.ts';
import { takePixels } from './pixel-memory.ts';

/** Places between two pixels are rounded to so many steps, weights to so many parts. */
const steps = 64;
const whole = 4096;

/** For a place between the second of four pixels and the third: the weights of both pairs, each as two numbers of 16 bits. */
const weights = Array.from({ length: steps + 1 }, (_, step) => {
  const x = step / steps;
  const ends = (-x * (1 - x)) / 2;
  const second = x * (1 - x) * (1 - 1.5 * x) + (1 - x);
  const all = [ends * (1 - x), second, 1 - (ends + second), ends * x].map((w) => Math.trunc(w * whole));
  const pair = (i: number): number => (all[i]! & 0xffff) | (all[i + 1]! << 16);
  return { above: pair(0), below: pair(2) };
});

/** So many pixels lie around a picture that its edges are mixed of too: the nearest of its own, again. */
const margin = 2;
const channels = 3;
/** libvips counts from a pixel's corner, half a pixel from where one would expect it, in a picture with its margin. */
const corner = margin - 0.5;

let enlarging: ReturnType<typeof openEnlarging> | false;

/** @returns nothing if a side does not grow, or the processor has no vectors */
export function enlarge(image: RgbImage, width: number, height: number): RgbImage | undefined {
  if (width <= image.width || height <= image.height) return undefined;
  enlarging ??= openEnlarging() ?? false;
  if (enlarging === false) return undefined;
  const rows = enlarging;
  const step = stepsOf(image, width, height);
  const rowBytes = (image.width + 2 * margin) * channels;
  const wideBytes = width * channels * 2;
  const row = width * rows.columnBytes;
  const wide = row + rowBytes + 16;
  const out = wide + 4 * (wideBytes + 16);
  const memory = rows.room(out + width * height * channels);
  const numbers = new Int32Array(memory.buffer, 0, row / 4);
  // libvips adds up along a row, and multiplies down a column: where that falls on a half, each its own way.
  for (let x = 0, at = 0, place = corner; x < width; x++, place += step.x) {
    const { above, below } = weightsAt(place);
    numbers[at++] = row + (firstOf(place) + margin) * channels;
    numbers[at++] = above;
    numbers[at++] = below;
  }
  // Four rows are at hand, each in the place of the one four before it.
  const placeOf = (y: number): number => wide + (y & 3) * (wideBytes + 16);
  let next = -margin;
  let to = out;
  for (let line = 0; line < height; line++) {
    const place = line * step.y - 0.5 + margin;
    const [first, { above, below }] = [firstOf(place), weightsAt(place)];
    for (; next < first + 4; next++) {
      const y = Math.min(image.height - 1, Math.max(0, next));
      layRow(memory, row, image, y);
      rows.widen(0, row, placeOf(next));
    }
    const [a, b, c, d] = [placeOf(first), placeOf(first + 1), placeOf(first + 2), placeOf(first + 3)];
    rows.stack(a, b, c, d, above, below, to, to + width * channels);
    to += width * channels;
  }
  const data = takePixels(to - out);
  data.set(memory.subarray(out, to));
  return { width, height, data };
}

/** A step along each side of the image. Two sides of one photo may differ, for lengths are whole numbers. */
function stepsOf(image: Size, width: number, height: number): { readonly x: number; readonly y: number } {
  const [byX, byY] = [1 / (image.width / width), 1 / (image.height / height)];
  const back = 1 / (byX * byY);
  return { x: back * byY, y: back * byX };
}

/** The first of the four pixels that a place is mixed of: -2 at least. */
function firstOf(place: number): number {
  return Math.trunc(place) - margin - 1;
}

function weightsAt(place: number): { readonly above: number; readonly below: number } {
  const fraction = Math.trunc(place * steps * 2) & (steps * 2 - 1);
  return weights[(fraction + 1) >> 1]!;
}

/** Puts a row of the image into memory, its first and last pixel again beside it. */
function layRow(memory: Uint8Array, at: number, { width, data }: RgbImage, y: number): void {
  const inside = at + margin * channels;
  const end = inside + width * channels;
  memory.set(data.subarray(y * width * channels, (y + 1) * width * channels), inside);
  for (let i = 1; i <= margin; i++) {
    memory.copyWithin(inside - i * channels, inside, inside + channels);
    memory.copyWithin(end + (i - 1) * channels, end - channels, end);
  }
}
