/** Readers of photos: their formats, their headers in libvips, what is stored besides pixels, and all of their pixels. */

import exifReader from 'exif-reader';
import sharp from 'sharp';
import { kindOfBytes } from '../../src/photos/file-signature.ts';
import { readMetadata } from '../../src/photos/photo-metadata.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { decodeBmp, readBmp } from '../../src/runtime/formats/bmp.ts';
import { heifLength, readHeif } from '../../src/runtime/formats/heif.ts';
import { hasEnd, hasWholeScan, heldPerPixel, pictureAlone } from '../../src/runtime/formats/jpeg.ts';
import { calledRgb, isLab } from '../../src/runtime/formats/lab.ts';
import { formatOf } from '../../src/runtime/formats/picture-format.ts';
import { untilDamaged } from '../../src/runtime/formats/png.ts';
import { hasExtraChannels, readTiff } from '../../src/runtime/formats/tiff.ts';
import { whyUnreadable } from '../../src/runtime/formats/why-unreadable.ts';
import { readPhotoHeader } from '../../src/runtime/photo-header.ts';
import { photoNeeds } from '../../src/runtime/photo-needs.ts';
import { bmp } from '../bytes/bmp.ts';
import { fourColoursTile, heicGrid } from '../bytes/heic.ts';
import { encode, fourColours, iphoneHeic } from '../photo-fixtures.ts';
import { mutateBytes } from './mutate-bytes.ts';
import type { Reader } from './reader.ts';

/** A photo in every format that whosin reads, 24 × 32 pixels. */
async function photos(): Promise<Uint8Array[]> {
  const picture = (): ReturnType<typeof encode> => encode(fourColours(24, 32));
  const exif = {
    IFD0: { Make: 'Canon', Orientation: '6' },
    IFD2: { DateTimeOriginal: '2019:07:04 23:30:05' },
  };
  const made = [
    picture().jpeg(),
    picture().withExif(exif).jpeg({ progressive: true }),
    picture().png(),
    picture().png({ progressive: true, palette: true }),
    picture().webp(),
    picture().webp({ lossless: true }),
    picture().gif(),
    picture().tiff({ compression: 'lzw' }),
    picture().tiff({ tile: true, tileWidth: 16, tileHeight: 16, compression: 'none' }),
    picture().avif({ effort: 0 }),
  ];
  const encoded = await Promise.all(made.map((photo) => photo.toBuffer()));
  const grid = heicGrid(fourColoursTile, { columns: 2, rows: 1 });
  const files = [
    ...encoded,
    bmp(fourColours(24, 32), { bits: 24 }),
    bmp(fourColours(24, 32), { bits: 8 }),
    iphoneHeic,
    grid,
  ];
  return files.map((file) => new Uint8Array(file));
}

async function exifBlocks(): Promise<Uint8Array[]> {
  const photo = encode(fourColours(8, 8)).withExif({
    IFD0: { Make: 'Canon', Model: 'Canon EOS 5D' },
    IFD2: { DateTimeOriginal: '2019:07:04 23:30:05', OffsetTimeOriginal: '-04:30' },
    IFD3: {
      GPSLatitudeRef: 'S',
      GPSLatitude: '33/1 51/1 36/1',
      GPSLongitudeRef: 'E',
      GPSLongitude: '151/1 12/1 0/1',
    },
  });
  const { exif } = await sharp(await photo.jpeg().toBuffer()).metadata();
  exifReader(exif!);
  return [new Uint8Array(exif!)];
}

export async function photoReaders(): Promise<Reader[]> {
  const seeds = await photos();
  return [
    {
      name: 'photo-formats',
      seeds,
      mutate: [mutateBytes],
      read: readFormats,
    },
    { name: 'exif', seeds: await exifBlocks(), mutate: [mutateBytes], read: readMetadata },
    {
      name: 'photo-header',
      isNative: true,
      seeds,
      mutate: [mutateBytes],
      read: async (bytes) => photoNeeds(await readPhotoHeader(bytes, 'photo'), bytes),
    },
    {
      name: 'photo',
      isNative: true,
      seeds,
      mutate: [mutateBytes],
      read: async (bytes) => {
        // The command lets a photo that needs more than its share of memory wait for the others.
        const header = await readPhotoHeader(bytes, 'photo');
        if (photoNeeds(header, bytes) < 2 ** 28) await decodePhoto(bytes, 'photo');
      },
    },
  ];
}

/** All that whosin itself reads in the bytes, whatever format they are of: each copes with those of others. */
function readFormats(bytes: Uint8Array): void {
  kindOfBytes(bytes);
  const format = formatOf(bytes);
  heldPerPixel(bytes);
  hasEnd(bytes);
  hasWholeScan(bytes);
  pictureAlone(bytes);
  untilDamaged(bytes);
  heifLength(bytes);
  readHeif(bytes);
  const header = readBmp(bytes);
  if (header && header.width * header.height < 10_000) decodeBmp(bytes, header);
  const tiff = readTiff(bytes);
  if (tiff) hasExtraChannels(tiff);
  if (tiff && isLab(tiff)) calledRgb(bytes, tiff);
  if (format !== undefined && 'photo' in format) whyUnreadable(bytes, format.photo);
}
