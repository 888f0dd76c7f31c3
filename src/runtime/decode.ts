/** Bytes of a photo file become upright 8-bit RGB, or an error that says why not. */

import sharp, { type Metadata, type Sharp } from 'sharp';
import type { Size } from '../core/geometry.ts';
import type { RgbImage } from '../core/image.ts';
import { reasonOf, WhosinError } from '../errors.ts';
import { decodeHeic } from './decode-heic.ts';

/** A photo ready to be looked at: pixels at a working size, and the size that boxes are reported in. */
export interface Photo {
  /** No side longer than the working size, or of the size that was asked for. */
  readonly image: RgbImage;
  /** Width and height of the upright photo in its file. */
  readonly width: number;
  readonly height: number;
}

/** What people's cameras, phones and the web write; SVG, PDF and the like are documents, not photos. */
const formats = new Set(['jpeg', 'png', 'webp', 'heif', 'tiff', 'gif', 'jp2', 'jxl']);

/** 268 megapixels: above any camera sold, below what a decompression bomb needs to fill memory. */
const maxPixels = 0x3fff * 0x3fff;

/** Faces that the detector can find in a photo scaled to 512 pixels fill the embedder's chip at this size. */
export const workingSide = 2048;

/**
 * Decodes JPEG, PNG, WebP, AVIF, HEIC, TIFF and the first frame of GIF; applies EXIF orientation; makes CMYK,
 * 16-bit, grey, palette and transparent pictures plain RGB (transparency over white).
 *
 * @param name for messages
 * @param size the whole photo is stretched to exactly this; a JPEG is decoded no larger than that takes, which of a
 *   camera's photo is the smaller part of the work
 * @throws WhosinError `not-a-photo`, `damaged-photo` or `photo-too-large`
 */
export async function decodePhoto(bytes: Uint8Array, name: string, size?: Size): Promise<Photo> {
  if (bytes.length === 0) throw WhosinError.about('not-a-photo', name, 'is empty (0 bytes)');
  const metadata = await readMetadata(bytes, name);
  const { width, height, format } = metadata;
  if (!formats.has(format)) {
    throw WhosinError.about('not-a-photo', name, `is ${format}, which is not a photo format whosin reads`);
  }
  if (width * height > maxPixels) throw tooLarge(name, `${width} × ${height} pixels`);
  try {
    if (metadata.compression !== 'hevc') return await decodeWithSharp(bytes, metadata, size);
    const { pixels, ...whole } = await decodeHeic(bytes);
    return { image: await toRgb(sharp(pixels, { raw: { ...whole, channels: 4 } }), size), ...whole };
  } catch (error) {
    if (error instanceof WhosinError) throw error;
    throw WhosinError.about('damaged-photo', name, `is damaged or cut off: ${lastLine(error)}`, error);
  }
}

async function readMetadata(bytes: Uint8Array, name: string): Promise<Metadata> {
  try {
    // Only the header is read here; the size in it is judged afterwards.
    return await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (error) {
    const reason = lastLine(error);
    if (reason.includes('unsupported image format')) {
      throw WhosinError.about('not-a-photo', name, 'is not a photo: no known picture format', error);
    }
    throw WhosinError.about('damaged-photo', name, `is damaged or cut off: ${reason}`, error);
  }
}

async function decodeWithSharp(bytes: Uint8Array, { autoOrient }: Metadata, size?: Size): Promise<Photo> {
  // 'truncated' refuses files that were cut off; plain warnings (odd metadata of old cameras) pass.
  const upright = sharp(bytes, { limitInputPixels: maxPixels, failOn: 'truncated' }).autoOrient();
  return { image: await toRgb(upright, size), width: autoOrient.width, height: autoOrient.height };
}

async function toRgb(photo: Sharp, size?: Size): Promise<RgbImage> {
  const { data, info } = await photo
    .resize(
      size
        ? { width: size.width, height: size.height, fit: 'fill' }
        : { width: workingSide, height: workingSide, fit: 'inside', withoutEnlargement: true },
    )
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`${info.channels} channels after conversion to RGB`);
  return { width: info.width, height: info.height, data };
}

function tooLarge(name: string, size: string): WhosinError {
  return WhosinError.about(
    'photo-too-large',
    name,
    `is too large to open safely (${size}): save a smaller copy`,
  );
}

/** What libvips says is several lines behind a prefix: the last one is the decoder's own. */
function lastLine(error: unknown): string {
  const lines = reasonOf(error)
    .split('\n')
    .map((line) => line.replace(/^Input (buffer|file) (has corrupt header:)?\s*/, '').trim());
  return (lines.findLast((line) => line !== '') ?? 'unreadable').replace(/[.:]+$/, '');
}
