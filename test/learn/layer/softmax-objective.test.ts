import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Objective } from '../../../src/learn/layer/lbfgs.ts';
import {
  constant,
  openSoftmaxObjective,
  type SoftmaxObjective,
} from '../../../src/learn/layer/softmax-objective.ts';
import type { StandardInputs } from '../../../src/learn/layer/standard-inputs.ts';
import { openComputation } from '../../../src/runtime/computation.ts';
import { drawVector, seededNormal } from '../../synthetic-people.ts';

const [n, size, classes] = [40, 7, 3];
const normal = seededNormal(3);
const values = drawVector(n * size, normal);
const mean = Float64Array.from(drawVector(size, normal));
const scale = Float64Array.from(drawVector(size, normal), (x) => Math.exp(x));
const inputs: StandardInputs = { examples: n, size, values, first: new Float32Array(size), mean, scale };
const labels = Array.from({ length: n }, (_, i) => i % classes);
const shares = new Float32Array(n).fill(1 / n);
const count = (size + 1) * classes;
const start = Float64Array.from(drawVector(count, normal));
const direction = Float64Array.from(drawVector(count, normal));

let loss: SoftmaxObjective;
beforeAll(async () => {
  loss = await openSoftmaxObjective({ inputs, labels, shares }, classes, (graph) =>
    openComputation(graph, { threads: 1 }),
  );
});
afterAll(() => loss.close());

const moved = (length: number): Float64Array => start.map((value, i) => value + length * direction[i]!);

async function valueAt(objective: Objective, at: Float64Array): Promise<number> {
  return (await objective.begin(at)).value;
}

/** The mean cross-entropy + ½·l2·|weights|², one example after another. */
function byHand(at: Float64Array, l2: number): number {
  let sum = 0;
  for (const [i, label] of labels.entries()) {
    const logits = Array.from({ length: classes }, (_, c) => {
      let logit = constant * at[size * classes + c]!;
      for (let k = 0; k < size; k++) {
        logit += (values[i * size + k]! - mean[k]!) * scale[k]! * at[k * classes + c]!;
      }
      return logit;
    });
    sum += Math.log(logits.reduce((total, logit) => total + Math.exp(logit - logits[label]!), 0)) / n;
  }
  return sum + 0.5 * l2 * at.slice(0, size * classes).reduce((total, w) => total + w * w, 0);
}

describe.each([0, 0.3])('held back by %d', (l2) => {
  test('the loss is what it is by hand, at a place and along a line', async () => {
    const objective = loss.heldBackBy(l2);
    expect(await valueAt(objective, start)).toBeCloseTo(byHand(start, l2), 5);
    const line = await objective.line(direction);
    for (const length of [0.1, 1, 2.5]) {
      expect((await line.look(length)).value).toBeCloseTo(byHand(moved(length), l2), 5);
    }
  });

  test('the slope is what the loss grows by along the line', async () => {
    const objective = loss.heldBackBy(l2);
    await objective.begin(start);
    const { slope } = await (await objective.line(direction)).look(0.7);
    const step = 1e-4;
    expect(slope).toBeCloseTo(
      (byHand(moved(0.7 + step), l2) - byHand(moved(0.7 - step), l2)) / (2 * step),
      4,
    );
  });

  test('whoever goes along a line arrives where they would have begun', async () => {
    const objective = loss.heldBackBy(l2);
    await objective.begin(start);
    const line = await objective.line(direction);
    await line.look(2);
    const arrived = await line.arrive(0.7);
    const { gradient } = await loss.heldBackBy(l2).begin(moved(0.7));
    for (const [i, value] of gradient.entries()) expect(arrived[i]).toBeCloseTo(value, 5);
  });
});

test('a label that is out of reach does not end in infinity', async () => {
  const objective = loss.heldBackBy(0);
  await objective.begin(new Float64Array(count));
  const { value, slope } = await (await objective.line(direction)).look(1e4);
  expect(value).toBeGreaterThan(10);
  expect(slope).toBeGreaterThan(0);
  expect(Number.isFinite(value + slope)).toBe(true);
});

test('the loss and its slopes are exact where every example is nearly sure', async () => {
  const [sure, three] = [12, 3];
  const own = Array.from({ length: three }, (_, i) => [0, 1, 2].map((k) => Number(k === i)));
  const examples = {
    inputs: {
      examples: three,
      size: three,
      values: Float32Array.from(own.flat()),
      first: new Float32Array(three),
      mean: new Float64Array(three),
      scale: new Float64Array(three).fill(1),
    },
    labels: [0, 1, 2],
    shares: new Float32Array(three).fill(1 / three),
  };
  const objective = await openSoftmaxObjective(examples, three, (graph) =>
    openComputation(graph, { threads: 1 }),
  );
  // The weight of each example's own input for its label, and no bias.
  const at = Float64Array.from({ length: 4 * three }, (_, k) => sure * Number(k % 4 === 0 && k < 9));
  const { value, gradient } = await objective.heldBackBy(0).begin(at);
  const odds = 2 * Math.exp(-sure);
  const wrong = odds / (1 + odds);
  expect(value / Math.log1p(odds)).toBeCloseTo(1, 5);
  expect((-three * gradient[0]!) / wrong).toBeCloseTo(1, 5);
  await objective.close();
});
