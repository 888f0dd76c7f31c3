/** Places in the picture as it is stored, and in the upright photo. Orientations are those of EXIF (TIFF 6.0, tag 274). */

import type { Box, Size } from '../../core/geometry.ts';

export function toUpright(box: Box<'ratio'>, orientation: number): Box<'ratio'> {
  const { left: x, top: y, width: w, height: h } = box;
  const [right, bottom] = [1 - x - w, 1 - y - h];
  if (orientation === 2) return { left: right, top: y, width: w, height: h };
  if (orientation === 3) return { left: right, top: bottom, width: w, height: h };
  if (orientation === 4) return { left: x, top: bottom, width: w, height: h };
  if (orientation === 5) return { left: y, top: x, width: h, height: w };
  if (orientation === 6) return { left: bottom, top: x, width: h, height: w };
  if (orientation === 7) return { left: bottom, top: right, width: h, height: w };
  if (orientation === 8) return { left: y, top: right, width: h, height: w };
  return box;
}

export function toStored(box: Box<'ratio'>, orientation: number): Box<'ratio'> {
  // Quarter turns undo each other; every other turn undoes itself.
  return toUpright(box, orientation === 6 ? 8 : orientation === 8 ? 6 : orientation);
}

/** Whether width and height change places. */
function isOnItsSide(orientation: number): boolean {
  return orientation >= 5 && orientation <= 8;
}

export function turnedSize({ width, height }: Size, orientation: number): Size {
  return isOnItsSide(orientation) ? { width: height, height: width } : { width, height };
}
