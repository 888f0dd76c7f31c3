/** The header of a photo's file, read before any of its pixels is decoded. */

import type { Size } from '../core/geometry.ts';
import { WhosinError } from '../errors.ts';
import { type BmpHeader, readBmp } from './formats/bmp.ts';
import { type HeifHeader, readHeif } from './formats/heif.ts';
import { plainJpeg } from './formats/jpeg.ts';
import { calledRgb, isLab } from './formats/lab.ts';
import { formatOf, type PhotoFormat } from './formats/picture-format.ts';
import { hasExtraChannels, readTiff, type TiffDirectory } from './formats/tiff.ts';
import { whyUnreadable } from './formats/why-unreadable.ts';
import { type Metadata, sharp } from './sharp.ts';

/** Facts about a photo before it is decoded; for a JPEG without EXIF no more than every photo has. */
export type HeaderMetadata = Pick<Metadata, 'width' | 'height' | 'autoOrient' | 'channels' | 'depth'> &
  Partial<Metadata>;

/** A photo by the way in which it is decoded. */
export type PhotoHeader =
  | {
      readonly by: 'sharp';
      readonly format: PhotoFormat;
      readonly metadata: HeaderMetadata;
      readonly tiff: TiffDirectory | undefined;
    }
  | { readonly by: 'lab'; readonly metadata: Metadata; readonly tiff: TiffDirectory }
  | { readonly by: 'libheif'; readonly heif: HeifHeader }
  | { readonly by: 'bmp'; readonly bmp: BmpHeader };

/** 268 megapixels: above any camera sold, below what a decompression bomb needs to fill memory. */
export const maxPixels = 0x3fff * 0x3fff;

/** Faces that the detector can find in a photo scaled to 512 pixels fill the embedder's chip at this size. */
export const workingSide = 2048;

/**
 * @param name for messages
 * @throws WhosinError `not-a-photo`, `damaged-photo` or `photo-too-large`
 */
export async function readPhotoHeader(bytes: Uint8Array, name: string): Promise<PhotoHeader> {
  if (bytes.length === 0) throw WhosinError.about('not-a-photo', name, 'is empty (0 bytes)');
  const format = formatOf(bytes);
  if (format === undefined) {
    throw WhosinError.about('not-a-photo', name, 'is not a photo: no known picture format');
  }
  if ('other' in format) throw unread(name, format.other);
  if (format.photo === 'bmp') return bmpHeader(bytes, name);
  if (format.photo === 'heif') {
    const heif = heifHeader(bytes, name);
    if (heif.hevc) return { by: 'libheif', heif };
  }
  const tiff = format.photo === 'tiff' ? readTiff(bytes) : undefined;
  if (tiff && hasExtraChannels(tiff)) throw unread(name, `a TIFF with ${tiff.samples} channels`);
  if (tiff && isLab(tiff)) {
    return { by: 'lab', tiff, metadata: await readMetadata(calledRgb(bytes, tiff), 'tiff', name) };
  }
  const plain = format.photo === 'jpeg' ? plainMetadata(bytes) : undefined;
  const metadata = plain ?? (await readMetadata(bytes, format.photo, name));
  // The name that libvips has for colours that it cannot convert.
  if (metadata.space === 'multiband') throw unread(name, 'a picture in rare colours');
  return { by: 'sharp', format: format.photo, metadata, tiff };
}

function bmpHeader(bytes: Uint8Array, name: string): PhotoHeader {
  const bmp = readBmp(bytes);
  if (bmp === undefined) throw unread(name, 'a BMP of a rare kind');
  requireSize(bmp, name);
  return { by: 'bmp', bmp };
}

/** AVIF is looked at too: libvips writes to standard error about sizes that no picture has. */
function heifHeader(bytes: Uint8Array, name: string): HeifHeader {
  const heif = readHeif(bytes);
  if (heif === undefined) throw WhosinError.about('damaged-photo', name, whyUnreadable(bytes, 'heif'));
  requireSize(heif, name);
  return heif;
}

/** A tenth of the time that libvips takes to open a small photo goes into its header. One that is too large is for libvips. */
function plainMetadata(bytes: Uint8Array): HeaderMetadata | undefined {
  const plain = plainJpeg(bytes);
  if (plain === undefined || plain.width * plain.height > maxPixels) return undefined;
  const { width, height, channels } = plain;
  return { width, height, channels, depth: 'uchar', autoOrient: { width, height } };
}

async function readMetadata(bytes: Uint8Array, format: PhotoFormat, name: string): Promise<Metadata> {
  let metadata: Metadata;
  try {
    // Only the header is read here; the size in it is judged afterwards.
    metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (error) {
    if (error instanceof WhosinError) throw error;
    throw WhosinError.about('damaged-photo', name, whyUnreadable(bytes, format), error);
  }
  requireSize(metadata, name);
  return metadata;
}

function requireSize({ width, height }: Size, name: string): void {
  if (width * height <= maxPixels) return;
  throw WhosinError.about(
    'photo-too-large',
    name,
    `is too large to open safely (${width} × ${height} pixels): save a smaller copy`,
  );
}

function unread(name: string, kind: string): WhosinError {
  const reason = `is ${kind}, which whosin does not read: save it as JPEG or PNG`;
  return WhosinError.about('not-a-photo', name, reason);
}
