/** Faces of which the mesh is unsure are asked of BlazeFace; all others are left as they are. */

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import type { Box } from '../../../src/core/geometry.ts';
import type { RgbImage } from '../../../src/core/image.ts';
import { detectFaces } from '../../../src/faces/find/detect.ts';
import { embedFaces } from '../../../src/faces/find/embed.ts';
import { findLandmarks } from '../../../src/faces/find/landmarks.ts';
import type { Landmarks } from '../../../src/faces/find/mesh.ts';
import { poseOf, sixOf } from '../../../src/faces/find/sideways.ts';
import { findSixPoints } from '../../../src/faces/find/six-points.ts';
import { faceApiPack } from '../../../src/models/face-api.ts';
import { decodePhoto } from '../../../src/runtime/decode.ts';
import { type Network, openNetwork } from '../../../src/runtime/session.ts';
import { demoPhoto } from '../../photo-fixtures.ts';
import { describeWithSharedData, sharedData } from '../../shared-data.ts';

const { landmarkPoints: points } = faceApiPack;
let [detector, landmarker, blazeFace, dlib]: Network[] = [];

beforeAll(async () => {
  const specs = [
    faceApiPack.detector,
    faceApiPack.landmarks,
    faceApiPack.sixPoints!,
    faceApiPack.embedders[0]!.network,
  ];
  [detector, landmarker, blazeFace, dlib] = await Promise.all(
    specs.map((spec) => openNetwork(spec, readConfig())),
  );
});
afterAll(() => Promise.all([detector!, landmarker!, blazeFace!, dlib!].map((network) => network.close())));

interface Seen {
  readonly image: RgbImage;
  readonly box: Box<'px'>;
  /** By the mesh alone. */
  readonly before: Landmarks;
  readonly now: Landmarks;
  /** Whether BlazeFace was asked. */
  readonly asked: boolean;
}

/** The surest face of a photo. */
async function see(path: string): Promise<Seen> {
  const { image } = await decodePhoto(await readFile(path), path);
  const [face] = await detectFaces(detector!, image);
  let asked = false;
  const sixPoints = async (): Promise<Network> => {
    asked = true;
    return blazeFace!;
  };
  const [before] = await findLandmarks(landmarker!, points, image, [face!]);
  const [now] = await findLandmarks(landmarker!, points, image, [face!], sixPoints);
  return { image, box: face!.box, before: before!, now: now!, asked };
}

const sideways = ({ points: mesh }: Landmarks): number => poseOf(sixOf(points, mesh)).sideways;

test('a clear face from the front stays as it is, and BlazeFace is not opened', async () => {
  const { before, now, asked } = await see(demoPhoto(2));
  expect(before.presence).toBeGreaterThan(0.9);
  expect(now).toEqual(before);
  expect(asked).toBe(false);
});

test('the six points of a face from the front are those of the mesh', async () => {
  const { image, box, now } = await see(demoPhoto(2));
  const six = await findSixPoints(blazeFace!, image, box);
  for (const [i, { x, y }] of sixOf(points, now.points).slice(0, 4).entries()) {
    expect(Math.hypot(six!.points[i]!.x - x, six!.points[i]!.y - y) / six!.height).toBeLessThan(0.25);
  }
});

test('a box without a face has no six points', async () => {
  const grey = { width: 300, height: 300, data: new Uint8Array(300 * 300 * 3).fill(128) };
  const box = { left: 50, top: 50, width: 200, height: 200 } as Box<'px'>;
  expect(await findSixPoints(blazeFace!, grey, box)).toBeUndefined();
});

describeWithSharedData('beside ../shared/data', () => {
  // The mesh saw these profiles from the front, or from the other side.
  test.each([
    ['057/profile/03.jpg', -1],
    ['040/profile/03.jpg', 1],
  ])('the mesh sees %s from its side (%i) where BlazeFace tells it to look', async (name, side) => {
    const { before, now } = await see(sharedData('faces', 'cfp-dev', name));
    expect(sideways(before) * side).toBeLessThan(0.6);
    expect(sideways(now) * side).toBeGreaterThan(0.8);
    expect(now.presence).toBeGreaterThan(0.5);
  });

  // The mesh has 0.82 for the Boston bull, with points that BlazeFace's do not bear out.
  test.each(['n02094114_Norfolk_terrier.JPEG', 'n02096585_Boston_bull.JPEG'])(
    'the face of %s counts for half of what the mesh makes of it',
    async (name) => {
      const { before, now } = await see(sharedData('images', 'imagenet-dev', name));
      expect(before.presence).toBeGreaterThan(0.5);
      expect(now).toEqual({ ...before, presence: before.presence / 2 });
    },
  );

  test('dlib has two looks more at a face from the side, and none more from the front', async () => {
    const { looks, sideLooks } = faceApiPack.embedders[0]!;
    const embedder = { network: dlib!, share: 1, looks };
    for (const [path, extra] of [
      [demoPhoto(2), []],
      [sharedData('faces', 'cfp-dev', '018/profile/01.jpg'), sideLooks!],
    ] as const) {
      const { image, now } = await see(path);
      const [wanted] = await embedFaces([{ ...embedder, looks: [...looks, ...extra] }], points, image, [
        now.points,
      ]);
      const [found] = await embedFaces([{ ...embedder, sideLooks: sideLooks! }], points, image, [now.points]);
      expect(found).toEqual(wanted);
    }
  });
});
