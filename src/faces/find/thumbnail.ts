/** Faces as small pictures, for pages and folders that people look at. */

import type { Box } from '../../core/geometry.ts';
import type { RgbImage } from '../../core/image.ts';
import { warp } from '../../core/warp.ts';

/** A square around the face, for pictures that people look at; within the photo wherever that is large enough. */
export function faceThumbnail(image: RgbImage, box: Box<'px'>, side: number, margin = 1.6): RgbImage {
  // A pixel less than the photo: the outermost samples lie between its pixels.
  const most = Math.min(image.width, image.height) - 1;
  const size = Math.max(1, Math.min(Math.max(box.width, box.height) * margin, most));
  const scale = side / size;
  const left = within(box.left + (box.width - size) / 2, image.width - size);
  const top = within(box.top + (box.height - size) / 2, image.height - size);
  return warp(image, { a: scale, b: 0, tx: -left * scale, ty: -top * scale }, side, side);
}

function within(value: number, most: number): number {
  return Math.max(0, Math.min(value, most));
}
