/** Both detectors and the mesh are sure of a monkey's face: only the embedding tells it from a person's. */

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import type { Face } from '../../../src/faces/find/face.ts';
import { type FaceReader, openFaceReader } from '../../../src/faces/find/read-faces.ts';
import { faceApiPack } from '../../../src/models/face-api.ts';
import { decodePhoto } from '../../../src/runtime/decode.ts';
import { demoPhoto } from '../../photo-fixtures.ts';
import { describeWithSharedData, sharedData } from '../../shared-data.ts';

let [reader, trusting]: FaceReader[] = [];
beforeAll(() => {
  reader = openFaceReader(faceApiPack, readConfig());
  trusting = openFaceReader({ ...faceApiPack, animals: undefined }, readConfig());
});
afterAll(() => Promise.all([reader!.close(), trusting!.close()]));

async function read(
  path: string,
): Promise<{ readonly now: readonly Face[]; readonly seen: readonly Face[] }> {
  const photo = await decodePhoto(await readFile(path), path);
  return { now: (await reader!.read(photo)).faces, seen: (await trusting!.read(photo)).faces };
}

test('what is read with animals told from people is no cached result of before', () => {
  expect(reader!.recipe).not.toBe(trusting!.recipe);
});

test('a person is as present as without', async () => {
  const { now, seen } = await read(demoPhoto(2));
  expect(now).toEqual(seen);
});

describeWithSharedData('beside ../shared/data', () => {
  test('the face of a monkey, of which everything else is sure, is not present', async () => {
    const { now, seen } = await read(sharedData('images', 'imagenet-dev', 'n02493509_titi.JPEG'));
    expect(seen[0]!.quality).toBeGreaterThan(0.9);
    expect(now[0]!.quality).toBeLessThan(0.1);
  });

  // How far a face lies from those of people in general is no measure of an animal: babies lie further away than the monkey.
  test.each(['n03124170_cowboy_hat', 'n02948072_candle'])('the child of %s is present', async (picture) => {
    const { now, seen } = await read(sharedData('images', 'imagenet-dev', `${picture}.JPEG`));
    expect(now).toEqual(seen);
    expect(now[0]!.quality).toBeGreaterThan(0.9);
  });
});
