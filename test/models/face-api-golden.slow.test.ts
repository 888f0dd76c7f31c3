/** Each compiled graph against the weights' own runtime on real photos: no number is off by more than 0.0001. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dot, unitLength } from '../../src/core/embedding.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { faceApiPack } from '../../src/models/face-api.ts';
import type { NetworkSpec } from '../../src/models/network.ts';
import { type Output, openNetwork } from '../../src/runtime/session.ts';
import { demoPhoto, encode, fourColours } from '../photo-fixtures.ts';
import { openReference, type Reference } from './face-api-reference.ts';

const tolerance = 1e-4;

/** Places of faces of several poses in the demo photos: number, left, top, width, height. */
const faces = [
  [1, 402, 364, 220, 220],
  [2, 1430, 150, 240, 240],
  [3, 570, 340, 260, 260],
  [6, 220, 460, 300, 300],
] as const;

let reference: Reference;
let home: string;

beforeAll(async () => {
  [reference, home] = await Promise.all([openReference(), mkdtemp(join(tmpdir(), 'whosin-golden-'))]);
});
afterAll(() => rm(home, { recursive: true, force: true }));

async function crop(
  [number, left, top, width, height]: readonly [number, number, number, number, number],
  side: number,
): Promise<RgbImage> {
  const part = sharp(demoPhoto(number)).removeAlpha().extract({ left, top, width, height });
  return { width: side, height: side, data: await part.resize(side, side).raw().toBuffer() };
}

async function faceCrops(side: number): Promise<RgbImage[]> {
  const flat = await encode(fourColours(side, side)).raw().toBuffer();
  return [
    ...(await Promise.all(faces.map((face) => crop(face, side)))),
    { width: side, height: side, data: flat },
  ];
}

/** The outputs for all pictures as one batch, calculated with 32 bits. */
function run(
  { ranges: _, ...spec }: NetworkSpec,
  pictures: readonly RgbImage[],
): Promise<Readonly<Record<string, Output>>> {
  return runAsItIs(spec, pictures);
}

async function runAsItIs(
  spec: NetworkSpec,
  pictures: readonly RgbImage[],
): Promise<Readonly<Record<string, Output>>> {
  const network = await openNetwork(spec, { home, threads: 1 });
  const { width, height } = pictures[0]!;
  const pixels = Buffer.concat(pictures.map(({ data }) => data));
  const outputs = await network.run(pixels, [pictures.length, height, width, 3]);
  await network.close();
  return outputs;
}

function largestDifference(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(found.length).toBe(wanted.length);
  let largest = 0;
  for (let i = 0; i < wanted.length; i++) largest = Math.max(largest, Math.abs(found[i]! - wanted[i]!));
  return largest;
}

describe('the detector on its own canvas of 512 pixels', () => {
  test.each([[[1, 3]], [[2]], [[6]]])('agrees on all anchors of demo photos %j', async (numbers) => {
    const pictures = await Promise.all(
      numbers.map(async (number) => {
        const canvas = sharp(demoPhoto(number)).resize(512, 512, { fit: 'contain', position: 'left top' });
        return { width: 512, height: 512, data: await canvas.removeAlpha().raw().toBuffer() };
      }),
    );
    const wanted = await reference.detect(faceApiPack.detector, pictures);
    const { boxes, scores } = await run(faceApiPack.detector, pictures);
    expect(Math.max(...wanted.scores), 'the reference sees a face').toBeGreaterThan(0.8);
    expect(largestDifference(scores!.data, wanted.scores)).toBeLessThan(tolerance);
    expect(
      largestDifference(
        boxes!.data.map((v) => v / 512),
        wanted.boxes,
      ),
    ).toBeLessThan(tolerance);
  });
});

describe('the embedder', () => {
  const embedder = faceApiPack.embedders[0]!.network;

  test('agrees on faces, on a picture without a face, and on all of them as one batch', async () => {
    const pictures = await faceCrops(150);
    const wanted = await reference.embed(embedder, pictures);
    const { embeddings } = await run(embedder, pictures);
    expect(embeddings!.shape).toEqual([pictures.length, 128]);
    expect(largestDifference(embeddings!.data, wanted)).toBeLessThan(tolerance);
    const alone = await run(embedder, pictures.slice(1, 2));
    expect(largestDifference(alone['embeddings']!.data, wanted.slice(128, 256))).toBeLessThan(tolerance);
  });
});

describe('with 8 bits', () => {
  test('both embedders see nearly the same in a face', async () => {
    for (const { network, looks } of faceApiPack.embedders) {
      const pictures = (await faceCrops(looks[0]!.alignment.chip)).slice(0, -1);
      const [exact, near] = [await run(network, pictures), await runAsItIs(network, pictures)];
      const [values, others] = [exact['embeddings']!.data, near['embeddings']!.data];
      expect(others).not.toEqual(values);
      const length = values.length / pictures.length;
      for (const k of pictures.keys()) {
        const part = [values, others].map((all) => unitLength(all.slice(k * length, (k + 1) * length)));
        expect(dot(part[0]!, part[1]!)).toBeGreaterThan(0.985);
      }
    }
  });

  test('the detector is as sure of what it is sure of', async () => {
    const canvas = sharp(demoPhoto(6)).resize(512, 512, { fit: 'contain', position: 'left top' });
    const photo = { width: 512, height: 512, data: await canvas.removeAlpha().raw().toBuffer() };
    const detector = faceApiPack.detector;
    const [exact, near] = [await run(detector, [photo]), await runAsItIs(detector, [photo])];
    const [scores, others] = [exact['scores']!.data, near['scores']!.data];
    expect(others).not.toEqual(scores);
    const differences = scores.map((score, i) => (score > 0.8 ? Math.abs(score - others[i]!) : 0));
    expect(Math.max(...scores)).toBeGreaterThan(0.8);
    expect(Math.max(...differences)).toBeLessThan(0.1);
  });
});
