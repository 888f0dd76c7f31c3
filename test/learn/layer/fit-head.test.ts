import { describe, expect, test } from 'vitest';
import { fitHead, type HeadStep, type VectorsWithLogits } from '../../../src/learn/layer/fit-head.ts';
import type { Head } from '../../../src/learn/layer/head.ts';
import { drawVector, seededNormal } from '../../synthetic-people.ts';

const none: VectorsWithLogits = { inputs: [], offsets: [], labels: [] };

/** Three overlapping clouds in the plane: no line parts them, so the optimum is finite even without penalty. */
function clouds(count: number, seed: number, offset: readonly number[] = [0, 0, 0]): VectorsWithLogits {
  const normal = seededNormal(seed);
  const labels = Array.from({ length: count }, (_, i) => i % 3);
  const centres = [
    [1, 0],
    [-0.5, 0.9],
    [-0.5, -0.9],
  ];
  return {
    labels,
    inputs: labels.map((label) => drawVector(2, normal).map((v, k) => v + centres[label]![k]!)),
    offsets: labels.map(() => Float32Array.from(offset)),
  };
}

function logitsOf({ weights, bias }: Head, input: Float32Array, offsets: Float32Array): number[] {
  return [0, 1, 2].map(
    (c) => offsets[c]! + bias[c]! + weights[c * 2]! * input[0]! + weights[c * 2 + 1]! * input[1]!,
  );
}

/** Cross-entropy plus penalty, written out. */
function objective(head: Head, { inputs, labels, offsets }: VectorsWithLogits, l2: number): number {
  let sum = 0;
  for (const [i, input] of inputs.entries()) {
    const logits = logitsOf(head, input, offsets[i]!);
    sum += Math.log(logits.reduce((a, v) => a + Math.exp(v), 0)) - logits[labels[i]!]!;
  }
  return sum / inputs.length + 0.5 * l2 * head.weights.reduce((a, w) => a + w * w, 0);
}

/** The slope of the objective in every direction, by central differences. */
function slopes(head: Head, examples: VectorsWithLogits, l2: number): number[] {
  const moved = (part: 'weights' | 'bias', at: number, by: number): Head => ({
    ...head,
    [part]: head[part].map((v, i) => (i === at ? v + by : v)),
  });
  const step = 1e-3;
  return (['weights', 'bias'] as const).flatMap((part) =>
    Array.from(head[part], (_, i) => {
      const up = objective(moved(part, i, step), examples, l2);
      const down = objective(moved(part, i, -step), examples, l2);
      return (up - down) / (2 * step);
    }),
  );
}

/** The lowest that the objective gets: small steps downhill, by numeric slopes, until they vanish. */
function optimum(examples: VectorsWithLogits, l2: number): number {
  let weights: Head['weights'] = new Float32Array(6);
  let bias: Head['bias'] = new Float32Array(3);
  for (let step = 0; step < 2000; step++) {
    const slope = slopes({ weights, bias }, examples, l2);
    if (Math.max(...slope.map(Math.abs)) < 1e-4) break;
    weights = weights.map((w, i) => w - slope[i]!);
    bias = bias.map((v, i) => v - slope[weights.length + i]!);
  }
  return objective({ weights, bias }, examples, l2);
}

const zeros: Head = { weights: new Float32Array(6), bias: new Float32Array(3) };
const options = { steps: 2000, learningRate: 0.3, l2: 0.01 };

describe('fitting', () => {
  test.each([
    ['nothing', 0.001, [0, 0, 0]],
    ['nothing', 0.01, [0, 0, 0]],
    ['nothing', 0.1, [0, 0, 0]],
    ['logits that mislead', 0.001, [3, -2, 0]],
    ['logits that mislead', 0.01, [3, -2, 0]],
    ['logits that mislead', 0.1, [3, -2, 0]],
  ])('from %s, at a penalty of %d, ends at the optimum', (_, l2, offset) => {
    const examples = clouds(90, 1, offset);
    const { head } = fitHead(examples, none, 3, { ...options, l2 });
    const lowest = optimum(examples, l2);
    expect(objective(zeros, examples, l2) - lowest).toBeGreaterThan(0.2);
    expect(objective(head, examples, l2) - lowest).toBeLessThan(0.005);
  });

  test('learns what separates the labels', () => {
    const examples = clouds(90, 2);
    const { best } = fitHead(examples, none, 3, options);
    expect(best.trainingAccuracy).toBeGreaterThan(0.6);
    expect(best.trainingCrossEntropy).toBeLessThan(Math.log(3) - 0.25);
  });

  test('a stronger penalty keeps the weights smaller', () => {
    const examples = clouds(90, 3);
    const length = (l2: number): number =>
      Math.hypot(...fitHead(examples, none, 3, { ...options, l2 }).head.weights);
    expect(length(0.3)).toBeLessThan(length(0.01) * 0.7);
  });

  test('the same examples give the same numbers', () => {
    const first = fitHead(clouds(60, 4), clouds(30, 5), 3, options);
    expect(fitHead(clouds(60, 4), clouds(30, 5), 3, options)).toEqual(first);
  });

  test('changes nothing that it was given', () => {
    const [training, validation] = [clouds(30, 4), clouds(15, 5)];
    fitHead(training, validation, 3, options);
    expect(training).toEqual(clouds(30, 4));
    expect(validation).toEqual(clouds(15, 5));
  });

  test('adds only what the given logits do not say already', () => {
    const examples = clouds(60, 6);
    const sure = examples.labels.map((label) => Float32Array.from([0, 1, 2], (c) => (c === label ? 15 : 0)));
    const { head, best } = fitHead({ ...examples, offsets: sure }, none, 3, options);
    expect(best.trainingAccuracy).toBe(1);
    for (const v of [...head.weights, ...head.bias]) expect(v).toBeCloseTo(0, 4);
  });

  test('steps that are too long end in an error that names the learning rate', () => {
    expect(() => fitHead(clouds(30, 1), none, 3, { ...options, learningRate: 1e300 })).toThrow(
      expect.objectContaining({
        code: 'diverged',
        message: expect.stringContaining('Lower the learning rate (1e+300)') as string,
      }),
    );
  });

  test.each([{ steps: -1 }, { steps: 2.5 }, { learningRate: 0 }, { learningRate: Number.NaN }])(
    '%j is wrong use',
    (wrong) => {
      expect(() => fitHead(clouds(30, 1), none, 3, { ...options, ...wrong })).toThrow(
        expect.objectContaining({ code: 'usage' }),
      );
    },
  );

  test('of nothing is a head of zeros', () => {
    const steps: HeadStep[] = [];
    const { head } = fitHead(clouds(30, 1), none, 3, {
      ...options,
      steps: 0,
      onStep: (step) => steps.push(step),
    });
    expect(head).toEqual(zeros);
    expect(steps.map(({ step }) => step)).toEqual([0]);
    expect(fitHead(none, none, 3, options).head.bias).toEqual(new Float32Array(3));
  });
});

describe('validation', () => {
  test('that gets worse from the first step on keeps the head of zeros', () => {
    const training = clouds(60, 1);
    const validation = { ...training, labels: training.labels.map((label) => (label + 1) % 3) };
    const { head, best } = fitHead(training, validation, 3, options);
    expect(best.step).toBe(0);
    expect(head).toEqual(zeros);
  });

  test('keeps the step that did best on it, not the last one', () => {
    // Two photos for each label and no penalty: what is learnt last is what these photos have by chance.
    const steps: HeadStep[] = [];
    const { best } = fitHead(clouds(6, 12), clouds(300, 13), 3, {
      ...options,
      l2: 0,
      onStep: (step) => steps.push(step),
    });
    const losses = steps.map(({ validationCrossEntropy }) => validationCrossEntropy!);
    expect(best.validationCrossEntropy).toBe(Math.min(...losses));
    expect(best.step).toBeGreaterThan(0);
    expect(best.step).toBeLessThan(steps.at(-1)!.step);
  });

  test('is left out of the steps where there is none', () => {
    const { best } = fitHead(clouds(30, 1), none, 3, options);
    expect(Object.keys(best)).toEqual(['step', 'trainingAccuracy', 'trainingCrossEntropy']);
  });
});

describe('steps', () => {
  function stepsOf(steps: number, examples = clouds(60, 1)): HeadStep[] {
    const seen: HeadStep[] = [];
    fitHead(examples, clouds(30, 2), 3, { ...options, steps, onStep: (step) => seen.push(step) });
    return seen;
  }

  test('are told before the first, after every tenth and after the last', () => {
    expect(stepsOf(25).map(({ step }) => step)).toEqual([0, 10, 20, 25]);
    expect(stepsOf(20).map(({ step }) => step)).toEqual([0, 10, 20]);
  });

  test('end where nothing is gained any more', () => {
    const seen = stepsOf(1_000_000);
    expect(seen.at(-1)!.step).toBeLessThan(1000);
    const [before, last] = seen.slice(-2).map(({ trainingCrossEntropy }) => trainingCrossEntropy);
    expect(before! - last!).toBeLessThan(1e-4);
  });

  test('start with what the given logits are worth', () => {
    const blind = stepsOf(10)[0]!;
    expect(blind.trainingCrossEntropy).toBeCloseTo(Math.log(3), 6);
    const [told] = stepsOf(10, clouds(60, 1, [Math.log(2), 0, 0]));
    const expected = (Math.log(4 / 2) + Math.log(4) + Math.log(4)) / 3;
    expect(told!.trainingCrossEntropy).toBeCloseTo(expected, 6);
  });

  test('count a face as wrong that would be called unknown', () => {
    const examples = clouds(3, 1);
    const sure = examples.labels.map((label) => Float32Array.from([0, 1, 2], (c) => (c === label ? 50 : 0)));
    const [step] = stepsOf(0, { ...examples, offsets: sure, unknown: [0, 0.25, 0.75] });
    expect(step!.trainingAccuracy).toBeCloseTo(2 / 3, 12);
    expect(step!.trainingCrossEntropy).toBeCloseTo(-(Math.log(0.75) + Math.log(0.25)) / 3, 6);
  });
});
