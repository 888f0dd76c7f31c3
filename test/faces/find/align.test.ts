/** A face's points are found from every side that it may be seen from, and lie on the face. */

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { apply, type Box, type Point, type Similarity } from '../../../src/core/geometry.ts';
import type { RgbImage } from '../../../src/core/image.ts';
import { warp } from '../../../src/core/warp.ts';
import { alignTo, pointOf } from '../../../src/faces/find/align.ts';
import { detectFaces } from '../../../src/faces/find/detect.ts';
import { findLandmarks } from '../../../src/faces/find/landmarks.ts';
import type { Landmarks } from '../../../src/faces/find/mesh.ts';
import { faceApiPack } from '../../../src/models/face-api.ts';
import { facePackOf } from '../../../src/models/face-embedder-pack.ts';
import { decodePhoto } from '../../../src/runtime/decode.ts';
import { type Network, openNetwork } from '../../../src/runtime/session.ts';
import { portrait } from '../../demo-people.ts';
import { toyFacePack } from '../../models/toy-face-packs.ts';
import { demoPhoto } from '../../photo-fixtures.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const { landmarkPoints: points } = faceApiPack;
const [leftEye, , , rightEye, nose] = points.kept as readonly [number, number, number, number, number];

let [detector, landmarker]: (Network | undefined)[] = [];
let photo: RgbImage;
let box: Box<'px'>;
let upright: Landmarks;

beforeAll(async () => {
  [detector, landmarker] = await Promise.all(
    [faceApiPack.detector, faceApiPack.landmarks].map((spec) => openNetwork(spec, readConfig())),
  );
  ({ image: photo } = await decodePhoto(await portrait('mona').toBuffer(), 'portrait'));
  const [detection] = await detectFaces(detector!, photo);
  ({ box } = detection!);
  const [found] = await findLandmarks(landmarker!, points, photo, [detection!]);
  upright = found!;
});
afterAll(() => Promise.all([detector!.close(), landmarker!.close()]));

function turnAbout({ width, height }: RgbImage, degrees: number): Similarity {
  const by = (degrees / 180) * Math.PI;
  const [a, b, x, y] = [Math.cos(by), Math.sin(by), width / 2, height / 2];
  return { a, b, tx: x - a * x + b * y, ty: y - b * x - a * y };
}

function meanDistance(a: readonly Point[], b: readonly Point[]): number {
  return a.reduce((sum, p, i) => sum + Math.hypot(p.x - b[i]!.x, p.y - b[i]!.y), 0) / a.length;
}

describe('an upright face', () => {
  test('is surely there, with its eyes beside each other above its nose', () => {
    expect(upright.presence).toBeGreaterThan(0.9);
    expect(upright.points[leftEye]!.x).toBeLessThan(upright.points[nose]!.x);
    expect(upright.points[rightEye]!.x).toBeGreaterThan(upright.points[nose]!.x);
    expect(upright.points[nose]!.y).toBeGreaterThan(upright.points[leftEye]!.y);
  });

  test('lies on every chip where the embedder wants it, to a few hundredths', async () => {
    const { embedders: added } = facePackOf(await toyFacePack(await temporaryFolder(), 'arcface'));
    for (const { looks } of [...faceApiPack.embedders, ...added]) {
      const { alignment } = looks[0]!;
      const onChip = alignTo(alignment, upright.points);
      const found = alignment.points.map((i) => apply(onChip, pointOf(upright.points, i)));
      expect(meanDistance(found, alignment.targets) / alignment.chip).toBeLessThan(0.05);
    }
  });
});

describe('a face that is not upright', () => {
  test.each([-45, -20, 20, 45])('has its points in their places, tilted by %i°', async (degrees) => {
    const t = turnAbout(photo, degrees);
    const turned = warp(photo, t, photo.width, photo.height);
    const middle = apply(t, { x: box.left + box.width / 2, y: box.top + box.height / 2 });
    const there = { ...box, left: middle.x - box.width / 2, top: middle.y - box.height / 2 };
    const [found] = await findLandmarks(landmarker!, points, turned, [{ box: there, turns: [0] }]);
    const wanted = upright.points.map((p) => apply(t, p));
    expect(meanDistance(found!.points, wanted) / box.width).toBeLessThan(0.05);
  });

  test.each([90, 180, 270])('is found and has its points in a photo turned by %i°', async (degrees) => {
    const t = turnAbout(photo, degrees);
    const turned = warp(photo, t, photo.width, photo.height);
    const faces = await detectFaces(detector!, turned);
    const [found] = await findLandmarks(landmarker!, points, turned, faces);
    expect(found!.presence).toBeGreaterThan(0.9);
    const wanted = upright.points.map((p) => apply(t, p));
    expect(meanDistance(found!.points, wanted) / box.width).toBeLessThan(0.05);
  });
});

test('no faces, no points', async () => {
  expect(await findLandmarks(landmarker!, points, photo, [])).toEqual([]);
});

test('each face of a group has its own points, inside or near its box', async () => {
  const { image } = await decodePhoto(await readFile(demoPhoto(6)), 'group');
  const faces = await detectFaces(detector!, image);
  const found = await findLandmarks(landmarker!, points, image, faces);
  expect(found).toHaveLength(faces.length);
  for (const [i, { points: own }] of found.entries()) {
    const { left, top, width, height } = faces[i]!.box;
    expect(own[nose]!.x).toBeGreaterThan(left - width / 4);
    expect(own[nose]!.x).toBeLessThan(left + width * 1.25);
    expect(own[nose]!.y).toBeGreaterThan(top);
    expect(own[nose]!.y).toBeLessThan(top + height);
  }
});
