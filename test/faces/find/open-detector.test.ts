/** A detector that was written for one canvas finds in photos of any size what one for every size finds. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RgbImage } from '../../../src/core/image.ts';
import { type Detection, detectFaces } from '../../../src/faces/find/detect.ts';
import { openFaceSteps } from '../../../src/faces/find/face-steps.ts';
import { detectorKey, openDetector, searchOf } from '../../../src/faces/find/open-detector.ts';
import { fromDetectorFile } from '../../../src/faces/packs/add-face-detector.ts';
import { faceApiPack } from '../../../src/models/face-api.ts';
import {
  withDetector as asDetector,
  detectorNetwork,
  type FaceDetectorPack,
} from '../../../src/models/face-detector-pack.ts';
import type { Network } from '../../../src/runtime/session.ts';
import { type ToyYunet, toyYunet } from '../../models/toy-detectors.ts';
import { sharedFolder } from '../../shared-folder.ts';

const files = sharedFolder();
const canvas = { width: 192, height: 192 };
const toys = {
  rigid: { declared: canvas, rigid: true, faces: { 8: 6 } },
  declared: { declared: canvas, faces: { 8: 6 } },
  free: { declared: undefined, faces: { 8: 6 } },
} as const satisfies Record<string, ToyYunet>;

const packs: Partial<Record<keyof typeof toys, FaceDetectorPack>> = {};

beforeAll(async () => {
  await mkdir(files.path, { recursive: true });
  for (const [name, toy] of Object.entries(toys) as [keyof typeof toys, ToyYunet][]) {
    const path = join(files.path, `${name}.onnx`);
    await writeFile(path, toyYunet(toy));
    const config = {
      home: files.path,
      packs: join(files.path, 'packs'),
      albums: join(files.path, 'albums'),
      threads: 1,
    };
    const folder = join(files.path, name);
    packs[name] = await fromDetectorFile(config, path, { name, licence: 'MIT', source: path })(folder);
  }
});

async function withDetector<T>(name: keyof typeof toys, use: (detector: Network) => Promise<T>): Promise<T> {
  const detector = await openDetector(detectorNetwork(packs[name]!), { home: files.path, threads: 1 });
  try {
    return await use(detector);
  } finally {
    await detector.close();
  }
}

/** Red squares of 40 pixels on blue, with their middles at these places. */
function squares(width: number, height: number, places: readonly (readonly [number, number])[]): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const isRed = places.some(([px, py]) => Math.abs(x - px) < 20 && Math.abs(y - py) < 20);
    data[i * 3 + (isRed ? 0 : 2)] = 255;
  }
  return { width, height, data };
}

interface Found {
  readonly score: number;
  readonly x: number;
  readonly y: number;
}

/** Middles of the boxes that are surely faces. */
async function middles(detector: Network, { data, width, height }: RgbImage): Promise<Found[]> {
  const { boxes, scores } = await detector.run(data, [1, height, width, 3]);
  return [...scores!.data].flatMap((score, i) => {
    const [top, left, bottom, right] = [...boxes!.data.subarray(i * 4, i * 4 + 4)] as [
      number,
      number,
      number,
      number,
    ];
    return score > 0.9 ? [{ score, x: (left + right) / 2, y: (top + bottom) / 2 }] : [];
  });
}

describe('what a file is found out to take', () => {
  test('any canvas, where it runs with another than it declares; else tiles', () => {
    expect(packs.free!.parts).toEqual({ input: 'input', batch: 1 });
    expect(packs.declared!.parts).toEqual({ input: 'input', batch: 1 });
    expect(packs.rigid!.parts).toEqual({ input: 'input', batch: 1, canvas });
  });

  test('results are kept apart by detector, and those of the default one stay where they were', () => {
    const keys = Object.values(packs).map((pack) => detectorKey(detectorNetwork(pack)).join('/'));
    expect(new Set(keys).size).toBe(3);
    expect(detectorKey(faceApiPack.detector)).toEqual([]);
  });
});

describe('every square is found where it is', () => {
  const places = [
    [30, 40],
    [180, 100],
    [300, 60],
    [410, 230],
    [60, 220],
  ] as const;

  test.each(['rigid', 'free'] as const)('in a large photo, %s', async (name) => {
    const found = await withDetector(name, (detector) => middles(detector, squares(448, 256, places)));
    for (const [x, y] of places) {
      expect(
        found.some((f) => Math.abs(f.x - x) <= 8 && Math.abs(f.y - y) <= 8),
        `${x},${y}`,
      ).toBe(true);
    }
    for (const f of found) {
      expect(places.some(([x, y]) => Math.abs(f.x - x) <= 20 && Math.abs(f.y - y) <= 20)).toBe(true);
    }
  });

  test.each(['rigid', 'free'] as const)('in one smaller than the canvas, %s', async (name) => {
    const found = await withDetector(name, (detector) => middles(detector, squares(128, 96, [[40, 50]])));
    expect(found.length).toBeGreaterThan(0);
    for (const { x, y } of found) expect(Math.hypot(x - 40, y - 50)).toBeLessThan(20);
  });

  test('by the way that faces are searched for, at every size', async () => {
    const [one, other] = [
      [100, 90],
      [380, 240],
    ] as const;
    const found = await withDetector('rigid', (detector) =>
      detectFaces(detector, squares(480, 320, [one, other])),
    );
    const near = ({ box }: Detection, [x, y]: readonly [number, number]): boolean =>
      Math.hypot(box.left + box.width / 2 - x, box.top + box.height / 2 - y) < 20;
    expect(found.some((face) => near(face, one))).toBe(true);
    expect(found.some((face) => near(face, other))).toBe(true);
    expect(found.every((face) => near(face, one) || near(face, other))).toBe(true);
  });
});

// YuNet finds something in every sixth photo of insects with the thresholds of the default detector.
test('YuNet is believed from a higher score on, wherever faces are searched for', async () => {
  const spec = detectorNetwork(packs.free!);
  const { data, ...size } = squares(192, 192, [[100, 90]]);
  // On black, a square so dark that the toy is not sure of it.
  const photo = { ...size, data: data.map((value, i) => (i % 3 === 0 && value > 0 ? 22 : 0)) };
  const found = (search?: Parameters<typeof detectFaces>[4]): Promise<readonly Detection[]> =>
    withDetector('free', (detector) => detectFaces(detector, photo, 'glance', undefined, search));
  const scores = (await found()).map(({ score }) => score);
  expect(scores.length).toBeGreaterThan(0);
  expect(scores.every((score) => score >= 0.5 && score < 0.7)).toBe(true);
  expect(await found(searchOf(spec))).toEqual([]);
  expect(searchOf(faceApiPack.detector).minScore).toBe(0.5);

  const pack = asDetector(faceApiPack, packs.free!);
  const steps = openFaceSteps(pack, { home: files.path, threads: 1 });
  expect(await steps.steps.detect(photo)).toEqual([]);
  await steps.close();
});
