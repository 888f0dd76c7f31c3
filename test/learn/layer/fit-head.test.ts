import { describe, expect, test } from 'vitest';
import { chooseHead, fitHead, type TriedHead } from '../../../src/learn/layer/fit-head.ts';
import type { Head } from '../../../src/learn/layer/head.ts';
import { type NearExample, nearExample } from '../../../src/learn/layer/near-labels.ts';
import { drawVector, seededNormal } from '../../synthetic-people.ts';

/** Three overlapping clouds in the plane: no line parts them. */
function clouds(count: number, seed: number, logits: readonly number[] = [0, 0, 0]): NearExample[] {
  const normal = seededNormal(seed);
  const centres = [
    [1, 0],
    [-0.5, 0.9],
    [-0.5, -0.9],
  ];
  return Array.from({ length: count }, (_, i) => {
    const input = drawVector(2, normal).map((v, k) => v + centres[i % 3]![k]!);
    return nearExample(input, logits, i % 3, 0);
  });
}

/** Cross-entropy plus penalty, written out. */
function objective({ weights, bias }: Head, examples: readonly NearExample[], precision: number): number {
  let sum = 0;
  for (const { input, labels, logits, right } of examples) {
    const all = [...labels].map(
      (c, a) => logits[a]! + bias[c]! + weights[c * 2]! * input[0]! + weights[c * 2 + 1]! * input[1]!,
    );
    sum += Math.log(all.reduce((total, v) => total + Math.exp(v), 0)) - all[right]!;
  }
  return sum + 0.5 * precision * [...weights, ...bias].reduce((total, v) => total + v * v, 0);
}

const zeros: Head = { weights: new Float32Array(6), bias: new Float32Array(3) };

describe('fitting', () => {
  test.each([
    ['nothing', 1, [0, 0, 0]],
    ['nothing', 30, [0, 0, 0]],
    ['logits that mislead', 1, [3, -2, 0]],
    ['logits that mislead', 30, [3, -2, 0]],
  ])(
    'from %s, at a precision of %d, ends at the optimum: every way from there leads up',
    async (_, precision, given) => {
      const examples = clouds(90, 1, given);
      const head = await fitHead(examples, 3, precision, 200);
      const lowest = objective(head, examples, precision);
      expect(objective(zeros, examples, precision) - lowest).toBeGreaterThan(5);
      for (const part of ['weights', 'bias'] as const) {
        for (const [i] of head[part].entries()) {
          for (const by of [-0.02, 0.02]) {
            const moved = { ...head, [part]: head[part].map((v, at) => (at === i ? v + by : v)) };
            expect(objective(moved, examples, precision)).toBeGreaterThan(lowest);
          }
        }
      }
    },
  );

  test('a head that is held back more is smaller, and one of more photos is held back less', async () => {
    const length = async (precision: number, count = 90): Promise<number> =>
      Math.hypot(...(await fitHead(clouds(count, 3), 3, precision, 200)).weights);
    expect(await length(100)).toBeLessThan((await length(10)) * 0.7);
    expect(await length(100, 900)).toBeGreaterThan((await length(100)) * 1.5);
  });

  test('the same examples give the same numbers, and nothing is changed that was given', async () => {
    const examples = clouds(60, 4);
    const first = await fitHead(examples, 3, 10, 200);
    expect(await fitHead(clouds(60, 4), 3, 10, 200)).toEqual(first);
    expect(examples).toEqual(clouds(60, 4));
  });

  test('adds only what the given logits do not say already', async () => {
    const normal = seededNormal(6);
    const sure = Array.from({ length: 60 }, (_, i) =>
      nearExample(
        drawVector(2, normal),
        [0, 1, 2].map((c) => (c === i % 3 ? 13 : 0)),
        i % 3,
        0,
      ),
    );
    const head = await fitHead(sure, 3, 5, 200);
    for (const v of [...head.weights, ...head.bias]) expect(v).toBeCloseTo(0, 3);
  });

  test('of nothing, or with no step, is a head of zeros', async () => {
    expect(await fitHead(clouds(30, 1), 3, 10, 0)).toEqual(zeros);
    expect((await fitHead([], 3, 10, 200)).bias).toEqual(new Float32Array(3));
  });

  test('a right label that is far behind is no trouble; what is no finite number is an error', async () => {
    const far = clouds(30, 1).with(0, nearExample(Float32Array.of(1, 1), [0, -2000, 0], 1, 0));
    expect((await fitHead(far, 3, 10, 200)).weights.every(Number.isFinite)).toBe(true);
    const broken = clouds(30, 1).with(0, nearExample(Float32Array.of(Number.NaN, 1), [0, 0, 0], 1, 0));
    await expect(fitHead(broken, 3, 10, 200)).rejects.toMatchObject({ code: 'diverged' });
  });
});

describe('choosing', () => {
  async function tried(
    training: readonly NearExample[],
    validation: readonly NearExample[],
    mostSteps = 200,
  ): Promise<{ kept: TriedHead; all: TriedHead[] }> {
    const all: TriedHead[] = [];
    const kept = await chooseHead(training, validation, 3, { mostSteps, onTried: (one) => all.push(one) });
    return { kept, all };
  }

  test('takes what does best on the validation examples, told one after another, no head first', async () => {
    const { kept, all } = await tried(clouds(300, 12), clouds(300, 13));
    expect(all[0]).toMatchObject({ precision: null, steps: 0 });
    expect(all[0]!.trainingCrossEntropy).toBeCloseTo(Math.log(3), 6);
    expect(all.slice(1).map(({ precision }) => precision)).toEqual(
      [1000, 300, 100, 30, 10, 5].slice(0, all.length - 1),
    );
    const losses = all.map(({ validationCrossEntropy }) => validationCrossEntropy!);
    expect(kept.validationCrossEntropy).toBe(Math.min(...losses));
    expect(kept.precision).toBeLessThan(1000);
  });

  test('takes no head where every head does harm, and stops after three', async () => {
    const wrong = clouds(60, 1).map((example) => ({ ...example, right: (example.right + 1) % 3 }));
    const { kept, all } = await tried(clouds(60, 1), wrong);
    expect(kept.precision).toBeNull();
    expect(all).toHaveLength(5);
  });

  test.each([
    ['without validation examples', [], 200],
    ['without a step', clouds(30, 2), 0],
  ])('takes no head %s', async (_, validation, mostSteps) => {
    const { kept, all } = await tried(clouds(30, 1), validation, mostSteps);
    expect(kept.precision).toBeNull();
    expect(all).toHaveLength(1);
    expect('validationAccuracy' in kept).toBe(validation.length > 0);
  });

  test('a held-out example that holds no number is an error, not a reason for no head', async () => {
    const broken = clouds(30, 2).with(3, nearExample(Float32Array.of(1, Number.NaN), [0, 0, 0], 1, 0));
    await expect(tried(clouds(30, 1), broken)).rejects.toMatchObject({ code: 'diverged' });
    const endless = clouds(30, 2).with(3, nearExample(Float32Array.of(1, 1), [Infinity, Infinity, 0], 1, 0));
    await expect(tried(clouds(30, 1), endless)).rejects.toMatchObject({ code: 'diverged' });
  });

  test('more freedom only ever helps on the training examples', async () => {
    const losses = (await tried(clouds(60, 2), clouds(60, 5))).all.map((one) => one.trainingCrossEntropy);
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
  });

  test('counts a face as wrong that would be called unknown', async () => {
    const normal = seededNormal(6);
    const sure = [0, 0.25, 0.75].map((unknown, label) =>
      nearExample(
        drawVector(2, normal),
        [0, 1, 2].map((c) => (c === label ? 50 : 0)),
        label,
        unknown,
      ),
    );
    const [without] = (await tried(sure, [])).all;
    expect(without!.trainingAccuracy).toBeCloseTo(2 / 3, 12);
    expect(without!.trainingCrossEntropy).toBeCloseTo(-(Math.log(0.75) + Math.log(0.25)) / 3, 6);
  });

  test.each([-1, 2.5, Number.NaN])('%d steps are wrong use', async (mostSteps) => {
    await expect(chooseHead(clouds(30, 1), [], 3, { mostSteps })).rejects.toMatchObject({ code: 'usage' });
  });
});

test('of very many labels an example is about those that are likely, and the right one', () => {
  const logits = Array.from({ length: 1000 }, (_, i) => (i === 500 ? 9 : i === 7 ? 2 : -20));
  const { labels, right, logits: own } = nearExample(Float32Array.of(1), logits, 3, 0);
  expect([[...labels], right, [...own]]).toEqual([[3, 7, 500], 0, [-20, 2, 9]]);
});
