/** Small pictures of photos and of the faces in them, as JPEG files. */

import { type Box, toPixels } from '../core/geometry.ts';
import { faceThumbnail } from '../faces/find/thumbnail.ts';
import { bytesOf } from '../photos/photo-content.ts';
import { decodePhoto } from '../runtime/decode.ts';
import { encodeJpeg } from '../runtime/draw.ts';
import { resize } from '../runtime/resize.ts';

/** Cut out at twice the size first: warping alone would leave out pixels. */
const cutOut = 2;

/**
 * Squares of `side` pixels around faces, in their order; the photo is read once for all.
 *
 * @throws WhosinError if the photo cannot be read
 */
export async function faceThumbnails(
  path: string,
  boxes: readonly Box<'ratio'>[],
  side: number,
): Promise<Uint8Array[]> {
  const { image } = await decodePhoto(await bytesOf(path), path);
  const pictures: Uint8Array[] = [];
  for (const box of boxes) {
    const square = faceThumbnail(image, toPixels(box, image), side * cutOut);
    pictures.push(await encodeJpeg(await resize(square, side, side), 80));
  }
  return pictures;
}

/**
 * The whole photo, its longer side at most `side` pixels.
 *
 * @throws WhosinError if the photo cannot be read
 */
export async function photoThumbnail(path: string, side: number): Promise<Uint8Array> {
  const { image } = await decodePhoto(await bytesOf(path), path);
  const scale = Math.min(1, side / Math.max(image.width, image.height));
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  return encodeJpeg(await resize(image, width, height), 78);
}
