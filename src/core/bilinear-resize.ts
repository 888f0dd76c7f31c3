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
  const { data } = image;
  const columns = mixes(image.width, width);
  const out = new Uint8Array(width * height * 3);
  let to = 0;
  for (const row of mixes(image.height, height)) {
    const top = row.low * image.width;
    const bottom = row.high * image.width;
    for (const { low, high, share } of columns) {
      for (let c = 0; c < 3; c++) {
        const upperLeft = data[(top + low) * 3 + c]!;
        const lowerLeft = data[(bottom + low) * 3 + c]!;
        const above = upperLeft + (data[(top + high) * 3 + c]! - upperLeft) * share;
        const below = lowerLeft + (data[(bottom + high) * 3 + c]! - lowerLeft) * share;
        out[to++] = above + (below - above) * row.share + 0.5;
      }
    }
  }
  return { width, height, data: out };
}

interface Mix {
  readonly low: number;
  readonly high: number;
  /** How much of `high` goes into the mix. */
  readonly share: number;
}

function mixes(from: number, to: number): readonly Mix[] {
  // TensorFlow counts in single precision, which decides what is a whole step.
  const step = Math.fround(from / to);
  return Array.from({ length: to }, (_, i) => {
    const place = Math.fround(i * step);
    const low = Math.min(Math.floor(place), from - 1);
    return { low, high: Math.min(low + 1, from - 1), share: place - low };
  });
}
