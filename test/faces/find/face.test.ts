import { expect, test } from 'vitest';
import { decodePhotoFaces, encodePhotoFaces, type PhotoFaces } from '../../../src/faces/find/face.ts';
import { drawVector, seededNormal } from '../../synthetic-people.ts';

function photoWith(faces: number): PhotoFaces {
  const normal = seededNormal(1);
  return {
    width: 4000,
    height: 3000,
    perceptualHash: '00ff80017f3ea55a',
    faces: Array.from({ length: faces }, (_, i) => ({
      box: { left: 10.25 + i, top: 1 / 3, width: 99.9, height: 120 },
      score: 0.9 - i / 10,
      quality: 0.123456789,
      landmarks: [
        { x: 1.5, y: 2.25 },
        { x: -3, y: 1e-7 },
      ],
      embedding: { space: 'toy/1', values: drawVector(128, normal) },
    })),
  };
}

test.each([0, 1, 2, 30])('a photo with %i faces comes back from its bytes exactly', (faces) => {
  const photo = photoWith(faces);
  expect(decodePhotoFaces(encodePhotoFaces(photo), 'toy/1')).toEqual(photo);
});

test('the same photo gives the same bytes', () => {
  expect(encodePhotoFaces(photoWith(3))).toEqual(encodePhotoFaces(photoWith(3)));
});

test('the bytes may lie anywhere in a larger buffer', () => {
  const bytes = encodePhotoFaces(photoWith(2));
  const shifted = new Uint8Array(bytes.length + 8);
  shifted.set(bytes, 3);
  expect(decodePhotoFaces(shifted.subarray(3, 3 + bytes.length), 'toy/1')).toEqual(photoWith(2));
});

test('torn bytes are no photo, wherever they are torn', () => {
  for (const faces of [0, 2]) {
    const bytes = encodePhotoFaces(photoWith(faces));
    for (let length = 0; length < bytes.length; length++) {
      expect(decodePhotoFaces(bytes.subarray(0, length), 'toy/1'), `${length} bytes`).toBeUndefined();
    }
  }
});

test('nor are bytes with something behind them, or something else altogether', () => {
  const bytes = encodePhotoFaces(photoWith(1));
  const others = ['', '\n', '{}\n', 'null\n', 'not JSON\n', '[1, 2]\n', '{"faces":[]}\n'].map((text) =>
    Buffer.from(text),
  );
  for (const other of [Buffer.concat([bytes, bytes]), Buffer.concat([bytes, Buffer.alloc(1)]), ...others]) {
    expect(decodePhotoFaces(other, 'toy/1'), `bytes ${other.toString('latin1', 0, 20)}`).toBeUndefined();
  }
});
