import { expect, test } from 'vitest';
import { followLabels, type LabelledSpan } from '../../src/video/labels-over-time.ts';

/** Ten pictures a second, each as bright as its number says, from 0 to 1; a cut where the list says so. */
function spansOf(brightness: readonly (number | 'cut')[], minScore: number): LabelledSpan[] {
  const follower = followLabels(minScore);
  let [n, cuts]: [number, number[]] = [0, []];
  for (const bright of brightness) {
    if (bright === 'cut') {
      cuts = [n / 10];
      continue;
    }
    const scores = new Map([
      ['day', bright],
      ['night', 1 - bright],
    ]);
    follower.look({ time: n++ / 10, cuts }, scores);
    cuts = [];
  }
  return follower.end();
}

const twenty = (bright: number): number[] => Array.from({ length: 20 }, () => bright);

test('labels have their time, and change at a cut at once', () => {
  const spans = spansOf([...twenty(0.98), 'cut', ...twenty(0.04)], 0.5);
  expect(spans.map(({ label, from, to }) => [label, from, to])).toEqual([
    ['day', 0, 1.9],
    ['night', 2, 3.9],
  ]);
  expect(spans[0]!.probability).toBeCloseTo(0.98);
});

test('one odd picture changes no label', () => {
  const spans = spansOf([0.98, 0.98, 0.98, 0.98, 0.02, 0.98, 0.98], 0.5);
  expect(spans.map(({ label, from, to }) => [label, from, to])).toEqual([['day', 0, 0.6]]);
});

test('what is not likely enough has no label', () => {
  expect(spansOf([0.5, 0.5, 0.5], 0.8)).toEqual([]);
});

test('things that are seen together have a span each, and come back as another', () => {
  const spans = spansOf([...twenty(0.5), 'cut', ...twenty(0), 'cut', ...twenty(0.5)], 0.4);
  expect(spans.map(({ label, from, to }) => [label, from, to])).toEqual([
    ['night', 0, 5.9],
    ['day', 0, 1.9],
    ['day', 4, 5.9],
  ]);
});
