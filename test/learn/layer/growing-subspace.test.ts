import { describe, expect, test } from 'vitest';
import { minimiseInSubspace } from '../../../src/learn/layer/growing-subspace.ts';
import { type Minimum, minimise } from '../../../src/learn/layer/lbfgs.ts';
import { constant, openSoftmaxObjective } from '../../../src/learn/layer/softmax-objective.ts';
import { standardInputs } from '../../../src/learn/layer/standard-inputs.ts';
import { openSubspace } from '../../../src/learn/layer/subspace.ts';
import { onOneCore } from '../../one-core.ts';
import { drawVector, seededNormal } from '../../synthetic-people.ts';

interface Problem {
  readonly classes: number;
  readonly size: number;
  readonly n: number;
  readonly l2: number;
}

/** Clouds that overlap, far from 0 for how wide they are. */
function examplesOf({ classes, size, n }: Problem): { inputs: Float32Array[]; labels: number[] } {
  const normal = seededNormal(classes + size);
  const middles = Array.from({ length: classes }, () => drawVector(size, normal));
  const labels = Array.from({ length: n }, (_, i) => i % classes);
  return { inputs: labels.map((label) => middles[label]!.map((x) => 300 + x + 2 * normal())), labels };
}

interface Way {
  readonly start?: Float64Array;
  readonly tolerance?: number;
  readonly mostRows?: number;
}

async function inSubspace(
  problem: Problem,
  { start, tolerance = 1e-5, mostRows }: Way = {},
): Promise<Minimum> {
  const { inputs, labels } = examplesOf(problem);
  const { classes, size, n, l2 } = problem;
  const examples = {
    inputs: standardInputs(inputs),
    labels,
    shares: new Float64Array(n).fill(1 / n),
    classes,
  };
  const subspace = await openSubspace(examples, onOneCore, mostRows);
  const from = start ?? new Float64Array((size + 1) * classes);
  const minimum = await minimiseInSubspace(subspace, l2, from, { tolerance });
  await subspace.close();
  return minimum;
}

/** By L-BFGS; its last weights are those of a constant. */
async function byLbfgs(problem: Problem): Promise<Minimum> {
  const { inputs, labels } = examplesOf(problem);
  const { classes, size, n, l2 } = problem;
  const examples = { inputs: standardInputs(inputs), labels, shares: new Float32Array(n).fill(1 / n) };
  const objective = await openSoftmaxObjective(examples, classes, onOneCore);
  const minimum = await minimise(objective.heldBackBy(l2), new Float64Array((size + 1) * classes));
  await objective.close();
  return { ...minimum, at: minimum.at.map((x, i) => (i < size * classes ? x : constant * x)) };
}

describe.each([2, 3, 4, 5])('%d labels', (classes) => {
  test.each([
    ['more inputs than examples', { classes, size: 90, n: 60, l2: 0.1 }],
    ['more examples than inputs', { classes, size: 12, n: 400, l2: 0.01 }],
  ])('the optimum is that of L-BFGS: %s', async (_, problem) => {
    const [own, other] = [await inSubspace(problem), await byLbfgs(problem)];
    expect(own.value / other.value).toBeCloseTo(1, 5);
    for (const [i, x] of own.at.entries()) expect(Math.abs(x - other.at[i]!)).toBeLessThan(1e-3);
    expect(own.steps).toBeLessThan(12);
  });
});

const problem = { classes: 3, size: 60, n: 50, l2: 0.01 } as const;

test('whoever begins at the optimum stays there', async () => {
  const { at, value } = await inSubspace(problem, { tolerance: 1e-6 });
  const again = await inSubspace(problem, { start: at });
  expect(again.steps).toBe(0);
  expect(again.value).toBeCloseTo(value, 8);
});

test('the way on from the layer of another strength ends at the same optimum', async () => {
  const alone = await inSubspace(problem);
  const { at } = await inSubspace({ ...problem, l2: 1 });
  expect((await inSubspace(problem, { start: at })).value).toBeCloseTo(alone.value, 6);
});

test('fewer inputs than a step has slopes: the subspace ends, the fit goes on to its optimum', async () => {
  const small = { classes: 5, size: 2, n: 80, l2: 0.001 };
  const [own, other] = [await inSubspace(small), await byLbfgs(small)];
  expect(own.value).toBeCloseTo(other.value, 6);
});

test('a subspace that is full is begun anew, and nothing is lost', async () => {
  const [own, other] = [await inSubspace(problem, { mostRows: 8 }), await byLbfgs(problem)];
  expect(own.steps * (problem.classes - 1)).toBeGreaterThan(8);
  expect(own.value / other.value).toBeCloseTo(1, 5);
});

test('inputs that are too large for single precision are told, not fitted', async () => {
  const inputs = [3e38, -3e38, 2e38, -2e38].map((x) => Float32Array.of(x, 1));
  const examples = {
    inputs: standardInputs(inputs),
    labels: [0, 1, 0, 1],
    shares: new Float64Array(4).fill(1 / 4),
    classes: 2,
  };
  const subspace = await openSubspace(examples, onOneCore);
  await expect(minimiseInSubspace(subspace, 0.1, new Float64Array(6))).rejects.toMatchObject({
    code: 'diverged',
  });
  await subspace.close();
});
