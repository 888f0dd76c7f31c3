/** How far a face is turned to the side, by points made up for the purpose. */

import { expect, test } from 'vitest';
import { apply } from '../../../src/core/geometry.ts';
import {
  isFromTheSide,
  meanDistance,
  poseOf,
  type Six,
  trustInPose,
} from '../../../src/faces/find/sideways.ts';
import { rotation } from '../../../src/faces/find/square.ts';

const p = (x: number, y: number) => ({ x, y });
// Eyes, nose, mouth, ears; from the eyes to the mouth 60 pixels.
const front: Six = [p(70, 100), p(130, 100), p(100, 130), p(100, 160), p(50, 110), p(150, 110)];
const toTheRight: Six = [p(90, 100), p(110, 100), p(130, 130), p(100, 160), p(30, 110), p(50, 110)];

test('a face from the front has its nose between its ears', () => {
  const pose = poseOf(front);
  expect(pose).toEqual({ height: 60, turn: expect.closeTo(0), sideways: expect.closeTo(0) });
  expect(isFromTheSide(pose)).toBe(false);
  expect(trustInPose(pose)).toBe(1);
});

test('the nose of a profile lies right of both ears, and left of them in its mirror image', () => {
  // From the middle of the ears (40) to the nose (130) are 90 pixels.
  expect(poseOf(toTheRight).sideways).toBeCloseTo(1.5);
  const [leftEye, rightEye, nose, mouth, leftEar, rightEar] = toTheRight.map(({ x, y }) =>
    p(200 - x, y),
  ) as unknown as Six;
  const mirrored = poseOf([rightEye, leftEye, nose, mouth, rightEar, leftEar]);
  expect(mirrored.sideways).toBeCloseTo(-1.5);
  expect(isFromTheSide(mirrored)).toBe(true);
  expect(trustInPose(mirrored)).toBeCloseTo(0.7);
});

test('less is left of a face the further it is turned to the side', () => {
  expect([0.8, 0.9, 1, 1.7].map((sideways) => trustInPose({ sideways, turn: 0, height: 1 }))).toEqual(
    [1, 0.85, 0.7, 0.7].map((share) => expect.closeTo(share)),
  );
});

test.each([-120, 30, 180])(
  'a profile that is tilted by %i° is turned to the side as far as an upright one',
  (degrees) => {
    const tilted = toTheRight.map((point) =>
      apply(rotation((degrees / 180) * Math.PI), point),
    ) as unknown as Six;
    const { turn, sideways, height } = poseOf(tilted);
    expect([sideways, height]).toEqual([expect.closeTo(1.5), expect.closeTo(60)]);
    expect(Math.cos(turn - (degrees / 180) * Math.PI)).toBeCloseTo(1);
  },
);

test('faces are as far apart as their eyes, noses and mouths are on average', () => {
  const moved = front.map(({ x, y }, i) => (i < 4 ? p(x + 3, y + 4) : p(x + 90, y))) as unknown as Six;
  expect(meanDistance(front, moved)).toBeCloseTo(5);
});
