/**
 * Memory: a photo of 2 MB took 2.3 GB, and nobody knew before it was opened. The need that its header promises is compared
 * with the memory that a process really takes.
 */

import { existsSync } from 'node:fs';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { readPhotoHeader } from '../../src/runtime/photo-header.ts';
import { photoNeeds } from '../../src/runtime/photo-needs.ts';
import { bmp } from '../bytes/bmp.ts';
import { heicGrid, largeTile } from '../bytes/heic.ts';
import { zerosPng } from '../bytes/png.ts';
import { tiff } from '../bytes/tiff.ts';
import { decodeInChild } from './decoding-child.ts';

const side = 4096;
const megabyte = 2 ** 20;

/** 17 megapixels of one colour: quickly encoded, and decoded into as much as any. */
function large(): Sharp {
  return sharp({ create: { width: side, height: side, channels: 3, background: '#c18040' } });
}

/** One colour would be stored without its pixels. */
function noise(): Sharp {
  const sides = { width: side, height: side };
  return sharp({
    create: { ...sides, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 40 }, background: 'grey' },
  });
}

/** Two frames. */
function animated(): Sharp {
  return sharp(Buffer.alloc(side * side * 2 * 3, 90), {
    raw: { width: side, height: side * 2, channels: 3, pageHeight: side },
  });
}

const deep = { width: side, height: side, bits: 16, kind: 'rgba' } as const;
const plain = { width: side, height: side, data: new Uint8Array(side * side * 3) };

// Elsewhere the peak of a process cannot be measured from some moment on.
describe.skipIf(!existsSync('/proc/self/clear_refs'))('what a photo needs, told from its header', () => {
  test.each<[string, () => Promise<Buffer>]>([
    ['a JPEG', () => large().jpeg().toBuffer()],
    [
      'a progressive JPEG in full colour',
      () => large().jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
    ],
    ['a PNG of 16 bits', () => zerosPng(deep)],
    ['an interlaced PNG of 16 bits', () => zerosPng({ ...deep, interlaced: true })],
    ['a WebP', () => large().webp({ effort: 0 }).toBuffer()],
    ['a WebP with transparency', () => large().ensureAlpha(0.5).webp({ effort: 0 }).toBuffer()],
    ['a lossless WebP', () => noise().webp({ lossless: true, effort: 0 }).toBuffer()],
    ['an animated WebP', () => animated().webp({ effort: 0 }).toBuffer()],
    ['an AVIF', () => large().avif({ effort: 0 }).toBuffer()],
    ['an AVIF of 10 bits', () => large().avif({ effort: 0, bitdepth: 10 }).toBuffer()],
    ['a GIF', () => large().gif({ effort: 1 }).toBuffer()],
    [
      'a TIFF of one tile',
      () => large().tiff({ compression: 'lzw', tile: true, tileWidth: side, tileHeight: side }).toBuffer(),
    ],
    ['a TIFF of strips', () => large().tiff({ compression: 'lzw' }).toBuffer()],
    ['a Lab TIFF', async () => tiff({ ...plain, bits: 8, channels: 3, photometric: 8 })],
    ['a HEIC', async () => heicGrid(largeTile, { columns: 4, rows: 4 })],
    ['a BMP', async () => bmp(plain, { bits: 24 })],
  ])('%s takes no more, and not much less', async (name, make) => {
    const bytes = await make();
    const need = photoNeeds(await readPhotoHeader(bytes, name), bytes);
    const { read, grown } = await decodeInChild(bytes);
    expect(read).toEqual([`${side} × ${side}`]);
    expect(grown).toBeLessThan(need);
    // A photo that waits for memory that it does not need only waits; rows kept and libraries differ by so many megabytes.
    expect(grown).toBeGreaterThan(need * 0.8 - bytes.length - 30 * megabyte);
  });

  test('a wide JPEG decoded row by row needs little', async () => {
    const bytes = await large().resize(8000, 3000, { fit: 'fill' }).jpeg().toBuffer();
    expect(photoNeeds(await readPhotoHeader(bytes, 'wide.jpg'), bytes)).toBeLessThan(80 * megabyte);
  });

  test('two megabytes of PNG and seven kilobytes of HEIC need gigabytes', async () => {
    const png = await zerosPng({ width: 0x3fff, height: 0x3fff, bits: 16, kind: 'rgba', interlaced: true });
    expect(png.length).toBeLessThan(12 * megabyte);
    expect(photoNeeds(await readPhotoHeader(png, 'a.png'), png)).toBeGreaterThan(2.2e9);
    const heic = heicGrid(largeTile, { columns: 15, rows: 15 });
    expect(heic.length).toBeLessThan(12_000);
    expect(photoNeeds(await readPhotoHeader(heic, 'a.heic'), heic)).toBeGreaterThan(2.5e9);
  });
});
