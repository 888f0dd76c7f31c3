import { expect, test } from 'vitest';
import type { RgbImage } from '../../src/core/image.ts';
import { type LookedAt, labelsOverTime, type Scores } from '../../src/video/labels-over-time.ts';

/** Frames of one grey each, ten a second; a cut where the list says so. */
async function* frames(greys: readonly (number | 'cut')[]): AsyncGenerator<LookedAt> {
  let [n, cuts]: [number, number[]] = [0, []];
  for (const grey of greys) {
    if (grey === 'cut') {
      cuts = [n / 10];
      continue;
    }
    yield { time: n++ / 10, image: { width: 1, height: 1, data: new Uint8Array(3).fill(grey) }, cuts };
    cuts = [];
  }
}

const classify = async ({ data }: RgbImage): Promise<Scores> => {
  const bright = data[0]! / 255;
  return new Map([
    ['day', bright],
    ['night', 1 - bright],
  ]);
};

test('labels have their time, and change at a cut at once', async () => {
  const spans = await labelsOverTime(
    frames([...Array<number>(20).fill(250), 'cut', ...Array<number>(20).fill(10)]),
    classify,
    0.5,
  );
  expect(spans.map(({ label, from, to }) => [label, from, to])).toEqual([
    ['day', 0, 1.9],
    ['night', 2, 3.9],
  ]);
  expect(spans[0]!.probability).toBeCloseTo(250 / 255);
});

test('one odd frame changes no label', async () => {
  const spans = await labelsOverTime(frames([250, 250, 250, 250, 5, 250, 250]), classify, 0.5);
  expect(spans.map(({ label, from, to }) => [label, from, to])).toEqual([['day', 0, 0.6]]);
});

test('what is not likely enough has no label', async () => {
  expect(await labelsOverTime(frames([128, 128, 128]), classify, 0.8)).toEqual([]);
});
