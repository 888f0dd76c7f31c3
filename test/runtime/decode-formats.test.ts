/** Kinds of photos that sharp alone refuses, and pictures that whosin does not read. */

import { describe, expect, test } from 'vitest';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { bmp } from '../bytes/bmp.ts';
import { fourColoursTile, heicGrid, largeTile, mirrored, turned } from '../bytes/heic.ts';
import { tiff } from '../bytes/tiff.ts';
import { type Colour, colourDistance, fourColours, quarters, quartersOf } from '../photo-fixtures.ts';

/** CIE L*a*b* of the four colours of sRGB under D50, as brucelindbloom.com calculates them; in 8 bits they are good to 10 near black. */
const lab: readonly (readonly [lightness: number, a: number, b: number])[] = [
  [54.29, 80.81, 69.89],
  [87.82, -79.27, 80.99],
  [29.57, 68.3, -112.03],
  [100, 0, 0],
];

function labPixels(offset: 0 | 128): Uint8Array {
  const { data } = fourColours();
  const out = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) {
    const which = quarters.findIndex((colour) => colour.every((v, c) => v === data[i + c]));
    const [lightness, a, b] = lab[which]!;
    out.set([Math.round(lightness * 2.55), Math.round(a) + offset, Math.round(b) + offset], i);
  }
  return out;
}

const shape = { width: 48, height: 64, bits: 8, channels: 3 } as const;

describe('Lab TIFF of 8 bits', () => {
  test.each([
    ['as TIFF has it', tiff({ ...shape, photometric: 8, data: labPixels(0) })],
    ['as ICC profiles have it', tiff({ ...shape, photometric: 9, data: labPixels(128) })],
    ['before its directory', tiff({ ...shape, photometric: 8, data: labPixels(0), directoryFirst: true })],
  ])('%s has the right colours', async (_what, bytes) => {
    const { image, width, height } = await decodePhoto(bytes, 'scan.tif');
    expect([width, height]).toEqual([48, 64]);
    expect(colourDistance(quartersOf(image), quarters)).toBeLessThan(12);
  });

  test('with an alpha channel is shown without it', async () => {
    const plain = labPixels(0);
    const data = new Uint8Array(48 * 64 * 4).fill(255);
    for (let i = 0; i < 48 * 64; i++) data.set(plain.subarray(i * 3, i * 3 + 3), i * 4);
    const bytes = tiff({ ...shape, channels: 4, photometric: 8, data, more: [[338, [2]]] });
    const { image } = await decodePhoto(bytes, 'scan.tif');
    expect(colourDistance(quartersOf(image), quarters)).toBeLessThan(12);
  });

  test('is turned and stretched like any other', async () => {
    const bytes = tiff({ ...shape, photometric: 8, data: labPixels(0), more: [[274, [3]]] });
    const { image } = await decodePhoto(bytes, 'scan.tif', { width: 96, height: 64 });
    expect([image.width, image.height]).toEqual([96, 64]);
    expect(colourDistance(quartersOf(image), quarters.toReversed())).toBeLessThan(12);
  });
});

describe('BMP', () => {
  test.each([
    ['24 bits', { bits: 24 }],
    ['24 bits from the top', { bits: 24, topDown: true }],
    ['32 bits', { bits: 32 }],
    ['a palette', { bits: 8 }],
  ] as const)('of %s has the right colours', async (_what, kind) => {
    // A width that is no multiple of 4, so that rows are padded.
    const { image } = await decodePhoto(bmp(fourColours(50, 64), kind), 'scan.bmp');
    expect([image.width, image.height]).toEqual([50, 64]);
    expect(colourDistance(quartersOf(image), quarters)).toBe(0);
  });

  test('of one bit is black and white', async () => {
    const { image } = await decodePhoto(bmp(fourColours(50, 64), { bits: 1 }), 'fax.bmp');
    const black: Colour = [0, 0, 0];
    const white: Colour = [255, 255, 255];
    expect(colourDistance(quartersOf(image), [black, white, black, white])).toBe(0);
  });

  test('that is compressed is refused by its kind', async () => {
    const packed = bmp(fourColours(), { bits: 8 });
    packed.writeUInt32LE(1, 30);
    await expect(decodePhoto(packed, 'old.bmp')).rejects.toMatchObject({
      code: 'not-a-photo',
      message: 'old.bmp is a BMP of a rare kind, which whosin does not read: save it as JPEG or PNG.',
    });
  });

  test('of more pixels than may be opened is refused before it is unpacked', async () => {
    const bomb = bmp(fourColours(), { bits: 1 });
    bomb.writeInt32LE(2 ** 30, 18);
    bomb.writeInt32LE(-(2 ** 30), 22);
    await expect(decodePhoto(bomb, 'bomb.bmp')).rejects.toMatchObject({ code: 'photo-too-large' });
  });
});

describe('HEIC', () => {
  const [red, green, blue, white] = quarters as [Colour, Colour, Colour, Colour];
  // As the sensor has it: the photo turned by a quarter against the clock.
  const stored = [green, white, red, blue];
  const shown = { columns: 1, rows: 1, width: 64, height: 48 };

  /** The places of the quarters when the picture is turned by a quarter against the clock, or mirrored left to right. */
  const turn = ([a, b, c, d]: readonly Colour[]): readonly Colour[] => [b!, d!, a!, c!];
  const mirror = ([a, b, c, d]: readonly Colour[]): readonly Colour[] => [b!, a!, d!, c!];

  test.each([0, 1, 2, 3])(
    'turned by %d quarters, mirrored or not, stands as it says',
    async (quarterTurns) => {
      let wanted: readonly Colour[] = stored;
      for (let i = 0; i < quarterTurns; i++) wanted = turn(wanted);
      const size = quarterTurns % 2 === 0 ? [64, 48] : [48, 64];
      const plain = await decodePhoto(
        heicGrid(fourColoursTile, { ...shown, properties: [turned(quarterTurns)] }),
        'a.heic',
      );
      expect([plain.width, plain.height]).toEqual(size);
      expect(colourDistance(quartersOf(plain.image), wanted)).toBeLessThan(12);
      const properties = [turned(quarterTurns), mirrored(1)];
      const other = await decodePhoto(heicGrid(fourColoursTile, { ...shown, properties }), 'b.heic');
      expect(colourDistance(quartersOf(other.image), mirror(wanted))).toBeLessThan(12);
    },
  );

  test('of 300 tiles, as phones of 100 megapixels write it, is read: sharp looks at 256', async () => {
    const { width, height, image } = await decodePhoto(
      heicGrid(fourColoursTile, { columns: 20, rows: 15 }),
      'many.heic',
    );
    expect([width, height, image.width]).toEqual([1280, 960, 1280]);
  });

  test('of several photos is decoded in turn, each at its size', async () => {
    const photos = [1, 2, 3].map((columns) =>
      decodePhoto(heicGrid(largeTile, { columns, rows: 1 }), 'a.heic'),
    );
    expect((await Promise.all(photos)).map(({ width }) => width)).toEqual([1024, 2048, 3072]);
  });
});

describe('pictures that whosin does not read are refused by what they are', () => {
  const beginning = (hex: string): Buffer => Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(500)]);
  test.each([
    ['scan.jp2', '0000000c6a5020200d0a870a', 'a JPEG 2000 picture'],
    ['scan.j2k', 'ff4fff51002f', 'a JPEG 2000 picture'],
    ['new.jxl', 'ff0a7e', 'a JPEG XL picture'],
    ['layers.psd', '384250530001', 'a Photoshop document'],
    ['IMG_1.CR2', '49492a0010000000435202', "a camera's raw file"],
    ['IMG_1.CR3', '0000001866747970637278200000', "a camera's raw file"],
    ['paper.pdf', '255044462d312e34', 'a PDF document'],
  ])('%s', async (name, hex, kind) => {
    await expect(decodePhoto(beginning(hex), name)).rejects.toMatchObject({
      code: 'not-a-photo',
      message: `${name} is ${kind}, which whosin does not read: save it as JPEG or PNG.`,
    });
  });

  test('a TIFF with spot colours', async () => {
    const data = new Uint8Array(48 * 64 * 5);
    const spots = tiff({ ...shape, channels: 5, photometric: 2, data, more: [[338, [0, 0]]] });
    await expect(decodePhoto(spots, 'print.tif')).rejects.toThrow(
      'print.tif is a TIFF with 5 channels, which',
    );
  });

  test('a TIFF in colours that nobody knows', async () => {
    const data = new Uint8Array(48 * 64 * 3);
    const odd = tiff({ ...shape, photometric: 32844, data });
    await expect(decodePhoto(odd, 'odd.tif')).rejects.toThrow('odd.tif is a picture in rare colours, which');
  });
});
