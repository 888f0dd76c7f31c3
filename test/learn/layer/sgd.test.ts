import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import type { Head } from '../../../src/learn/layer/head.ts';
import { type LabelledVectors, measure } from '../../../src/learn/layer/labelled-vectors.ts';
import { fitBySgd, type SgdStep, sampleExamples } from '../../../src/learn/layer/sgd.ts';

const random = seededRandom(7);

/** Clouds around one point for each class; `spread` of 1 lets them touch. */
function clouds(counts: readonly number[], spread = 0.3): LabelledVectors {
  const labels = counts.flatMap((count, label) => Array<number>(count).fill(label));
  const inputs = labels.map((label) =>
    Float32Array.from({ length: 4 }, (_, k) => (k === label ? 2 : 0) + spread * (random() * 2 - 1)),
  );
  return { inputs, labels };
}

const training = clouds([30, 5, 12]);
const validation = clouds([6, 2, 3]);
const options = {
  steps: 60,
  learningRate: 0.1,
  batchSize: 20,
  validationBatchSize: 10,
  evaluationInterval: 25,
  seed: 3,
};

async function run(changes: Partial<typeof options> = {}): Promise<{ head: Head; steps: SgdStep[] }> {
  const steps: SgdStep[] = [];
  const head = await fitBySgd(training, validation, 3, {
    ...options,
    ...changes,
    onStep: async (step) => {
      steps.push(step);
    },
  });
  return { head, steps };
}

/** Cross-entropy in double precision, from its definition. */
function loss(weights: readonly number[], bias: readonly number[], batch: LabelledVectors): number {
  const rows = batch.inputs.map((input, i) => {
    const logits = bias.map((b, c) => input.reduce((sum, v, k) => sum + v * weights[c * 4 + k]!, b));
    const total = logits.reduce((sum, v) => sum + Math.exp(v), 0);
    return Math.log(total) - logits[batch.labels[i]!]!;
  });
  return rows.reduce((a, b) => a + b, 0) / rows.length;
}

describe("training as TensorFlow's retrain.py does it", () => {
  test('the same seed gives the same head, to the bit; another seed another one', async () => {
    const [first, again, other] = [await run(), await run(), await run({ seed: 4 })];
    expect(again.head).toEqual(first.head);
    expect(other.head).not.toEqual(first.head);
  });

  test('begins with small weights that are never beyond two deviations, and without bias', async () => {
    const { before } = (await run({ steps: 1 })).steps[0]!;
    expect(Math.max(...before.weights.map(Math.abs))).toBeLessThanOrEqual(0.002);
    expect(new Set(before.weights).size).toBe(before.weights.length);
    expect([...before.bias]).toEqual([0, 0, 0]);
  });

  test('a step goes down the slope of the mean cross-entropy of its batch', async () => {
    const drawn: number[][] = [];
    const steps: SgdStep[] = [];
    await fitBySgd(training, validation, 3, {
      ...options,
      steps: 3,
      redraw: async (examples) => {
        drawn.push([...examples]);
        return examples.map((i) => training.inputs[i]!);
      },
      onStep: async (step) => {
        steps.push(step);
      },
    });
    for (const [n, { before, head, batch }] of steps.entries()) {
      const examples = {
        inputs: drawn[n]!.map((i) => training.inputs[i]!),
        labels: drawn[n]!.map((i) => training.labels[i]!),
      };
      const [weights, bias] = [[...before.weights], [...before.bias]];
      expect(batch.crossEntropy).toBeCloseTo(loss(weights, bias, examples), 5);
      const slope = (values: number[], at: number): number => {
        const was = values[at]!;
        const [up, down] = [was + 1e-4, was - 1e-4].map((value) => {
          values[at] = value;
          return loss(weights, bias, examples);
        }) as [number, number];
        values[at] = was;
        return (up - down) / 2e-4;
      };
      for (let w = 0; w < weights.length; w++) {
        expect(head.weights[w]).toBeCloseTo(weights[w]! - 0.1 * slope(weights, w), 5);
      }
      for (let c = 0; c < 3; c++) expect(head.bias[c]).toBeCloseTo(bias[c]! - 0.1 * slope(bias, c), 5);
    }
  });

  test('a batch takes each class equally often, however many examples it has', async () => {
    const counts = [0, 0, 0];
    await fitBySgd(training, validation, 3, {
      ...options,
      batchSize: 50,
      redraw: async (examples) => {
        for (const i of examples) counts[training.labels[i]!]!++;
        return examples.map((i) => training.inputs[i]!);
      },
    });
    // 3000 draws: a deviation of 26 around 1000.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(110);
  });

  test('learns, looks at step 0, at every so many and at the last, and draws the validation set anew', async () => {
    const { head, steps } = await run();
    const looks = steps.filter(({ evaluation }) => evaluation !== undefined);
    expect(steps).toHaveLength(60);
    expect(looks.map(({ step }) => step)).toEqual([0, 25, 50, 59]);
    expect(looks.map(({ evaluation }) => evaluation!.validation!.examples)).toEqual([10, 10, 10, 10]);
    expect(looks.at(-1)!.evaluation!.training.crossEntropy).toBeLessThan(0.3);
    expect(measure(head, validation)).toMatchObject({ accuracy: 1, examples: 11 });
  });

  test('-1 looks at the whole validation set; without one there is no such figure', async () => {
    const { steps } = await run({ validationBatchSize: -1, steps: 1 });
    expect(steps[0]!.evaluation!.validation!.examples).toBe(11);
    const bare: SgdStep[] = [];
    const none = { inputs: [], labels: [] };
    await fitBySgd(training, none, 3, {
      ...options,
      steps: 1,
      onStep: async (step) => {
        bare.push(step);
      },
    });
    expect(bare[0]!.evaluation).not.toHaveProperty('validation');
  });

  test('a class without examples is refused for training, and passed over where it is measured', async () => {
    const gap = clouds([3, 0, 3]);
    await expect(fitBySgd(gap, gap, 3, options)).rejects.toThrow('class 1 has no example');
    const drawn = sampleExamples(gap, 3, 100, seededRandom(1));
    expect(drawn).toHaveLength(100);
    expect(new Set(drawn.map((i) => gap.labels[i]))).toEqual(new Set([0, 2]));
    expect(sampleExamples(gap, 3, -1, seededRandom(1))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(sampleExamples({ inputs: [], labels: [] }, 3, 5, seededRandom(1))).toEqual([]);
  });

  test.each([1e40, 1e200])(
    'steps of %d end in an error that names the learning rate',
    async (learningRate) => {
      const seen: number[] = [];
      const fit = fitBySgd(training, validation, 3, {
        ...options,
        learningRate,
        onStep: async ({ evaluation }) => {
          seen.push(evaluation?.training.crossEntropy ?? 0);
        },
      });
      await expect(fit).rejects.toMatchObject({
        code: 'diverged',
        message: expect.stringContaining(`Lower the learning rate (${learningRate})`),
      });
      expect(seen.every(Number.isFinite)).toBe(true);
    },
  );

  test.each([
    ['steps', -1],
    ['steps', 1.5],
    ['learningRate', 0],
    ['learningRate', Number.NaN],
    ['learningRate', Number.POSITIVE_INFINITY],
    ['batchSize', 0],
    ['validationBatchSize', -2],
    ['evaluationInterval', 0],
    ['seed', 0.5],
  ] as const)('%s of %d is wrong use', async (name, value) => {
    const fit = fitBySgd(training, validation, 3, { ...options, [name]: value });
    await expect(fit).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(new RegExp(`^${name} .*${value}`)),
    });
  });

  test('an input that is no number is refused before the first step', async () => {
    const inputs = training.inputs.with(1, Float32Array.of(Number.NaN, 1));
    await expect(fitBySgd({ ...training, inputs }, validation, 3, options)).rejects.toMatchObject({
      code: 'bad-weights',
      message: expect.stringContaining('A bottleneck holds NaN'),
    });
  });

  test('a loss beyond what single precision holds is a number still', () => {
    const head = { weights: Float32Array.of(1000, -1000), bias: Float32Array.of(0, 0) };
    const wrong = { inputs: [Float32Array.of(1)], labels: [1] };
    expect(measure(head, wrong)).toMatchObject({ accuracy: 0, crossEntropy: expect.closeTo(27.63, 1) });
    const asTensorFlow = measure(head, wrong, Number.MIN_VALUE);
    expect(asTensorFlow).toMatchObject({ accuracy: 0, crossEntropy: expect.closeTo(744.44, 1) });
  });
});
