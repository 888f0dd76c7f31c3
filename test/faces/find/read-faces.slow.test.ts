import { readFile } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { dot, similarity } from '../../../src/core/embedding.ts';
import { iou } from '../../../src/core/geometry.ts';
import type { RgbImage } from '../../../src/core/image.ts';
import type { Face, PhotoFaces } from '../../../src/faces/find/face.ts';
import { type FaceReader, openFaceReader } from '../../../src/faces/find/read-faces.ts';
import { faceThumbnail } from '../../../src/faces/find/thumbnail.ts';
import { faceApiPack } from '../../../src/models/face-api.ts';
import { decodePhoto } from '../../../src/runtime/decode.ts';
import { demoPeople, portrait } from '../../demo-people.ts';
import { demoPhoto, encode, fourColours, storedAs } from '../../photo-fixtures.ts';

let reader: FaceReader;
beforeAll(() => {
  reader = openFaceReader(faceApiPack, readConfig());
});
afterAll(() => reader.close());

async function read(photo: Sharp | Uint8Array): Promise<PhotoFaces> {
  const bytes = photo instanceof Uint8Array ? photo : await photo.toBuffer();
  return reader.read(await decodePhoto(bytes, 'photo'));
}

function only({ faces }: PhotoFaces): Face {
  expect(faces).toHaveLength(1);
  return faces[0]!;
}

describe('a group photo', () => {
  let group: PhotoFaces;
  beforeAll(async () => {
    group = await read(await readFile(demoPhoto(6)));
  });

  test('gives each face box, landmarks, score, quality and a unit-length embedding of the pack’s space', () => {
    expect([group.width, group.height]).toEqual([1920, 1537]);
    expect(group.perceptualHash).toMatch(/^[0-9a-f]{16}$/);
    expect(group.faces).toHaveLength(4);
    for (const { box, score, quality, landmarks, embedding } of group.faces) {
      expect(score).toBeGreaterThan(0.5);
      expect(quality).toBeGreaterThan(0.9);
      expect(landmarks).toHaveLength(5);
      expect(embedding.space).toBe(faceApiPack.space);
      expect(dot(embedding.values, embedding.values)).toBeCloseTo(1, 5);
      const nose = landmarks[4]!;
      expect(nose.x).toBeGreaterThan(box.left);
      expect(nose.x).toBeLessThan(box.left + box.width);
      expect(nose.y).toBeGreaterThan(box.top);
      expect(nose.y).toBeLessThan(box.top + box.height);
    }
    const scores = group.faces.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  test('gives the same numbers again', async () => {
    expect(await read(await readFile(demoPhoto(6)))).toEqual(group);
  });

  test('has the face of a portrait that was cut from it, in its place, and no other person like it', async () => {
    const cut = only(await read(portrait('pam')));
    const { x, y } = demoPeople.pam;
    const own = group.faces.find(({ box }) => Math.abs(box.left + box.width / 2 - x) < 40)!;
    expect(Math.abs(own.box.top + own.box.height / 2 - y)).toBeLessThan(60);
    expect(similarity(own.embedding, cut.embedding)).toBeGreaterThan(0.97);
    for (const other of group.faces.filter((face) => face !== own)) {
      expect(similarity(other.embedding, cut.embedding)).toBeLessThan(0.93);
    }
  });
});

describe('the same face', () => {
  let face: Face;
  let picture: RgbImage;
  beforeAll(async () => {
    const { image } = await decodePhoto(await portrait('mona').toBuffer(), 'portrait');
    picture = image;
    face = only(await read(encode(picture).png()));
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('is found upright under EXIF orientation %i', async (orientation) => {
    const stored = storedAs(orientation, picture);
    const turned = only(await read(encode(stored).withMetadata({ orientation }).jpeg({ quality: 98 })));
    expect(iou(turned.box, face.box)).toBeGreaterThan(0.95);
    expect(similarity(turned.embedding, face.embedding)).toBeGreaterThan(0.99);
  });

  test.each<[what: string, change: (photo: Sharp) => Sharp, atLeast: number]>([
    ['in grey', (photo) => photo.greyscale(), 0.95],
    ['in the mirror', (photo) => photo.flop(), 0.97],
    ['with the head on one side', (photo) => photo.rotate(20, { background: 'grey' }), 0.96],
    ['at half the size', (photo) => photo.resize(210), 0.96],
    ['as a small JPEG of low quality', (photo) => photo.jpeg({ quality: 30 }), 0.96],
    ['as 16-bit PNG', (photo) => photo.toColourspace('rgb16').png(), 0.99],
    ['in CMYK', (photo) => photo.toColourspace('cmyk').jpeg({ quality: 95 }), 0.96],
    [
      'with a transparent border',
      (photo) => photo.extend({ top: 60, left: 90, background: '#0000' }).png(),
      0.96,
    ],
    ['filling the picture', (photo) => photo.extract({ left: 80, top: 60, width: 260, height: 300 }), 0.94],
  ])('has nearly the same embedding %s', async (_, change, atLeast) => {
    const changed = only(await read(await change(encode(picture).png()).toBuffer()));
    expect(similarity(changed.embedding, face.embedding)).toBeGreaterThan(atLeast);
  });

  test('has its box in pixels of the file, also in a photo larger than the networks see', async () => {
    const large = await read(
      encode(picture)
        .resize(420 * 8)
        .jpeg(),
    );
    expect([large.width, large.height]).toEqual([3360, 3360]);
    const { left, top, width, height } = only(large).box;
    const scaled = { left: left / 8, top: top / 8, width: width / 8, height: height / 8 };
    // Two sizes may be surest of a face at different passes, whose boxes are cut a little differently.
    expect(iou(scaled, face.box)).toBeGreaterThan(0.8);
  });

  test('has a thumbnail with the face in its middle', async () => {
    const thumbnail = faceThumbnail(picture, face.box, 256, 2);
    expect([thumbnail.width, thumbnail.height]).toEqual([256, 256]);
    const { left, top, width, height } = only(await read(encode(thumbnail).png())).box;
    expect(Math.abs(left + width / 2 - 128)).toBeLessThan(15);
    expect(Math.abs(top + height / 2 - 128)).toBeLessThan(15);
  });
});

describe('a photo without a face', () => {
  test.each([
    ['tiny', fourColours(1, 1)],
    ['four colours', fourColours(640, 480)],
    ['very wide', fourColours(3000, 5)],
  ])('gives its size and no faces: %s', async (_, picture) => {
    const { width, height, faces } = await read(encode(picture).png());
    expect([width, height, faces]).toEqual([picture.width, picture.height, []]);
  });
});
