import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { hammingDistance } from '../../src/core/perceptual-hash.ts';
import { cocoMobilenetV3 } from '../../src/models/coco-mobilenet-v3.ts';
import {
  openPictureBackbone,
  openPictureReader,
  type PictureBackbone,
  type PictureReader,
} from '../../src/pictures/read-picture.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { demoPhoto } from '../photo-fixtures.ts';

const config = { ...readConfig(), threads: Math.max(2, availableParallelism()) };
let files: Uint8Array[];
let reader: PictureReader;
let backbone: PictureBackbone;

beforeAll(async () => {
  reader = openPictureReader(cocoMobilenetV3, config);
  backbone = openPictureBackbone(cocoMobilenetV3, { ...config, threads: 1 });
  files = await Promise.all([1, 2, 3, 4, 5, 6].map((i) => readFile(demoPhoto(i))));
});
afterAll(async () => {
  await reader.close();
  await backbone.close();
});

/** 1 for the same direction. */
function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, v, i) => sum + v * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe('pictures read by several threads', () => {
  test('have the bottlenecks and hashes of pictures read by one', async () => {
    const together = await Promise.all(files.map((bytes, i) => reader.compute(bytes, `${i}.jpg`)));
    for (const [i, bytes] of files.entries()) {
      expect(together[i]).toEqual(await backbone.read(bytes, `${i}.jpg`));
    }
  });

  test('are refused as by one, each for itself', async () => {
    const readings = await Promise.allSettled([
      reader.compute(files[0]!.subarray(0, 20_000), 'a.jpg'),
      reader.compute(files[1]!, 'b.jpg'),
      reader.compute(new Uint8Array(), 'c.jpg'),
    ]);
    expect(readings.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    expect(readings[0]).toMatchObject({
      reason: { code: 'damaged-photo', message: expect.stringMatching(/^a\.jpg is cut off: /) as string },
    });
    expect(readings[2]).toMatchObject({ reason: { code: 'not-a-photo' } });
  });
});

describe('a photo that is decoded no larger than the network takes', () => {
  test('has the bottleneck of the same photo decoded whole', async () => {
    for (const bytes of files) {
      const { image } = await decodePhoto(bytes, 'whole.jpg');
      const { bottleneck } = await backbone.read(bytes, 'small.jpg');
      expect(cosine(bottleneck, await backbone.bottleneck(image))).toBeGreaterThan(0.99);
    }
  });

  test("a camera's large copy of it has nearly its bottleneck and its hash", async () => {
    const large = await sharp(files[0]).resize(4000).jpeg({ quality: 95 }).toBuffer();
    const [a, b] = [await backbone.read(files[0]!, 'a.jpg'), await backbone.read(large, 'b.jpg')];
    expect(cosine(a.bottleneck, b.bottleneck)).toBeGreaterThan(0.99);
    expect(hammingDistance(a.perceptualHash, b.perceptualHash)).toBeLessThanOrEqual(4);
  });
});
