import { expect, test } from 'vitest';
import { secondsOf, spansOf } from '../../src/video/timeline.ts';
import { boxAt } from '../../src/video/tracklet.ts';

test('pieces that follow on each other become one span, as sure as the surest of them', () => {
  const spans = spansOf([
    { from: 5, to: 8, probability: 0.6, best: 6 },
    { from: 1, to: 4.5, probability: 0.9, best: 2 },
    { from: 20, to: 21, probability: 0.7, best: 20 },
  ]);
  expect(spans).toEqual([
    { from: 1, to: 8, probability: 0.9, best: 2 },
    { from: 20, to: 21, probability: 0.7, best: 20 },
  ]);
  expect(secondsOf(spans)).toBe(8);
  expect(spansOf([])).toEqual([]);
});

test('a piece inside another changes nothing but the best moment', () => {
  const spans = spansOf([
    { from: 0, to: 10, probability: 0.8, best: 1 },
    { from: 2, to: 3, probability: 0.9, best: 2.5 },
  ]);
  expect(spans).toEqual([{ from: 0, to: 10, probability: 0.9, best: 2.5 }]);
});

test('between two looks a box is on its way; outside, and across a long absence, there is none', () => {
  const at = (time: number, left: number) => ({
    time,
    quality: 1,
    box: { left, top: 0, width: 10, height: 10 },
  });
  const sightings = [at(1, 0), at(2, 100), at(9, 800)];
  expect(boxAt(sightings, 1.25)?.left).toBe(25);
  expect(boxAt(sightings, 2)?.left).toBe(100);
  expect(boxAt(sightings, 9)?.left).toBe(800);
  expect([0.9, 5, 9.1].map((time) => boxAt(sightings, time))).toEqual([undefined, undefined, undefined]);
  expect(boxAt([at(4, 7)], 4)?.left).toBe(7);
  expect(boxAt([], 4)).toBeUndefined();
});
