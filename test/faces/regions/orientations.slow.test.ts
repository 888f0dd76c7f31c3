import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { iou, toRatio } from '../../../src/core/geometry.ts';
import type { RgbImage } from '../../../src/core/image.ts';
import type { PhotoRegions } from '../../../src/faces/regions/photo-regions.ts';
import { decodePhoto } from '../../../src/runtime/decode.ts';
import { fourColoursTile, heicGrid } from '../../bytes/heic.ts';
import { description, mwgElements, packet } from '../../photos/regions/xmp-text.ts';
import { describeWithSharedData, sharedData } from '../../shared-data.ts';
import { sharedFolder } from '../../shared-folder.ts';
import {
  formats,
  heifProperties,
  orientations,
  overlaps,
  regionsOf,
  ways,
  writeNamed,
  written,
  xmpOf,
} from './turned-photos.ts';

const files = sharedFolder();

/** Who lies where they should, each with an overlap of 0.9 at least. */
function found(photo: PhotoRegions): Record<string, boolean> {
  return Object.fromEntries(Object.entries(overlaps(photo)).map(([name, overlap]) => [name, overlap >= 0.9]));
}

const everybody = { 'Marie Curie': true, 'Pierre Curie': true };

describe.each(formats)('a photo as %s', (format) => {
  const upright: RgbImage = { width: 840, height: 700, data: new Uint8Array(840 * 700 * 3).fill(90) };

  test.each(orientations)('orientation %i: in the file, in a sidecar, in both', async (orientation) => {
    for (const way of ways) {
      const { path, file } = await writeNamed(files.path, way, format, orientation, upright);
      const photo = await regionsOf(path);
      expect({ way, ...found(photo) }).toEqual({ way, ...everybody });
      expect(photo.regions.map((region) => region.file)).toEqual([file, file]);
    }
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
