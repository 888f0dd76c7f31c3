import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePhoto, type Photo } from '../../src/runtime/decode.ts';
import {
  type Colour,
  colourDistance,
  demoPhoto,
  encode,
  fourColours,
  iphoneHeic,
  quarters,
  quartersOf,
  storedAs,
} from '../photo-fixtures.ts';
import { describeWithSharedData, sharedData } from '../shared-data.ts';

const picture = (): Sharp => encode(fourColours());

async function decoded(photo: Sharp): Promise<Photo> {
  return decodePhoto(await photo.toBuffer(), 'photo');
}

/** The four colours on the way through black and white (ITU-R BT.709 luma as sharp computes it). */
const greys: readonly Colour[] = [127, 220, 76, 255].map((v): Colour => [v, v, v]);

describe('EXIF orientation', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'orientation %d decodes to the same upright pixels',
    async (orientation) => {
      const stored = encode(storedAs(orientation, fourColours())).withMetadata({ orientation });
      const exact = await decoded(stored.clone().png());
      expect(exact.image).toEqual(fourColours());
      for (const lossy of [
        stored.clone().jpeg({ quality: 95 }),
        stored.clone().webp(),
        stored.clone().tiff(),
      ]) {
        const photo = await decoded(lossy);
        expect(photo).toMatchObject({ width: 48, height: 64, image: { width: 48, height: 64 } });
        expect(colourDistance(quartersOf(photo.image), quarters)).toBeLessThan(12);
      }
    },
  );

  test('an orientation that does not exist leaves the pixels as they are stored', async () => {
    const bytes = await picture().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const tag = bytes.indexOf(Buffer.from([0x12, 0x01, 0x03, 0x00]));
    expect(tag).toBeGreaterThan(0);
    bytes.writeUInt8(9, tag + 8);
    const { image } = await decodePhoto(bytes, 'odd.jpg');
    expect(colourDistance(quartersOf(image), quarters)).toBeLessThan(12);
  });
});

describe('formats', () => {
  const frames = Buffer.concat([fourColours().data, new Uint8Array(48 * 64 * 3)]);
  const animation = (): Sharp =>
    sharp(frames, { raw: { width: 48, height: 128, channels: 3, pageHeight: 64 } });

  test.each<[string, Sharp, readonly Colour[], number]>([
    ['JPEG', picture().jpeg({ quality: 95 }), quarters, 3],
    ['progressive JPEG', picture().jpeg({ quality: 95, progressive: true }), quarters, 3],
    ['grey JPEG', picture().greyscale().jpeg({ quality: 95 }), greys, 3],
    ['Display P3 JPEG', picture().withIccProfile('p3').jpeg({ quality: 95 }), quarters, 6],
    ['PNG', picture().png(), quarters, 0],
    ['16-bit PNG', picture().toColourspace('rgb16').png(), quarters, 0],
    ['16-bit grey PNG', picture().greyscale().toColourspace('grey16').png(), greys, 1],
    ['palette PNG', picture().png({ palette: true }), quarters, 0],
    ['WebP', picture().webp({ quality: 95 }), quarters, 12],
    ['AVIF', picture().avif({ quality: 90 }), quarters, 12],
    ['TIFF', picture().tiff({ compression: 'lzw' }), quarters, 0],
    ['16-bit TIFF', picture().toColourspace('rgb16').tiff({ compression: 'lzw' }), quarters, 1],
    ['animated GIF', animation().gif({ delay: 100 }), quarters, 1],
    ['animated WebP', animation().webp({ lossless: true }), quarters, 0],
  ])('%s becomes upright RGB with the right colours', async (_format, photo, colours, tolerance) => {
    const { image, width, height } = await decoded(photo);
    expect([width, height, image.width, image.height]).toEqual([48, 64, 48, 64]);
    expect(image.data.length).toBe(48 * 64 * 3);
    expect(colourDistance(quartersOf(image), colours)).toBeLessThanOrEqual(tolerance);
  });

  test('CMYK JPEG keeps its hues: a press cannot print full blue, but blue stays blue', async () => {
    const { image } = await decoded(picture().toColourspace('cmyk').jpeg({ quality: 95 }));
    expect(image.data.length).toBe(48 * 64 * 3);
    const [red, green, blue, white] = quartersOf(image) as [number[], number[], number[], number[]];
    expect(red[0]! - Math.max(red[1]!, red[2]!)).toBeGreaterThan(100);
    expect(green[1]! - green[2]!).toBeGreaterThan(100);
    expect(blue[2]! - Math.max(blue[0]!, blue[1]!)).toBeGreaterThan(50);
    expect(Math.min(...white)).toBeGreaterThan(245);
  });

  test('HEIC of an iPhone stands upright: its turn is applied once, though stated twice', async () => {
    const photo = await decodePhoto(iphoneHeic, 'IMG_0001.HEIC');
    expect(photo).toMatchObject({ width: 48, height: 64, image: { width: 48, height: 64 } });
    expect(colourDistance(quartersOf(photo.image), quarters)).toBeLessThan(12);
  });

  test('transparency lies over white, in colour and in grey', async () => {
    const clear = await decoded(picture().ensureAlpha(0).png());
    expect(new Set(clear.image.data)).toEqual(new Set([255]));
    const half = await decoded(picture().ensureAlpha(0.5).png());
    const pale: readonly Colour[] = [
      [255, 128, 128],
      [128, 255, 128],
      [128, 128, 255],
      [255, 255, 255],
    ];
    expect(colourDistance(quartersOf(half.image), pale)).toBeLessThanOrEqual(2);
    const greyAndAlpha = Buffer.from(Array.from({ length: 48 * 64 }, () => [0, 128]).flat());
    const raw = { width: 48, height: 64, channels: 2 as const };
    const grey = await decoded(sharp(greyAndAlpha, { raw }).toColourspace('b-w').png());
    expect(
      colourDistance(
        quartersOf(grey.image),
        quarters.map((): Colour => [127, 127, 127]),
      ),
    ).toBeLessThanOrEqual(2);
  });
});

describe('size', () => {
  test('a photo wider than the working size comes smaller but reports its own size', async () => {
    const wide = encode(fourColours(3000, 1000)).withMetadata({ orientation: 3 });
    const { width, height, image } = await decoded(wide.jpeg());
    expect([width, height]).toEqual([3000, 1000]);
    expect([image.width, image.height]).toEqual([2048, 683]);
    expect(colourDistance(quartersOf(image), quarters.toReversed())).toBeLessThan(12);
  });

  test('a photo asked for at a size comes upright at exactly that, stretched, and reports its own size', async () => {
    for (const [side, format] of [
      [3000, 'jpeg'],
      [3000, 'png'],
      [60, 'jpeg'],
    ] as const) {
      const turned = encode(fourColours(side, side / 3)).withMetadata({ orientation: 3 });
      const bytes = await turned.toFormat(format).toBuffer();
      const { width, height, image } = await decodePhoto(bytes, 'photo', { width: 80, height: 96 });
      expect([width, height]).toEqual([side, side / 3]);
      expect([image.width, image.height, image.data.length]).toEqual([80, 96, 80 * 96 * 3]);
      expect(colourDistance(quartersOf(image), quarters.toReversed())).toBeLessThan(12);
    }
  });

  test('the reported size is that of the upright photo', async () => {
    const turned = encode(fourColours(3000, 1000)).withMetadata({ orientation: 6 });
    const { width, height, image } = await decoded(turned.jpeg());
    expect([width, height, image.width, image.height]).toEqual([1000, 3000, 683, 2048]);
  });

  test('small photos are never enlarged, down to a single pixel', async () => {
    const { image } = await decoded(encode(fourColours(1, 1)).png());
    expect([image.width, image.height, image.data.length]).toEqual([1, 1, 3]);
  });

  test('a photo like a line keeps at least one pixel of its short side', async () => {
    const { image } = await decoded(encode(fourColours(30_000, 1)).png());
    expect([image.width, image.height]).toEqual([2048, 1]);
  });
});

test('every photo that comes with the face networks opens', async () => {
  for (const number of [1, 2, 3, 4, 5, 6]) {
    const { image, width } = await decodePhoto(await readFile(demoPhoto(number)), `sample${number}.jpg`);
    expect([image.width, image.data.length]).toEqual([width, image.width * image.height * 3]);
  }
});

describeWithSharedData('photos from the web', () => {
  test.each(['celeb5/train', 'knn/train', 'sports-dev'])('every photo of %s opens', async (folder) => {
    const root = sharedData('faces', folder);
    const paths = (await readdir(root, { recursive: true })).filter((path) => /\.(jpe?g|png)$/i.test(path));
    expect(paths.length).toBeGreaterThan(5);
    for (const path of paths) {
      const { image } = await decodePhoto(await readFile(join(root, path)), path);
      expect(image.data.length).toBe(image.width * image.height * 3);
    }
  });
});
