/** The middle of a picture, with the proportions that a network takes. */

import type { Size } from './geometry.ts';
import type { RgbImage } from './image.ts';

/** The largest part with the proportions of `size`, from the middle; sides are rounded down, and so is the place. */
export function centreCrop({ width, height, data }: RgbImage, size: Size): RgbImage {
  const columns = Math.max(1, Math.min(width, Math.floor((height * size.width) / size.height)));
  const rows = Math.max(1, Math.min(height, Math.floor((width * size.height) / size.width)));
  if (columns === width && rows === height) return { width, height, data };
  const [left, top] = [(width - columns) >> 1, (height - rows) >> 1];
  const part = new Uint8Array(columns * rows * 3);
  for (let y = 0; y < rows; y++) {
    const from = ((top + y) * width + left) * 3;
    part.set(data.subarray(from, from + columns * 3), y * columns * 3);
  }
  return { width: columns, height: rows, data: part };
}
