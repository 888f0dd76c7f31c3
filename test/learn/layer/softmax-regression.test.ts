import { describe, expect, test } from 'vitest';
import { type Head, softmax } from '../../../src/learn/layer/head.ts';
import { type LabelledVectors, logitsOf } from '../../../src/learn/layer/labelled-vectors.ts';
import { chooseStrength, type Fold, fitAtStrength } from '../../../src/learn/layer/softmax-regression.ts';
import type { TriedStrength } from '../../../src/learn/layer/strengths.ts';
import { onOneCore } from '../../one-core.ts';
import { drawVector, seededNormal } from '../../synthetic-people.ts';

/** Clouds of points around a middle for each label, `noise` wide; inputs of very different sizes. */
function clouds(counts: readonly number[], noise: number, seed: number, size = 6): LabelledVectors {
  const middles = counts.map((_, label) => drawVector(size, seededNormal(label + 1)));
  const normal = seededNormal(seed);
  const labels = counts.flatMap((count, label) => Array.from({ length: count }, () => label));
  const inputs = labels.map((label) =>
    middles[label]!.map((value, i) => (value + noise * normal()) * 10 ** (i - 3) + 5),
  );
  return { inputs, labels };
}

/** ∂(cross-entropy + ½·l2·|W|²)/∂(W, b) on standardised inputs: zero at the optimum, by hand. */
function gradientByHand(
  { inputs, labels }: LabelledVectors,
  head: Head,
  l2: number,
  balanced: boolean,
): number[] {
  const size = inputs[0]!.length;
  const classes = head.bias.length;
  const n = inputs.length;
  const mean = Array.from({ length: size }, (_, i) => inputs.reduce((s, x) => s + x[i]!, 0) / n);
  const deviation = mean.map((m, i) => Math.sqrt(inputs.reduce((s, x) => s + (x[i]! - m) ** 2, 0) / n));
  const counts = Array.from({ length: classes }, (_, c) => labels.filter((label) => label === c).length);
  const out = Array.from({ length: (size + 1) * classes }, () => 0);
  for (const [k, input] of inputs.entries()) {
    const p = softmax(logitsOf(head, input));
    const share = balanced ? 1 / (classes * counts[labels[k]!]!) : 1 / n;
    for (let c = 0; c < classes; c++) {
      const error = share * (p[c]! - Number(labels[k] === c));
      for (let i = 0; i < size; i++) out[c * size + i]! += (error * (input[i]! - mean[i]!)) / deviation[i]!;
      out[classes * size + c]! += error;
    }
  }
  for (let c = 0; c < classes; c++) {
    for (let i = 0; i < size; i++) out[c * size + i]! += l2 * head.weights[c * size + i]! * deviation[i]!;
  }
  return out;
}

describe('at one strength', () => {
  // Few labels are fitted in a growing subspace, many by L-BFGS.
  const [few, many] = [
    [40, 10, 25],
    [40, 10, 25, 12, 9, 30],
  ];

  test.each([
    [few, 0.001, true],
    [few, 0.1, true],
    [few, 0.1, false],
    [few, 10, false],
    [many, 0.001, true],
    [many, 0.1, false],
  ])(
    '%j, held back by %d, balanced %s: the gradient is zero, so it is the optimum',
    async (counts, l2, balanced) => {
      const examples = clouds(counts, 0.8, 9);
      const head = await fitAtStrength(examples, counts.length, l2, { open: onOneCore, balanced });
      const gradient = gradientByHand(examples, head, l2, balanced);
      expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(2e-5);
    },
  );

  test.each([[[400, 8]], [[400, 8, 8, 8, 8, 8]]])(
    'labels of very unequal size, %j, are no trouble: the bias soon finds its place',
    async (counts) => {
      const values: number[] = [];
      const onStep = (value: number): number => values.push(value);
      const examples = clouds(counts, 2, 3);
      await fitAtStrength(examples, counts.length, 0.1, { open: onOneCore, balanced: false, onStep });
      expect(values.length).toBeLessThan(20);
      expect(values.slice(0, 8).at(-1)! / values.at(-1)!).toBeCloseTo(1, 3);
    },
  );

  test('a fit takes the memory of one that is over, and nothing of what stood there', async () => {
    const fit = (counts: readonly number[]): Promise<Head> =>
      fitAtStrength(clouds(counts, 0.5, 2), counts.length, 0.1, { open: onOneCore, balanced: true });
    const alone = await fit([7, 6]);
    await fit([40, 30]);
    expect(await fit([7, 6])).toEqual(alone);
  });

  test('the same examples give the same bytes', async () => {
    const examples = clouds([12, 12], 0.5, 2);
    const [a, b] = [0, 1].map(() => fitAtStrength(examples, 2, 0.1, { open: onOneCore, balanced: true }));
    expect(await a).toEqual(await b);
  });

  test('an input that never changes takes no part, however large it is', async () => {
    const { inputs, labels } = clouds([12, 12], 0.5, 2);
    const wider = { inputs: inputs.map((x) => Float32Array.of(...x, 1e6)), labels };
    const head = await fitAtStrength(wider, 2, 0.1, { open: onOneCore, balanced: true });
    expect([head.weights[6], head.weights[13]]).toEqual([0, 0]);
  });

  test('balanced, a label with few examples is told as readily as one with many', async () => {
    const examples = clouds([200, 8], 2, 3);
    const rare = clouds([0, 300], 2, 4);
    const told = async (balanced: boolean): Promise<number> => {
      const head = await fitAtStrength(examples, 2, 0.1, { open: onOneCore, balanced });
      return rare.inputs.filter((x) => logitsOf(head, x)[1]! > logitsOf(head, x)[0]!).length;
    };
    expect(await told(true)).toBeGreaterThan(await told(false));
  });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('a bottleneck that holds %s is refused', async (value) => {
  const { inputs, labels } = clouds([10, 10], 1, 3);
  const broken = {
    inputs: inputs.with(
      4,
      inputs[4]!.map((v, i) => (i === 2 ? value : v)),
    ),
    labels,
  };
  const refusal = { code: 'bad-weights', message: expect.stringContaining(`holds ${value}`) as string };
  await expect(fitAtStrength(broken, 2, 0.1, { open: onOneCore, balanced: true })).rejects.toMatchObject(
    refusal,
  );
  const fold = { training: clouds([10, 10], 1, 3), validation: broken };
  await expect(chooseStrength([fold], 2, { open: onOneCore, balanced: true })).rejects.toMatchObject(refusal);
});

describe('over all strengths', () => {
  const fold = (seed: number): Fold => ({
    training: clouds([30, 30], 2, seed),
    validation: clouds([100, 100], 2, seed + 1),
  });

  async function trialsOf(
    folds: readonly Fold[],
    balanced = true,
  ): Promise<{ best: TriedStrength; trials: TriedStrength[] }> {
    const trials: TriedStrength[] = [];
    const onStrength = (tried: TriedStrength): number => trials.push(tried);
    return { best: await chooseStrength(folds, 2, { open: onOneCore, balanced, onStrength }), trials };
  }

  test('the one with the lowest validation cross-entropy is taken', async () => {
    const { best, trials } = await trialsOf([fold(5)]);
    const losses = trials.map((trial) => trial.validationCrossEntropy!);
    expect(best.validationCrossEntropy).toBe(Math.min(...losses));
    expect(trials.length).toBeGreaterThan(3);
    expect(best.l2).toBeGreaterThan(trials.at(-1)!.l2);
  });

  test('several folds choose together: what is measured is the mean over all that was left out', async () => {
    const folds = [fold(5), fold(15)];
    const both = (await trialsOf(folds)).trials;
    const [one, other] = await Promise.all(folds.map(async (each) => (await trialsOf([each])).trials));
    for (const key of ['validationCrossEntropy', 'validationAccuracy', 'trainingCrossEntropy'] as const) {
      expect(both[2]![key]).toBeCloseTo((one![2]![key]! + other![2]![key]!) / 2, 10);
    }
  });

  test('freedom only ever helps on the training examples', async () => {
    const losses = (await trialsOf([fold(5)], false)).trials.map((trial) => trial.trainingCrossEntropy);
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
  });

  test('without validation examples the usual strength is taken, and nothing is said about validation', async () => {
    const { best } = await trialsOf([
      { training: clouds([5, 5], 1, 7), validation: { inputs: [], labels: [] } },
    ]);
    expect(best).toEqual(expect.objectContaining({ l2: 0.1 }));
    expect(best).not.toHaveProperty('validationAccuracy');
  });
});
