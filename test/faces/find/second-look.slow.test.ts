/** A second detector looks at photos in which the first is sure of no face, and at no others. */

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { warp } from '../../../src/core/warp.ts';
import type { PhotoFaces } from '../../../src/faces/find/face.ts';
import { type FaceReader, openFaceReader } from '../../../src/faces/find/read-faces.ts';
import { faceApiPack } from '../../../src/models/face-api.ts';
import { decodePhoto } from '../../../src/runtime/decode.ts';
import { demoPhoto } from '../../photo-fixtures.ts';
import { describeWithSharedData, sharedData } from '../../shared-data.ts';

let [twice, once]: FaceReader[] = [];
beforeAll(() => {
  twice = openFaceReader(faceApiPack, readConfig());
  once = openFaceReader({ ...faceApiPack, secondDetector: undefined }, readConfig());
});
afterAll(() => Promise.all([twice!.close(), once!.close()]));

async function read(reader: FaceReader, path: string): Promise<PhotoFaces> {
  return reader.read(await decodePhoto(await readFile(path), path));
}

test('a photo with a sure face is read as without it, to the last bit', async () => {
  expect(await read(twice!, demoPhoto(2))).toEqual(await read(once!, demoPhoto(2)));
});

describeWithSharedData('beside ../shared/data', () => {
  // The detector was trained on crowds: of 600 faces from the side that fill their photo it overlooked 27.
  test.each(['015/profile/04.jpg', '020/profile/02.jpg', '080/profile/02.jpg'])(
    'the face of %s, which the detector overlooks, is found with its points',
    async (name) => {
      const path = sharedData('faces', 'cfp-dev', name);
      expect((await read(once!, path)).faces).toEqual([]);
      const { width, height, faces } = await read(twice!, path);
      expect(faces).toHaveLength(1);
      const { box, landmarks, quality } = faces[0]!;
      expect(quality).toBeGreaterThan(0.5);
      for (const { x, y } of [{ x: width / 2, y: height / 2 }, landmarks[4]!]) {
        expect(x).toBeGreaterThan(box.left);
        expect(x).toBeLessThan(box.left + box.width);
        expect(y).toBeGreaterThan(box.top);
        expect(y).toBeLessThan(box.top + box.height);
      }
    },
  );

  // The copies that it looks at lay in the corner of a black canvas: what the left edge cuts off was cut off by the canvas as well.
  test.each([
    ['001/profile/01.jpg', 31],
    ['043/profile/01.jpg', 43],
  ])('the face of %s is found if the left edge of the photo cuts off a third of it', async (name, left) => {
    const path = sharedData('faces', 'cfp-dev', name);
    const { image } = await decodePhoto(await readFile(path), path);
    const [width, height] = [image.width - left, image.height];
    const cut = warp(image, { a: 1, b: 0, tx: -left, ty: 0 }, width, height);
    const { faces } = await twice!.read({ image: cut, width, height });
    expect(faces).toHaveLength(1);
    expect(faces[0]!.quality).toBeGreaterThan(0.5);
    // It reaches nearly to the edge.
    expect(faces[0]!.box.left).toBeLessThan(width / 3);
  });

  // BlazeFace alone takes both for faces in one copy or another.
  test.each(['n02086240_Shih-Tzu.JPEG', 'n02120505_grey_fox.JPEG'])(
    'no face is found in %s, which shows an animal',
    async (name) => {
      const path = sharedData('images', 'imagenet-dev', name);
      expect((await read(twice!, path)).faces).toEqual([]);
    },
  );
});
