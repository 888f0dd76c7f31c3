/** Pixels that a program has already, made ready to be looked at. */

import type { Photo } from './decode.ts';
import { workingSide } from './photo-header.ts';
import { resize } from './resize.ts';

/** No larger than what is made of a file: larger ones take longer and memory, and show no more. */
export async function atWorkingSize(photo: Photo): Promise<Photo> {
  const { width, height } = photo.image;
  const scale = workingSide / Math.max(width, height);
  if (scale >= 1) return photo;
  const side = (length: number): number => Math.max(1, Math.round(length * scale));
  return { ...photo, image: await resize(photo.image, side(width), side(height)) };
}
