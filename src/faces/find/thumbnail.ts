/** Faces as small pictures, for pages and folders that people look at. */

import type { Box } from '../../core/geometry.ts';
import type { RgbImage } from '../../core/image.ts';
import { warp } from '../../core/warp.ts';

/** A square around the face, for pictures that people look at. */
export function faceThumbnail(image: RgbImage, box: Box<'px'>, side: number, margin = 1.6): RgbImage {
  const size = Math.max(box.width, box.height) * margin;
  const scale = side / size;
  const left = box.left + (box.width - size) / 2;
  const top = box.top + (box.height - size) / 2;
  return warp(image, { a: scale, b: 0, tx: -left * scale, ty: -top * scale }, side, side);
}
