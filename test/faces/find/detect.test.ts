import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { type Box, iou } from '../../../src/core/geometry.ts';
import { type Detection, detectFaces, mergeDetections } from '../../../src/faces/find/detect.ts';
import { faceApiPack } from '../../../src/models/face-api.ts';
import { decodePhoto } from '../../../src/runtime/decode.ts';
import { type Network, openNetwork } from '../../../src/runtime/session.ts';
import { demoPhoto, fourColours } from '../../photo-fixtures.ts';

const photo = { width: 400, height: 300 };

function found(score: number, left: number, top: number, width = 100, height = 100): Detection {
  return { score, turns: [0], box: { left, top, width, height } };
}

describe('merging what several passes found', () => {
  test('one face that was found in every pass is one face, the surest', () => {
    const merged = mergeDetections(
      [found(0.7, 102, 99), found(0.95, 100, 100), found(0.6, 95, 104, 108, 96)],
      photo,
    );
    expect(merged).toEqual([found(0.95, 100, 100)]);
  });

  test('a box inside another is the same face', () => {
    expect(mergeDetections([found(0.9, 100, 100), found(0.8, 120, 120, 50, 50)], photo)).toHaveLength(1);
    expect(mergeDetections([found(0.8, 100, 100), found(0.9, 120, 120, 50, 50)], photo)).toHaveLength(1);
  });

  test('faces side by side stay two, though their boxes touch', () => {
    expect(mergeDetections([found(0.9, 100, 100), found(0.8, 170, 100)], photo)).toHaveLength(2);
  });

  test('faces come from the surest to the least sure', () => {
    const merged = mergeDetections([found(0.6, 0, 0), found(0.9, 150, 0), found(0.7, 290, 0)], photo);
    expect(merged.map(({ score }) => score)).toEqual([0.9, 0.7, 0.6]);
  });

  test('boxes end at the edge of the photo, and what lies outside is no face', () => {
    const merged = mergeDetections([found(0.9, -20, -30), found(0.8, 350, 250), found(0.7, 500, 10)], photo);
    expect(merged).toEqual([found(0.9, 0, 0, 80, 70), found(0.8, 350, 250, 50, 50)]);
  });

  test('nothing found is nothing, and the list that was given stays as it was', () => {
    expect(mergeDetections([], photo)).toEqual([]);
    const given = [found(0.6, 0, 0), found(0.9, 150, 0)];
    mergeDetections(given, photo);
    expect(given).toEqual([found(0.6, 0, 0), found(0.9, 150, 0)]);
  });
});

describe('the detector', () => {
  let detector: Network;
  beforeAll(async () => {
    detector = await openNetwork(faceApiPack.detector, readConfig());
  });
  afterAll(() => detector.close());

  function isInside({ left, top, width, height }: Box<'px'>, of: typeof photo): boolean {
    return left >= 0 && top >= 0 && left + width <= of.width + 1e-3 && top + height <= of.height + 1e-3;
  }

  test.each([1, 2, 3, 4, 5, 6])('finds each face of sample%i once, inside the photo', async (number) => {
    const { image } = await decodePhoto(await readFile(demoPhoto(number)), 'sample');
    const faces = await detectFaces(detector, image);
    expect(faces.length).toBeGreaterThan(0);
    for (const [i, { box, score }] of faces.entries()) {
      expect(score).toBeGreaterThanOrEqual(0.5);
      expect(isInside(box, image)).toBe(true);
      for (const other of faces.slice(i + 1)) expect(iou(box, other.box)).toBeLessThan(0.4);
    }
  });

  test.each([
    [1, 1],
    [1, 700],
    [900, 3],
    [48, 64],
  ])('finds nothing in %i × %i pixels without a face, and does not mind the shape', async (width, height) => {
    expect(await detectFaces(detector, fourColours(width, height))).toEqual([]);
  });
});
