/** How much memory it takes to decode a photo, told from its header: a few kilobytes can stand for gigabytes of pixels. */

import { heldPerPixel } from './formats/jpeg.ts';
import type { PhotoFormat } from './formats/picture-format.ts';
import { isLossless } from './formats/webp.ts';
import { type PhotoHeader, workingSide } from './photo-header.ts';

type SharpHeader = Extract<PhotoHeader, { by: 'sharp' }>;

/** Decoding takes this at least. */
const always = 16 * 2 ** 20;

/** libheif and the thread that it runs in. */
const heicThread = 48 * 2 ** 20;

/** A photo that is decoded row by row is scaled down as its rows come; libvips keeps so many of them. */
const rowsKept = 2048;

/**
 * Bytes of memory, more rather than fewer: measured for photos of 67 megapixels of each kind with libvips 8.18, as the
 * growth of the process's peak (test/runtime/photo-needs.slow.test.ts measures again). The file itself counts too.
 */
export function photoNeeds(header: PhotoHeader, bytes: Uint8Array): number {
  return bytes.length + decodingNeeds(header, bytes);
}

function decodingNeeds(header: PhotoHeader, bytes: Uint8Array): number {
  if (header.by === 'libheif') {
    const { width, height, bits, auxiliary } = header.heif;
    // The file is copied into the thread, and there into libheif.
    const copies = 2 * bytes.length;
    return always + heicThread + copies + width * height * ((bits > 8 ? 15 : 11) + (auxiliary ? 3 : 0));
  }
  if (header.by === 'bmp') return always + header.bmp.width * header.bmp.height * 3.25;
  const { width, height, channels, depth } = header.metadata;
  if (header.by === 'lab') return always + width * height * (channels + 6);
  const perPixel = channels * (bytesOf[depth] ?? 16);
  return (
    always +
    width * Math.min(height, rowsKept) * perPixel +
    width * height * heldByFormat[header.format](header, perPixel, bytes)
  );
}

const bytesOf: Readonly<Record<string, number>> = {
  uchar: 1,
  char: 1,
  ushort: 2,
  short: 2,
  uint: 4,
  int: 4,
  float: 4,
  complex: 8,
  double: 8,
};

/** Bytes for each pixel that a decoder holds of the whole picture at once. */
const heldByFormat: Readonly<
  Record<PhotoFormat, (header: SharpHeader, perPixel: number, bytes: Uint8Array) => number>
> = {
  jpeg: (_, __, bytes) => heldPerPixel(bytes) ?? 0,
  png: ({ metadata }, perPixel) => (metadata.isProgressive ? perPixel : 0),
  gif: () => 4,
  webp: webpHeld,
  // A row of tiles, and part of it once more.
  tiff: ({ metadata, tiff }, perPixel) =>
    (1.5 * perPixel * Math.min(metadata.height, tiff?.rows ?? metadata.height)) / metadata.height,
  // libaom's own picture, libheif's and that of red, green and blue.
  heif: ({ metadata }) => ((metadata.bitsPerSample ?? 8) > 8 ? 25 : 19),
  bmp: () => 0,
};

/** All frames are laid over each other in the picture's size, twice; a lossy one is scaled down as it comes, but for its alpha. */
function webpHeld({ metadata }: SharpHeader, _: number, bytes: Uint8Array): number {
  if ((metadata.pages ?? 1) > 1) return 8;
  if (isLossless(bytes)) return 4;
  const share = Math.min(1, workingSide / Math.max(metadata.width, metadata.height));
  return 4 * share * share + (metadata.hasAlpha ? 1 : 0);
}
