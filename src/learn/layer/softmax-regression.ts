/**
 * A retrained last layer: softmax over the labels of a folder on bottlenecks, fitted to its optimum. The loss is
 * convex, so the same photos give the same layer whatever the start, and there is no learning rate to choose;
 * how strongly the layer is held back (L2) is chosen on held-out photos.
 */

import { checkFinite } from '../../core/checked-numbers.ts';
import type { OpenComputation } from '../../models/graph/computation.ts';
import { minimiseInSubspace } from './growing-subspace.ts';
import { emptyHead, type Head } from './head.ts';
import { type Figures, type LabelledVectors, measure } from './labelled-vectors.ts';
import { type MinimiseOptions, type Minimum, minimise } from './lbfgs.ts';
import { constant, openSoftmaxObjective } from './softmax-objective.ts';
import { release, type StandardInputs, standardInputs } from './standard-inputs.ts';
import { bestStrength, figuresOfBoth, type TriedStrength } from './strengths.ts';
import { openSubspace } from './subspace.ts';

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
 * So many labels at most are fitted in a growing subspace, which takes half as many steps; of more, Newton's method in the
 * subspace takes longer than the steps that it saves (6 labels: alike).
 */
const fewLabels = 5;

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
  { inputs, labels }: LabelledVectors,
  classes: number,
  balanced: boolean,
  open: OpenComputation,
  onStep?: (value: number) => void,
): Promise<Fit> {
  const standard = standardInputs(inputs);
  const shares = sharesOf(labels, classes, balanced);
  const way = await openWay(standard, labels, shares, classes, open);
  let at: Float64Array = new Float64Array((standard.size + 1) * classes);
  return {
    async next(l2, tolerance = atOptimum) {
      const minimum = await way.minimise(l2, at, { tolerance, ...(onStep && { onStep }) });
      at = minimum.at;
      return { head: headOf(at, standard, way.constant), steps: minimum.steps };
    },
    async close() {
      await way.close();
      release(standard);
    },
  };
}

/** A way to the minimum. */
interface Way {
  /** @param start weights of the standard inputs, then those of the constant: [size + 1, classes] */
  minimise(l2: number, start: Float64Array, options: MinimiseOptions): Promise<Minimum>;
  /** The input whose weights are the bias. */
  readonly constant: number;
  close(): Promise<void>;
}

async function openWay(
  inputs: StandardInputs,
  labels: readonly number[],
  shares: Float64Array,
  classes: number,
  open: OpenComputation,
): Promise<Way> {
  if (classes > 1 && classes <= fewLabels) {
    const subspace = await openSubspace({ inputs, labels, shares, classes }, open);
    return {
      minimise: (l2, start, options) => minimiseInSubspace(subspace, l2, start, options),
      constant: 1,
      close: () => subspace.close(),
    };
  }
  const examples = { inputs, labels, shares: new Float32Array(shares) };
  const objective = await openSoftmaxObjective(examples, classes, open);
  return {
    minimise: (l2, start, options) => minimise(objective.heldBackBy(l2), start, options),
    constant,
    close: () => objective.close(),
  };
}

function sharesOf(labels: readonly number[], classes: number, balanced: boolean): Float64Array {
  const counts = Array.from({ length: classes }, () => 0);
  for (const label of labels) counts[label]!++;
  const filled = counts.filter((n) => n > 0).length;
  return Float64Array.from(labels, (label) => (balanced ? 1 / (filled * counts[label]!) : 1 / labels.length));
}

/** The layer on inputs as they are: what brought them to one size goes into its weights. */
function headOf(at: Float64Array, { size, first, mean, scale }: StandardInputs, unit: number): Head {
  const classes = at.length / (size + 1);
  const head = emptyHead(classes, size);
  for (let c = 0; c < classes; c++) {
    let bias = at[size * classes + c]! * unit;
    for (let i = 0; i < size; i++) {
      const weight = at[i * classes + c]! * scale[i]!;
      head.weights[c * size + i] = weight;
      bias -= weight * (first[i]! + mean[i]!);
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
