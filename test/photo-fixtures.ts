/** Pictures made in code, and the few bytes that no library here can write. */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import type { RgbImage } from '../src/core/image.ts';
import { pngChunk, pngHeader, pngSignature } from './bytes/png.ts';

export type Colour = readonly [red: number, green: number, blue: number];

/** Top left, top right, bottom left, bottom right of `fourColours`: no two alike, so every turn shows. */
export const quarters: readonly Colour[] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
];

export function fourColours(width = 48, height = 64): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const quarter = (y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1);
      data.set(quarters[quarter]!, (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

/** The colours in the middle of each quarter, in the order of `quarters`. */
export function quartersOf({ width, height, data }: RgbImage): number[][] {
  return [0, 1, 2, 3].map((quarter) => {
    const x = Math.floor(width * (quarter % 2 === 0 ? 0.25 : 0.75));
    const y = Math.floor(height * (quarter < 2 ? 0.25 : 0.75));
    const at = (y * width + x) * 3;
    return Array.from(data.subarray(at, at + 3));
  });
}

/** The largest difference of any channel of two lists of colours. */
export function colourDistance(found: readonly (readonly number[])[], wanted: readonly Colour[]): number {
  return Math.max(...wanted.flatMap((colour, i) => colour.map((v, c) => Math.abs(v - found[i]![c]!))));
}

export function encode({ width, height, data }: RgbImage): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** The pixels as a camera stores them under an EXIF orientation, for a photo that is `upright` when shown. */
export function storedAs(orientation: number, upright: RgbImage): RgbImage {
  const { width: w, height: h } = upright;
  // TIFF 6.0, tag 274: which sides of the upright photo the stored row 0 and column 0 are.
  const places: Record<number, (x: number, y: number) => readonly [row: number, column: number]> = {
    1: (x, y) => [y, x],
    2: (x, y) => [y, w - 1 - x],
    3: (x, y) => [h - 1 - y, w - 1 - x],
    4: (x, y) => [h - 1 - y, x],
    5: (x, y) => [x, y],
    6: (x, y) => [w - 1 - x, y],
    7: (x, y) => [w - 1 - x, h - 1 - y],
    8: (x, y) => [x, h - 1 - y],
  };
  const place = places[orientation]!;
  const width = orientation < 5 ? w : h;
  const data = new Uint8Array(upright.data.length);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const [row, column] = place(x, y);
      const from = (y * w + x) * 3;
      data.set(upright.data.subarray(from, from + 3), (row * width + column) * 3);
    }
  }
  return { width, height: orientation < 5 ? h : w, data };
}

/** A black one-bit PNG of any size, made without holding its pixels as bytes. */
export function blackPng(width: number, height: number): Buffer {
  const rows = Buffer.alloc(height * (1 + Math.ceil(width / 8)));
  const chunks = [
    pngHeader({ width, height, bits: 1, kind: 'grey' }),
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', new Uint8Array(0)),
  ];
  return Buffer.concat([pngSignature, ...chunks]);
}

/**
 * `fourColours()` as iPhones write it: HEVC tiles of a landscape sensor, the turn stated both in the file's
 * `irot` box and in EXIF (orientation 6). Made with heif-enc 1.15 (libheif, x265); the `irot` box was added
 * by hand. No npm package encodes HEVC.
 */
export const iphoneHeic = Buffer.from(
  `
  AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAettZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAA
  AAAAAA5waXRtAAAAAAACAAAAEGlkYXQAAAAAAEAAMAAAAExpbG9jAQAAAERAAAMAAQAAAAAAAAIFAAEAAAAKAAAAPgACAAEA
  AAAAAAAAAQAAAAAAAAAIAAMAAAAAAAACQwABAAAACgAAALgAAABNaWluZgAAAAAAAwAAABVpbmZlAgAAAQABAABodmMxAAAA
  ABVpbmZlAgAAAAACAABncmlkAAAAABVpbmZlAgAAAQADAABFeGlmAAAAAN9pcHJwAAAAvGlwY28AAABzaHZjQwEDcAAAAAAA
  AAAAAB7wAPz9+PgAAA8DIAABABhAAQwB//8DcAAAAwCQAAADAAADAB66AkAhAAEAJ0IBAQNwAAADAJAAAAMAAAMAHqAggQWW
  6uSmubAgAAADACAAAAMAISIAAQAGRAHBc8CJAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAUaXNwZQAAAAAAAABAAAAAMAAAABBw
  aXhpAAAAAAMICAgAAAAJaXJvdAMAAAAbaXBtYQAAAAAAAAACAAECgQIAAgMDhIUAAAAoaXJlZgAAAAAAAAAOZGltZwACAAEA
  AQAAAA5jZHNjAAMAAQACAAAA/m1kYXQAAAA6KAGvGYD3hQ2+hEn7bw/dgh+TgZ/hyGrvmUS1lcZiHjPy8QmjoQBKrNm8WvwQ
  WCUQJ3Bcdt8EfeRg4AAAAABJSSoACAAAAAYAEgEDAAEAAAAGAAAAGgEFAAEAAABWAAAAGwEFAAEAAABeAAAAKAEDAAEAAAAC
  AAAAEwIDAAEAAAABAAAAaYcEAAEAAABmAAAAAAAAADhjAADoAwAAOGMAAOgDAAAGAACQBwAEAAAAMDIxMAGRBwAEAAAAAQID
  AACgBwAEAAAAMDEwMAGgAwABAAAA//8AAAKgBAABAAAAQAAAAAOgBAABAAAAMAAAAAAAAAA=
`,
  'base64',
);

/** A photo with several faces that the npm package of the face networks carries, 1 to 6. */
export function demoPhoto(number: number): string {
  const home = dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'));
  return join(home, 'demo', `sample${number}.jpg`);
}
