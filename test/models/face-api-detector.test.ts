/** The detector on canvases other than the 512 × 512 that its weights were published for. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Box, iou } from '../../src/core/geometry.ts';
import { faceApiPack } from '../../src/models/face-api.ts';
import { type Network, openNetwork } from '../../src/runtime/session.ts';
import { demoPhoto } from '../photo-fixtures.ts';

let home: string;
let detector: Network;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'whosin-detector-'));
  detector = await openNetwork(faceApiPack.detector, { home, threads: 1 });
});
afterAll(async () => {
  await detector.close();
  await rm(home, { recursive: true, force: true });
});

/** The surest box for a part of a demo photo drawn on a canvas, the box in pixels of the canvas. */
async function surest(
  part: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  width: number,
  height: number,
): Promise<{ readonly box: Box<'px'>; readonly score: number }> {
  const canvas = sharp(demoPhoto(1)).removeAlpha().extract(part);
  const pixels = await canvas
    .resize(width, height, { fit: 'contain', position: 'left top' })
    .raw()
    .toBuffer();
  const { boxes, scores } = await detector.run(pixels, [1, height, width, 3]);
  const best = scores!.data.reduce((top, score, i, all) => (score > all[top]! ? i : top), 0);
  const [top, left, bottom, right] = boxes!.data.subarray(best * 4, best * 4 + 4);
  return {
    box: { left: left!, top: top!, width: right! - left!, height: bottom! - top! },
    score: scores!.data[best]!,
  };
}

const aroundOneFace = { left: 200, top: 230, width: 640, height: 480 };

test('finds a face at the same place at 512 × 512 and at 256 × 192', async () => {
  const large = await surest(aroundOneFace, 512, 512);
  const small = await surest(aroundOneFace, 256, 192);
  expect(large.score).toBeGreaterThan(0.8);
  expect(small.score).toBeGreaterThan(0.8);
  const { left, top, width, height } = small.box;
  const enlarged = { left: left * 2, top: top * 2, width: width * 2, height: height * 2 };
  expect(iou(large.box, enlarged)).toBeGreaterThan(0.7);
});

test('a face that moves on the canvas takes its box along, in x and in y', async () => {
  const centred = await surest(aroundOneFace, 256, 192);
  // 80 pixels of the photo are 32 pixels of the canvas: two cells of the finest level.
  const movedRight = await surest({ ...aroundOneFace, left: aroundOneFace.left - 80 }, 256, 192);
  const movedDown = await surest({ ...aroundOneFace, top: aroundOneFace.top - 80 }, 256, 192);
  expect(movedRight.box.left - centred.box.left).toBeCloseTo(32, -1);
  expect(movedRight.box.top - centred.box.top).toBeCloseTo(0, -1);
  expect(movedDown.box.top - centred.box.top).toBeCloseTo(32, -1);
  expect(movedDown.box.left - centred.box.left).toBeCloseTo(0, -1);
});

test.each([
  [512, 512],
  [256, 192],
  [192, 256],
  [64, 32],
])('lays one row of anchors over each cell of every level of a %d × %d canvas', async (width, height) => {
  const { boxes, scores } = await detector.run(new Uint8Array(width * height * 3), [1, height, width, 3]);
  const cells = (stride: number): number => Math.ceil(width / stride) * Math.ceil(height / stride);
  const anchors = 3 * cells(16) + [32, 64, 128, 256, 512].reduce((sum, stride) => sum + 6 * cells(stride), 0);
  expect(scores!.shape).toEqual([1, anchors]);
  expect(boxes!.shape).toEqual([1, anchors, 4]);
  expect(Math.max(...scores!.data), 'no face on a black canvas').toBeLessThan(0.5);
});
