/**
 * A retrained last layer: softmax over the labels of a folder on bottlenecks, fitted to its optimum. The loss is
 * convex, so the same photos give the same layer whatever the start, and there is no learning rate to choose;
 * how strongly the layer is held back (L2) is chosen on held-out photos.
 */

import { checkFinite } from '../../core/checked-numbers.ts';
import type { OpenComputation } from '../../models/graph/computation.ts';
import { emptyHead, type Head } from './head.ts';
import { type Figures, type LabelledVectors, measure } from './labelled-vectors.ts';
import { minimise } from './lbfgs.ts';
import { openSoftmaxObjective } from './softmax-objective.ts';
import { bestStrength, figuresOfBoth, type TriedStrength } from './strengths.ts';

/** Examples to learn from, and others to choose by. */
export interface Fold {
  readonly training: LabelledVectors;
  readonly validation: LabelledVectors;
}

export interface FitOptions {
  readonly open: OpenComputation;
  /** Every label counts as much as the others however many photos it has, as in retrain.py's batches. */
  readonly balanced: boolean;
  readonly onStrength?: (tried: TriedStrength) => void;
  /** After each step, with what is minimised: the mean cross-entropy and the penalty. */
  readonly onStep?: (value: number) => void;
}

/** From hardly any freedom to nearly free, three to a decade; each fit starts where the one before ended. */
const strengths = [10, 4.6, 2.2, 1, 0.46, 0.22, 0.1, 0.046, 0.022, 0.01, 0.0046, 0.0022, 0.001] as const;

/** The strength if no photos are held out: between what suits a handful of photos and what suits thousands. */
const usualStrength = 0.1;

/** The largest part of the gradient that is left: of the layer that is kept, and of one that is only compared. */
const atOptimum = 1e-5;
const nearEnough = 1e-4;

/**
 * The input whose weights are the bias. Nothing holds a bias back, and the loss curves little along it: on a constant
 * of 1 it would crawl to its place while all else stands still. On 8 a fit takes half as many steps; 7 to 14 do alike.
 */
const constant = 8;

/**
 * The strength with the lowest validation cross-entropy over all folds together. With one fold it is chosen by
 * its validation examples, with several by cross-validation.
 */
export async function chooseStrength(
  folds: readonly Fold[],
  classes: number,
  { open, balanced, onStrength }: FitOptions,
): Promise<TriedStrength> {
  for (const { validation } of folds) checkFinite('A bottleneck', validation.inputs);
  const canChoose = folds.some(({ validation }) => validation.labels.length > 0);
  const fits = await Promise.all(folds.map(({ training }) => openFit(training, classes, balanced, open)));
  try {
    return await bestStrength(canChoose ? strengths : [usualStrength], async (l2) => {
      const fitted: { head: Head; steps: number }[] = [];
      // One after another: each uses all cores.
      for (const fit of fits) fitted.push(await fit.next(l2, nearEnough));
      const tried = { l2, ...measured(fitted, folds) };
      onStrength?.(tried);
      return tried;
    });
  } finally {
    for (const fit of fits) await fit.close();
  }
}

/** The layer at one strength. */
export async function fitAtStrength(
  training: LabelledVectors,
  classes: number,
  l2: number,
  { open, balanced, onStep }: FitOptions,
): Promise<Head> {
  const fit = await openFit(training, classes, balanced, open, onStep);
  try {
    return (await fit.next(l2)).head;
  } finally {
    await fit.close();
  }
}

interface Fit {
  next(l2: number, tolerance?: number): Promise<{ readonly head: Head; readonly steps: number }>;
  close(): Promise<void>;
}

async function openFit(
  examples: LabelledVectors,
  classes: number,
  balanced: boolean,
  open: OpenComputation,
  onStep?: (value: number) => void,
): Promise<Fit> {
  const { inputs, labels } = examples;
  const size = inputs[0]!.length;
  const spread = spreadOf(inputs, size);
  const standard = {
    inputs: standardised(inputs, spread),
    labels,
    shares: sharesOf(labels, classes, balanced),
  };
  const objective = await openSoftmaxObjective(standard, classes, open);
  let at: Float64Array = new Float64Array((size + 1) * classes);
  return {
    async next(l2, tolerance = atOptimum) {
      const minimum = await minimise(objective.heldBackBy(l2), at, { tolerance, ...(onStep && { onStep }) });
      at = minimum.at;
      return { head: headOf(at, size, classes, spread), steps: minimum.steps };
    },
    close: () => objective.close(),
  };
}

interface Spread {
  readonly mean: Float64Array;
  /** One divided by the standard deviation; 0 for an input that never changes. */
  readonly scale: Float64Array;
}

/**
 * Inputs of other sizes are held back alike only once they are of one size. Sums of what lies off the first example
 * tell mean and variance at once, exact even where inputs are large and vary little. Four examples are added at a time:
 * the sums are read and written a quarter as often.
 *
 * @throws WhosinError `bad-weights` if an input is no finite number
 */
function spreadOf(inputs: readonly Float32Array[], size: number): Spread {
  const n = inputs.length;
  const first = inputs[0]!;
  const sum = new Float64Array(size);
  const squares = new Float64Array(size);
  for (let k = 0; k < n; k += 4) {
    // Beyond the last one stands the first, which lies off itself by nothing.
    const four = [
      inputs[k]!,
      inputs[k + 1] ?? first,
      inputs[k + 2] ?? first,
      inputs[k + 3] ?? first,
    ] as const;
    addFour(four, first, sum, squares);
  }
  // Only a value that is no finite number makes such a sum.
  if (!squares.every((square) => Number.isFinite(square))) checkFinite('A bottleneck', inputs);
  const mean = sum.map((value, i) => first[i]! + value / n);
  const scale = squares.map((value, i) => {
    const variance = (value - sum[i]! ** 2 / n) / n;
    return variance > 1e-12 * (1 + mean[i]! ** 2) ? 1 / Math.sqrt(variance) : 0;
  });
  return { mean, scale };
}

function addFour(
  [a, b, c, d]: readonly [Float32Array, Float32Array, Float32Array, Float32Array],
  middle: Float32Array,
  sum: Float64Array,
  squares: Float64Array,
): void {
  for (let i = 0; i < sum.length; i++) {
    const p = a[i]! - middle[i]!;
    const q = b[i]! - middle[i]!;
    const r = c[i]! - middle[i]!;
    const s = d[i]! - middle[i]!;
    sum[i]! += p + q + r + s;
    squares[i]! += p * p + q * q + r * r + s * s;
  }
}

/** [n, size + 1]: the last input is the constant whose weights are the bias. */
function standardised(inputs: readonly Float32Array[], spread: Spread): Float32Array {
  const size = spread.mean.length + 1;
  const out = new Float32Array(inputs.length * size).fill(constant);
  for (const [k, input] of inputs.entries()) standardise(input, spread, out, k * size);
  return out;
}

function standardise(input: Float32Array, { mean, scale }: Spread, to: Float32Array, from: number): void {
  for (let i = 0; i < mean.length; i++) to[from + i] = (input[i]! - mean[i]!) * scale[i]!;
}

function sharesOf(labels: readonly number[], classes: number, balanced: boolean): Float32Array {
  const counts = Array.from({ length: classes }, () => 0);
  for (const label of labels) counts[label]!++;
  const filled = counts.filter((n) => n > 0).length;
  return Float32Array.from(labels, (label) => (balanced ? 1 / (filled * counts[label]!) : 1 / labels.length));
}

/** The layer on inputs as they are: what brought them to one size goes into its weights. */
function headOf(at: Float64Array, size: number, classes: number, { mean, scale }: Spread): Head {
  const head = emptyHead(classes, size);
  for (let c = 0; c < classes; c++) {
    let bias = at[size * classes + c]! * constant;
    for (let i = 0; i < size; i++) {
      const weight = at[i * classes + c]! * scale[i]!;
      head.weights[c * size + i] = weight;
      bias -= weight * mean[i]!;
    }
    head.bias[c] = bias;
  }
  return head;
}

/** Measures all folds together; the steps are those of the longest fit. */
function measured(
  fitted: readonly { readonly head: Head; readonly steps: number }[],
  folds: readonly Fold[],
): Omit<TriedStrength, 'l2'> {
  const over = (part: keyof Fold): Figures => {
    const examples = folds.map((fold) => fold[part]);
    const all = examples.reduce((n, { labels }) => n + labels.length, 0);
    let [accuracy, crossEntropy] = [0, 0];
    for (const [i, { head }] of fitted.entries()) {
      const n = examples[i]!.labels.length;
      if (n === 0) continue;
      const own = measure(head, examples[i]!);
      accuracy += (own.accuracy * n) / all;
      crossEntropy += (own.crossEntropy * n) / all;
    }
    return { accuracy, crossEntropy };
  };
  const canMeasure = folds.some(({ validation }) => validation.labels.length > 0);
  return {
    steps: Math.max(...fitted.map(({ steps }) => steps)),
    ...figuresOfBoth(over('training'), canMeasure ? over('validation') : undefined),
  };
}
