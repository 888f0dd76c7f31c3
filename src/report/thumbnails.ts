/** Small pictures of photos and of the faces in them, as JPEG files. */

import { type Box, type Size, toPixels } from '../core/geometry.ts';
import { faceThumbnail } from '../faces/find/thumbnail.ts';
import { bytesOf } from '../photos/photo-content.ts';
import { decodePhoto } from '../runtime/decode.ts';
import { encodeJpeg } from '../runtime/draw.ts';
import { readPhotoHeader } from '../runtime/photo-header.ts';
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
  const bytes = await bytesOf(path);
  const header = await readPhotoHeader(bytes, path);
  if (header.by === 'sharp') {
    // A JPEG is decoded no larger than that takes: a third of the work for a camera's photo.
    const size = sizeWithin(header.metadata.autoOrient, side);
    return encodeJpeg((await decodePhoto(bytes, path, size)).image, 78);
  }
  const { image } = await decodePhoto(bytes, path);
  const { width, height } = sizeWithin(image, side);
  return encodeJpeg(await resize(image, width, height), 78);
}

function sizeWithin({ width, height }: Size, side: number): Size {
  const scale = Math.min(1, side / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}
