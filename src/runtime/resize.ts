/** Scales photos for the networks with sharp's Lanczos kernel, which skips no pixel where a photo shrinks. */

import { enlarge } from '../core/enlarge.ts';
import type { RgbImage } from '../core/image.ts';
import { plainBytes, sharp } from './sharp.ts';

/** The photo at exactly this size. */
export async function resize(image: RgbImage, width: number, height: number): Promise<RgbImage> {
  if (width === image.width && height === image.height) return image;
  return enlarge(image, width, height) ?? resizeBySharp(image, width, height);
}

/** sharp's own pixels, whichever way. */
export async function resizeBySharp(image: RgbImage, width: number, height: number): Promise<RgbImage> {
  const raw = { width: image.width, height: image.height, channels: 3 as const };
  const data = await sharp(image.data, { raw }).resize(width, height, { fit: 'fill' }).raw().toBuffer();
  return { width, height, data: plainBytes(data) };
}
