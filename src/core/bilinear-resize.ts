/**
 * Resizing as TensorFlow 1 does it: pixel 0 of both pictures lies on each other, and each new pixel is mixed
 * from the four old ones around it, even where the picture shrinks and most are skipped. The networks of that
 * time were measured and retrained on pictures resized so. A better resize gives them pictures that they do
 * not know.
 * https://www.tensorflow.org/api_docs/python/tf/compat/v1/image/resize_bilinear
 */

import type { RgbImage } from './image.ts';

/** The photo at exactly this size, stretched where the sides have another ratio. */
export function resizeBilinear(image: RgbImage, width: number, height: number): RgbImage {
  const columns = mixes(image.width, width, 3);
  const rows = mixes(image.height, height, image.width * 3);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const upper = image.data.subarray(rows.low[y]);
    const lower = image.data.subarray(rows.high[y]);
    mixRows(upper, lower, rows.share[y]!, columns, data.subarray(y * width * 3));
  }
  return { width, height, data };
}

/** Written out for the three channels: a loop over them takes half as long again. */
function mixRows(upper: Uint8Array, lower: Uint8Array, down: number, columns: Mixes, out: Uint8Array): void {
  const { low, high, share } = columns;
  for (let x = 0, to = 0; x < low.length; x++, to += 3) {
    const left = low[x]!;
    const right = high[x]!;
    const across = share[x]!;
    const red = mix(upper[left]!, upper[right]!, across);
    const green = mix(upper[left + 1]!, upper[right + 1]!, across);
    const blue = mix(upper[left + 2]!, upper[right + 2]!, across);
    out[to] = mix(red, mix(lower[left]!, lower[right]!, across), down) + 0.5;
    out[to + 1] = mix(green, mix(lower[left + 1]!, lower[right + 1]!, across), down) + 0.5;
    out[to + 2] = mix(blue, mix(lower[left + 2]!, lower[right + 2]!, across), down) + 0.5;
  }
}

function mix(one: number, other: number, share: number): number {
  return one + (other - one) * share;
}

/** For each new pixel of a side, the two old ones that it is mixed from. */
interface Mixes {
  /** Offsets in bytes. */
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** How much of `high` goes into the mix. */
  readonly share: Float64Array;
}

/** @param stride bytes from one old pixel to the next */
function mixes(from: number, to: number, stride: number): Mixes {
  // TensorFlow counts in single precision, which decides what is a whole step.
  const step = Math.fround(from / to);
  const places = Float64Array.from({ length: to }, (_, i) => Math.fround(i * step));
  const low = Int32Array.from(places, (place) => Math.min(Math.floor(place), from - 1));
  return {
    low: low.map((pixel) => pixel * stride),
    high: low.map((pixel) => Math.min(pixel + 1, from - 1) * stride),
    share: places.map((place, i) => place - low[i]!),
  };
}
