import { expect, test } from 'vitest';
import {
  fitNoneOfThese,
  type KnownExamples,
  probabilityOfNone,
} from '../../../src/learn/layer/none-of-these.ts';
import { onOneCore } from '../../one-core.ts';
import { drawVector, seededNormal } from '../../synthetic-people.ts';

const d = 24;

/** Pictures of anything are wide apart; those of a label lie around its own point. */
function world(seed: number): {
  readonly known: (count: number) => KnownExamples;
  readonly anything: (count: number) => Float32Array[];
} {
  const normal = seededNormal(seed);
  const centres = [0, 1, 2].map(() => drawVector(d, normal).map((v) => 1.5 * v));
  return {
    known(count) {
      const labels = Array.from({ length: count }, (_, i) => i % centres.length);
      const inputs = labels.map((label) => drawVector(d, normal).map((v, j) => v + centres[label]![j]!));
      return { inputs, labels, parts: labels.map((_, i) => Math.floor(i / centres.length) % 5) };
    },
    anything: (count) =>
      Array.from({ length: count }, () => drawVector(d, normal).map((v) => Math.sqrt(1 + 1.5 ** 2) * v)),
  };
}

test('new pictures of the labels are told from pictures of anything', async () => {
  const { known, anything } = world(1);
  const none = await fitNoneOfThese(known(150), anything(150), onOneCore);
  const ofKnown = known(200).inputs.map((input) => probabilityOfNone(none, input));
  const ofOthers = anything(200).map((input) => probabilityOfNone(none, input));
  expect(ofKnown.filter((p) => p < 0.5).length).toBeGreaterThan(180);
  expect(ofOthers.filter((p) => p > 0.5).length).toBeGreaterThan(180);
});

test('the probability means what it says, on pictures that nothing was fitted on', async () => {
  const { known, anything } = world(2);
  const none = await fitNoneOfThese(known(150), anything(150), onOneCore);
  const answers = [
    ...known(2000).inputs.map((input) => ({ p: probabilityOfNone(none, input), none: 0 })),
    ...anything(2000).map((input) => ({ p: probabilityOfNone(none, input), none: 1 })),
  ];
  for (const [from, to] of [
    [0.05, 0.35],
    [0.35, 0.65],
    [0.65, 0.95],
  ] as const) {
    const within = answers.filter(({ p }) => p >= from && p < to);
    const mean = (value: (a: (typeof answers)[number]) => number): number =>
      within.reduce((sum, a) => sum + value(a), 0) / within.length;
    expect(Math.abs(mean(({ p }) => p) - mean((a) => a.none))).toBeLessThan(0.15);
  }
});

test('what was thought before looking counts', async () => {
  const { known, anything } = world(3);
  const none = await fitNoneOfThese(known(60), anything(60), onOneCore);
  const [input] = anything(1);
  const [rare, even, common] = [0.01, 0.5, 0.9].map((prior) => probabilityOfNone(none, input!, prior));
  expect(rare).toBeLessThan(even!);
  expect(even).toBeLessThan(common!);
  const odds = (p: number): number => p / (1 - p);
  expect(odds(common!) / odds(even!)).toBeCloseTo(9, 5);
});

test('the same pictures give the same numbers, and a number that never changes does no harm', async () => {
  const constant = (rows: readonly Float32Array[]): Float32Array[] =>
    rows.map((row) => Float32Array.from([...row, 7]));
  const fit = async (): Promise<number> => {
    const { known, anything } = world(4);
    const photos = known(60);
    const none = await fitNoneOfThese(
      { ...photos, inputs: constant(photos.inputs) },
      constant(anything(60)),
      onOneCore,
    );
    return probabilityOfNone(none, constant(anything(1))[0]!);
  };
  expect(await fit()).toBe(await fit());
  expect(await fit()).toBeGreaterThan(0);
  expect(await fit()).toBeLessThan(1);
});

test('one part of photos leaves nothing to measure with, and no reference nothing to compare with', async () => {
  const { known, anything } = world(5);
  const photos = known(9);
  const together = { ...photos, parts: photos.parts.map(() => 0) };
  await expect(fitNoneOfThese(together, anything(9), onOneCore)).rejects.toThrow(RangeError);
  await expect(fitNoneOfThese(photos, [], onOneCore)).rejects.toThrow(RangeError);
});
