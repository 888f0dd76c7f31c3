/** Scales photos for the networks. sharp's area-weighted reduction, so no pixel is skipped. */

import sharp from 'sharp';
import type { RgbImage } from '../core/image.ts';

/** The photo at exactly this size. */
export async function resize(image: RgbImage, width: number, height: number): Promise<RgbImage> {
  if (width === image.width && height === image.height) return image;
  const raw = { width: image.width, height: image.height, channels: 3 as const };
  const data = await sharp(image.data, { raw }).resize(width, height, { fit: 'fill' }).raw().toBuffer();
  return { width, height, data };
}
