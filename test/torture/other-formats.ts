/** Odd and broken files of the other formats, and files that are no photos at all. */

import sharp, { type Sharp } from 'sharp';
import { seededRandom } from '../../src/core/random.ts';
import { bmp } from '../bytes/bmp.ts';
import { fourColoursTile, heicGrid, largeTile, mirrored, turned } from '../bytes/heic.ts';
import { tiff } from '../bytes/tiff.ts';
import { portrait } from '../demo-people.ts';
import { fourColours, iphoneHeic } from '../photo-fixtures.ts';
import type { OddFiles } from './odd-files.ts';

const small = (): Sharp => portrait('olga').resize(160);

function with32(bytes: Buffer, at: number, value: number, endian: 'LE' | 'BE' = 'LE'): Buffer {
  const other = Buffer.from(bytes);
  if (endian === 'LE') other.writeUInt32LE(value, at);
  else other.writeUInt32BE(value, at);
  return other;
}

function cuts(name: string, bytes: Buffer, shares: readonly number[]): OddFiles {
  const [stem, extension] = name.split('.') as [string, string];
  return Object.fromEntries(
    shares.map((share) => [
      `${stem}-cut-at-${share}-percent.${extension}`,
      bytes.subarray(0, Math.floor((bytes.length * share) / 100)),
    ]),
  );
}

/** So many frames of noise, one above the other. */
function frames(count: number, width: number, height: number): Sharp {
  const random = seededRandom(count);
  const data = Uint8Array.from({ length: count * width * height * 3 }, () => random() * 256);
  return sharp(data, { raw: { width, height: count * height, channels: 3, pageHeight: height } });
}

export async function oddGifs(): Promise<OddFiles> {
  const gif = await small().gif({ effort: 1 }).toBuffer();
  const animated = await frames(40, 20, 20).gif({ effort: 1 }).toBuffer();
  // Logical screen: width and height at byte 6 (GIF89a, section 18).
  const screen = (width: number, height: number): Buffer => {
    const other = Buffer.from(gif);
    other.writeUInt16LE(width, 6);
    other.writeUInt16LE(height, 8);
    return other;
  };
  const image = gif.indexOf(0x2c, 13 + 3 * 2 ** ((gif[10]! & 7) + 1));
  const frame = Buffer.concat([gif.subarray(image, -1)]);
  return {
    'whole.gif': gif,
    'animated.gif': animated,
    'large-screen.gif': screen(4000, 3000),
    'bomb-of-two-hundred-frames.gif': await bombGif(200),
    'screen-of-65535.gif': screen(65_535, 65_535),
    'screen-of-0.gif': screen(0, 0),
    'screen-smaller-than-the-picture.gif': screen(3, 3),
    'two-hundred-frames.gif': Buffer.concat([
      gif.subarray(0, -1),
      ...Array.from({ length: 200 }, () => frame),
      Buffer.of(0x3b),
    ]),
    'no-frames.gif': Buffer.concat([gif.subarray(0, image), Buffer.of(0x3b)]),
    'code-of-15-bits.gif': Buffer.concat([
      gif.subarray(0, image + 10),
      Buffer.of(15),
      gif.subarray(image + 11),
    ]),
    'lacks-2-bytes.gif': gif.subarray(0, -2),
    ...cuts('a.gif', gif, [5, 30, 60, 95]),
  };
}

/** A small file whose frames are 16 megapixels each. */
async function bombGif(count: number): Promise<Buffer> {
  const plain = { create: { width: 4000, height: 4000, channels: 3, background: 'red' } } as const;
  const gif = await sharp(plain).gif({ effort: 1 }).toBuffer();
  const image = gif.indexOf(0x2c, 13 + 3 * 2 ** ((gif[10]! & 7) + 1));
  const frame = gif.subarray(image, -1);
  return Buffer.concat([gif.subarray(0, -1), ...Array.from({ length: count }, () => frame), Buffer.of(0x3b)]);
}

export async function oddWebps(): Promise<OddFiles> {
  const webp = await small().webp().toBuffer();
  const extended = await small().ensureAlpha(0.5).withMetadata({ orientation: 6 }).webp().toBuffer();
  return {
    'whole.webp': webp,
    'lossless.webp': await small().webp({ lossless: true }).toBuffer(),
    'alpha-and-orientation.webp': extended,
    'animated.webp': await frames(30, 20, 20).webp().toBuffer(),
    'bomb-of-fifty-frames.webp': await bombWebp(50),
    'says-less-than-it-has.webp': with32(webp, 4, 100),
    'says-4-gigabytes.webp': with32(webp, 4, 0xffffffff),
    'canvas-of-16-million.webp': with32(with32(extended, 24, 0xffffff), 26, 0xffffffff),
    'chunk-of-4-gigabytes.webp': with32(webp, 16, 0xffffffff),
    'no-chunks.webp': webp.subarray(0, 12),
    ...cuts('a.webp', webp, [10, 50, 90, 99]),
  };
}

async function bombWebp(count: number): Promise<Buffer> {
  const data = Buffer.alloc(1000 * 1000 * count * 3, 90);
  // Frames that are alike would be one.
  for (let i = 0; i < count; i++) data[i * 3e6] = i * 4;
  return sharp(data, { raw: { width: 1000, height: 1000 * count, channels: 3, pageHeight: 1000 } })
    .webp({ effort: 0, lossless: true })
    .toBuffer();
}

export async function oddTiffs(): Promise<OddFiles> {
  const data = fourColours().data;
  const plain = { width: 48, height: 64, bits: 8, channels: 3, photometric: 2, data } as const;
  const made = tiff(plain);
  const directory = made.readUInt32LE(4);
  /** The place of an entry's value in the directory. */
  const valueOf = (tag: number): number => {
    for (let i = 0; ; i++)
      if (made.readUInt16LE(directory + 2 + i * 12) === tag) return directory + 10 + i * 12;
  };
  const next = directory + 2 + made.readUInt16LE(directory) * 12;
  const files: Record<string, Uint8Array> = {
    'plain.tif': made,
    'directory-first.tif': tiff({ ...plain, directoryFirst: true }),
    'lab.tif': tiff({ ...plain, photometric: 8 }),
    'icc-lab.tif': tiff({ ...plain, photometric: 9 }),
    'itu-lab.tif': tiff({ ...plain, photometric: 10 }),
    'log-luv.tif': tiff({ ...plain, photometric: 32_845 }),
    'spot-colours.tif': tiff({
      ...plain,
      channels: 6,
      data: new Uint8Array(48 * 64 * 6),
      more: [[338, [0, 0, 0]]],
    }),
    'grey-16-bit.tif': tiff({
      ...plain,
      bits: 16,
      channels: 1,
      photometric: 1,
      data: new Uint8Array(48 * 64 * 2).fill(99),
    }),
    'orientation-8.tif': tiff({ ...plain, more: [[274, [8]]] }),
    'next-directory-is-itself.tif': with32(made, next, directory),
    'directory-beyond-the-end.tif': with32(made, 4, 0x7ffffff0),
    'directory-at-0.tif': with32(made, 4, 0),
    'strips-beyond-the-end.tif': with32(made, made.readUInt32LE(valueOf(273)), 0x7ffffff0),
    'strips-of-4-gigabytes.tif': with32(made, made.readUInt32LE(valueOf(279)), 0xffffffff),
    'compression-unknown.tif': with32(made, valueOf(259), 4242),
    'compression-of-old-jpeg.tif': with32(made, valueOf(259), 6),
    'compression-of-fax.tif': with32(made, valueOf(259), 4),
    'width-0.tif': with32(made, valueOf(256), 0),
    'width-of-65535.tif': with32(made, valueOf(256), 65_535),
    'no-rows-in-a-strip.tif': with32(made, valueOf(278), 0),
    'no-samples.tif': with32(made, valueOf(277), 0),
    'big-tiff-header-alone.tif': Buffer.from('49492b00080000001000000000000000', 'hex'),
    'header-alone.tif': Buffer.from('4d4d002a00000008', 'hex'),
    'several-pages.tif': await frames(5, 20, 20).tiff().toBuffer(),
    'tiles-of-jpeg.tif': await small().tiff({ compression: 'jpeg', tile: true }).toBuffer(),
    'deflated-floats.tif': await small().toColourspace('scrgb').tiff({ compression: 'deflate' }).toBuffer(),
    'one-bit-fax.tif': await small()
      .greyscale()
      .toColourspace('b-w')
      .tiff({ compression: 'ccittfax4', bitdepth: 1 })
      .toBuffer(),
    'cmyk.tif': await small().toColourspace('cmyk').tiff().toBuffer(),
  };
  return {
    ...files,
    ...cuts('a.tif', made, [10, 50, 99]),
    ...cuts('b.tif', tiff({ ...plain, directoryFirst: true }), [10, 40, 80, 99]),
  };
}

export async function oddHeifs(): Promise<OddFiles> {
  const avif = await small().avif({ effort: 0 }).toBuffer();
  const size = avif.indexOf('ispe') + 8;
  const shown = { columns: 1, rows: 1, width: 64, height: 48 };
  const files: Record<string, Uint8Array> = {
    'whole.avif': avif,
    'alpha.avif': await small().ensureAlpha(0.5).avif({ effort: 0 }).toBuffer(),
    '10-bit.avif': await small().avif({ effort: 0, bitdepth: 10 }).toBuffer(),
    'height-below-0.avif': with32(avif, size + 4, 0xf0000000, 'BE'),
    'width-0.avif': with32(avif, size, 0, 'BE'),
    'larger-than-it-is.avif': with32(avif, size, 9000, 'BE'),
    'iphone.heic': iphoneHeic,
    'grid.heic': heicGrid(fourColoursTile, { columns: 20, rows: 15 }),
    'large.heic': heicGrid(largeTile, { columns: 2, rows: 2 }),
    'larger-than-it-is.heic': heicGrid(fourColoursTile, { columns: 2, rows: 2, width: 12_000, height: 9000 }),
    'two-billion-squared.heic': heicGrid(fourColoursTile, {
      columns: 1,
      rows: 1,
      width: 0x7fffffff,
      height: 0x7fffffff,
    }),
    'tiles-of-nothing.heic': heicGrid({ ...fourColoursTile, data: new Uint8Array(0) }, shown),
    'tiles-of-zeros.heic': heicGrid({ ...fourColoursTile, data: new Uint8Array(62) }, shown),
    'configuration-missing.heic': heicGrid({ ...fourColoursTile, configuration: new Uint8Array(0) }, shown),
    'clip.mp4': Buffer.concat([
      Buffer.from('000000186674797069736f6d0000020069736f6d69736f32', 'hex'),
      Buffer.alloc(900),
    ]),
    'file-type-alone.heic': iphoneHeic.subarray(0, 28),
  };
  for (const quarters of [0, 1, 2, 3]) {
    files[`turned-by-${quarters}.heic`] = heicGrid(fourColoursTile, {
      ...shown,
      properties: [turned(quarters)],
    });
    files[`turned-by-${quarters}-and-mirrored.heic`] = heicGrid(fourColoursTile, {
      ...shown,
      properties: [turned(quarters), mirrored(1)],
    });
  }
  for (const type of [
    'meta',
    'hdlr',
    'pitm',
    'iloc',
    'iinf',
    'iprp',
    'ipco',
    'hvcC',
    'ispe',
    'irot',
    'ipma',
    'iref',
    'mdat',
  ]) {
    const at = iphoneHeic.indexOf(type) - 4;
    files[`cut-before-${type}.heic`] = iphoneHeic.subarray(0, at);
    files[`${type}-of-4-gigabytes.heic`] = with32(iphoneHeic, at, 0xffffffff, 'BE');
    const renamed = Buffer.from(iphoneHeic);
    renamed.write('free', at + 4, 'latin1');
    files[`${type}-missing.heic`] = renamed;
  }
  return { ...files, ...cuts('a.avif', avif, [10, 50, 90, 99]) };
}

export function oddBmps(): OddFiles {
  const made = bmp(fourColours(), { bits: 24 });
  const palette = bmp(fourColours(), { bits: 8 });
  return {
    'whole.bmp': made,
    'from-the-top.bmp': bmp(fourColours(), { bits: 24, topDown: true }),
    '32-bit.bmp': bmp(fourColours(), { bits: 32 }),
    'palette.bmp': palette,
    'one-bit.bmp': bmp(fourColours(), { bits: 1 }),
    'compressed.bmp': with32(palette, 30, 1),
    'width-below-0.bmp': with32(made, 18, 0xffffffd0),
    'two-billion-squared.bmp': with32(with32(made, 18, 0x7fffffff), 22, 0x7fffffff),
    'pixels-beyond-the-end.bmp': with32(made, 10, 0xfffffff0),
    'pixels-inside-the-header.bmp': with32(made, 10, 0),
    'header-of-4-gigabytes.bmp': with32(palette, 14, 0xffffffff),
    ...cuts('a.bmp', made, [0.5, 40, 80, 99]),
  };
}

/** Files that lie among photos and are none, or have the name of another format. */
export async function noPhotos(): Promise<OddFiles> {
  const random = seededRandom(5);
  const noise = Buffer.from(Array.from({ length: 9000 }, () => random() * 256));
  const jpeg = await small().jpeg().toBuffer();
  const png = await small().png().toBuffer();
  const text = (content: string): Buffer => Buffer.from(content);
  const beginning = (hex: string): Buffer => Buffer.concat([Buffer.from(hex, 'hex'), noise.subarray(0, 500)]);
  return {
    'empty.jpg': Buffer.alloc(0),
    'one-byte.jpg': Buffer.of(0xff),
    'zeros.jpg': Buffer.alloc(20_000),
    'ones.jpg': Buffer.alloc(20_000, 0xff),
    'noise.jpg': noise,
    'diary.jpg': text('Dear diary,\n'.repeat(50)),
    'page.jpg': text('<!doctype html><title>404</title>'),
    'drawing.svg': text('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
    'drawing.png': text('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'),
    'paper.jpg': text('%PDF-1.4\n1 0 obj\n'),
    'archive.jpg': beginning('504b0304'),
    'scan.jp2': beginning('0000000c6a5020200d0a870a'),
    'new.jxl': beginning('ff0a7e'),
    'layers.psd': beginning('384250530001'),
    'raw.CR2': beginning('49492a0010000000435202'),
    'icon.ico': beginning('00000100'),
    'picture.ppm': text('P6 2 2 255\n123456789012'),
    'png-called.jpg': png,
    'jpeg-called.heic': jpeg,
    'jpeg-called.png': jpeg,
    'png-called.tiff': png,
    'heic-called.jpg': iphoneHeic,
    'without-an-extension': jpeg,
    'utf-16.jpg': Buffer.from('\ufeffJPEG', 'utf16le'),
    'boxes-of-nothing.heic': Buffer.concat([
      Buffer.from('000000186674797068656963000000006d69663168656963', 'hex'),
      Buffer.alloc(80_000, Buffer.from('0000000866726565', 'hex')),
    ]),
  };
}
