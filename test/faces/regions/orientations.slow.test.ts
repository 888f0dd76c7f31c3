import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Box, iou, toRatio } from '../../../src/core/geometry.ts';
import type { RgbImage } from '../../../src/core/image.ts';
import { type PhotoRegions, readRegions } from '../../../src/faces/regions/photo-regions.ts';
import { decodePhoto } from '../../../src/runtime/decode.ts';
import { fourColoursTile, heicGrid, mirrored, turned } from '../../bytes/heic.ts';
import { encode, storedAs } from '../../photo-fixtures.ts';
import { type AreaText, description, mwgElements, packet } from '../../photos/regions/xmp-text.ts';
import { describeWithSharedData, sharedData } from '../../shared-data.ts';
import { sharedFolder } from '../../shared-folder.ts';

/** The people of ../shared/data/xmp, in the upright photo of 840 × 700. */
const truth: Readonly<Record<string, Box<'ratio'>>> = {
  'Marie Curie': { left: 0.315, top: 0.21, width: 0.11, height: 0.2 },
  'Pierre Curie': { left: 0.64, top: 0.12, width: 0.1, height: 0.24 },
};

const orientations = [1, 2, 3, 4, 5, 6, 7, 8] as const;
const files = sharedFolder();

/** The place of a box of the upright photo in the stored pixels: looked up in pixels that are stored so. */
function storedArea(name: string, box: Box<'ratio'>, orientation: number): AreaText {
  const upright: RgbImage = { width: 840, height: 700, data: new Uint8Array(840 * 700 * 3) };
  const [left, top] = [Math.round(box.left * 840), Math.round(box.top * 700)];
  for (let y = top; y < top + Math.round(box.height * 700); y++)
    upright.data.fill(255, (y * 840 + left) * 3, (y * 840 + left + Math.round(box.width * 840)) * 3);
  const { width, height, data } = storedAs(orientation, upright);
  let [x0, y0, x1, y1] = [width, height, 0, 0];
  for (let at = 0; at < width * height; at++) {
    if (data[at * 3] === 0) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x + 1), Math.max(y1, y + 1)];
  }
  const [w, h] = [(x1 - x0) / width, (y1 - y0) / height];
  return { name, x: x0 / width + w / 2, y: y0 / height + h / 2, w, h };
}

function xmpOf(orientation: number, attributes = ''): string {
  const areas = Object.entries(truth).map(([name, box]) => storedArea(name, box, orientation));
  return packet(description(mwgElements(areas), attributes));
}

/** The turns and mirrors with which HEIF says what EXIF says with a number. */
const heifProperties: Readonly<Record<number, readonly Uint8Array[]>> = {
  1: [],
  2: [mirrored(1)],
  3: [turned(2)],
  4: [mirrored(0)],
  5: [mirrored(1), turned(1)],
  6: [turned(3)],
  7: [mirrored(1), turned(3)],
  8: [turned(1)],
};

const formats = ['jpg', 'png', 'webp', 'tif', 'heic'] as const;

async function written(
  format: (typeof formats)[number],
  orientation: number,
  upright: RgbImage,
  xmp: string | undefined,
): Promise<Uint8Array> {
  if (format === 'heic') {
    return heicGrid(fourColoursTile, {
      columns: 2,
      rows: 2,
      properties: heifProperties[orientation]!,
      ...(xmp !== undefined && { xmp: Buffer.from(xmp) }),
    });
  }
  const photo = encode(storedAs(orientation, upright)).withMetadata({ orientation });
  const sharpFormat = format === 'jpg' ? 'jpeg' : format === 'tif' ? 'tiff' : format;
  return (xmp === undefined ? photo : photo.withXmp(xmp)).toFormat(sharpFormat).toBuffer();
}

async function regionsOf(path: string): Promise<PhotoRegions> {
  for await (const photo of readRegions([path])) {
    if (photo.kind === 'failure') throw photo.error;
    return photo;
  }
  throw new Error('no answer');
}

/** Who lies where they should, each with an overlap of 0.9 at least. */
function found({ regions }: PhotoRegions): Record<string, boolean> {
  return Object.fromEntries(regions.map(({ name, box }) => [name, iou(box, truth[name!]!) >= 0.9]));
}

const everybody = { 'Marie Curie': true, 'Pierre Curie': true };

describe.each(formats)('a photo as %s', (format) => {
  const upright: RgbImage = { width: 840, height: 700, data: new Uint8Array(840 * 700 * 3).fill(90) };

  test.each(orientations)('orientation %i: in the file, in a sidecar, in both', async (orientation) => {
    const xmp = xmpOf(orientation);
    const path = (name: string): string => join(files.path, `${name}-${orientation}.${format}`);
    const withXmp = await written(format, orientation, upright, xmp);
    const without = await written(format, orientation, upright, undefined);
    await writeFile(path('embedded'), withXmp);
    expect(found(await regionsOf(path('embedded')))).toEqual(everybody);

    await writeFile(path('sidecar'), without);
    // A sidecar's turn of its photo is of no account.
    await writeFile(`${path('sidecar')}.xmp`, xmpOf(orientation, 'tiff:Orientation="3"'));
    const beside = await regionsOf(path('sidecar'));
    expect(found(beside)).toEqual(everybody);
    expect(beside.regions[0]!.file).toBe(`${path('sidecar')}.xmp`);

    await writeFile(path('stem'), without);
    await writeFile(join(files.path, `stem-${orientation}.xmp`), xmp);
    expect(found(await regionsOf(path('stem')))).toEqual(everybody);

    await writeFile(
      path('both'),
      await written(
        format,
        orientation,
        upright,
        packet(description(mwgElements([{ name: 'Old Name', x: 0.1, y: 0.1, w: 0.1, h: 0.1 }]))),
      ),
    );
    await writeFile(`${path('both')}.xmp`, xmp);
    expect(found(await regionsOf(path('both')))).toEqual(everybody);
  });
});

describe('HEIC turns itself', () => {
  // The stored tile shows four colours; whosin decodes it with libheif, which turns it by the same boxes.
  test.each(orientations)(
    'the region lies where libheif puts its pixels, as EXIF would call it %i',
    async (orientation) => {
      const xmp = packet(description(mwgElements([{ name: 'Red', x: 0.25, y: 0.25, w: 0.4, h: 0.4 }])));
      const bytes = heicGrid(fourColoursTile, {
        columns: 1,
        rows: 1,
        width: 64,
        height: 48,
        properties: heifProperties[orientation]!,
        xmp: Buffer.from(xmp),
      });
      const path = join(files.path, `red-${orientation}.heic`);
      await writeFile(path, bytes);
      const photo = await regionsOf(path);
      const { image, width, height } = await decodePhoto(bytes, path);
      expect([photo.width, photo.height, photo.orientation]).toEqual([width, height, orientation]);
      const { box } = photo.regions[0]!;
      const [x, y] = [(box.left + box.width / 2) * image.width, (box.top + box.height / 2) * image.height];
      const colourAt = (px: number, py: number): number[] => {
        const at = (Math.floor(py) * image.width + Math.floor(px)) * 3;
        return [...image.data.subarray(at, at + 3)].map((value) => Math.round(value / 255));
      };
      const plain = await decodePhoto(
        heicGrid(fourColoursTile, { columns: 1, rows: 1, width: 64, height: 48 }),
        'plain',
      );
      const atStored = (12 * plain.image.width + 16) * 3;
      const stored = [...plain.image.data.subarray(atStored, atStored + 3)].map((value) =>
        Math.round(value / 255),
      );
      expect(colourAt(x, y)).toEqual(stored);
    },
  );
});

describeWithSharedData('the photos of ../shared/data/xmp', () => {
  let upright: RgbImage;
  beforeAll(async () => {
    const { data, info } = await sharp(sharedData('xmp', 'photo.jpg'))
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    upright = { width: info.width, height: info.height, data };
  });

  test.each(['photo.jpg', 'photo.6.embedded.jpg', 'photo.6.embedded_sidecar.jpg'])(
    '%s as it came',
    async (name) => {
      expect(found(await regionsOf(sharedData('xmp', name)))).toEqual(everybody);
    },
  );

  test('without a turn in the photo the sidecar turns nothing: its regions are those of the stored picture', async () => {
    const { width, height, orientation, regions } = await regionsOf(sharedData('xmp', 'photo.6.sidecar.jpg'));
    expect([width, height, orientation]).toEqual([700, 840, 1]);
    const marie = toRatio(
      { left: 0.21 * 700, top: 0.575 * 840, width: 0.2 * 700, height: 0.11 * 840 },
      { width, height },
    );
    expect(iou(regions[0]!.box, marie)).toBeGreaterThan(0.9);
  });

  test.each(orientations)('made into orientation %i, with its own pixels', async (orientation) => {
    const path = join(files.path, `curie-${orientation}.jpg`);
    await writeFile(path, await written('jpg', orientation, upright, xmpOf(orientation)));
    expect(found(await regionsOf(path))).toEqual(everybody);
    const copy = join(files.path, `curie-copy-${orientation}.jpg`);
    await copyFile(path, copy);
    await copyFile(sharedData('xmp', 'photo.6.embedded_sidecar.jpg.xmp'), `${copy}.xmp`);
    const { regions } = await regionsOf(copy);
    expect(regions.every(({ file }) => file === `${copy}.xmp`)).toBe(true);
  });
});
