/**
 * The loss of a softmax layer for few labels on few inputs, and Newton's method for it: all slopes and curvatures at
 * once. A number that all logits of an example have in common changes no probability, so a layer is written in contrasts
 * between labels, one fewer than labels; the penalty is the same, because contrasts stand at right angles.
 */

import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { add, dot, mix, multiply } from './columns.ts';

export interface LabelledShares {
  /** Index of each example's label. */
  readonly labels: readonly number[];
  /** How much of the loss each example is, together 1. */
  readonly shares: Float64Array;
  readonly classes: number;
}

/** A layer, and what it makes of the examples. Lists are by contrast, columns by example. */
export interface Place {
  /** For each input; the first input is a constant, whose weight is the bias and not held back. */
  readonly weights: readonly Float64Array[];
  readonly logits: readonly Float64Array[];
  /** The cross-entropy in nats + ½·l2·|weights|². */
  readonly value: number;
  /** What the cross-entropy grows by with each example's logit. */
  readonly errors: readonly Float64Array[];
  /** By label. */
  readonly probabilities: readonly Float64Array[];
}

/** How much of each label is in each contrast (Helmert's): a label is told from the mean of those before it. */
export function contrastsBetween(classes: number): readonly Float64Array[] {
  return Array.from({ length: classes - 1 }, (_, a) => {
    const length = Math.sqrt((a + 1) * (a + 2));
    const partOf = (label: number): number => (label <= a ? 1 : label === a + 1 ? -(a + 1) : 0);
    return Float64Array.from({ length: classes }, (__, label) => partOf(label) / length);
  });
}

/** The place of a layer, by its weights and the logits that they make. */
export function placeAt(
  { labels, shares, classes }: LabelledShares,
  l2: number,
  weights: readonly Float64Array[],
  logits: readonly Float64Array[],
): Place {
  const contrasts = contrastsBetween(classes);
  const n = labels.length;
  const byLabel = Array.from({ length: classes }, (_, c) =>
    mix(logits, contrasts.map((contrast) => contrast[c]!), n),
  );
  const { probabilities, losses } = softmaxOf(byLabel, labels);
  const errors = contrasts.map((contrast) => {
    const error = mix(probabilities, contrast, n);
    for (let k = 0; k < n; k++) error[k]! -= contrast[labels[k]!]!;
    return multiply(error, error, shares);
  });
  const squares = weights.reduce((sum, own) => sum + dot(own, own) - own[0]! ** 2, 0);
  return { weights, logits, value: dot(losses, shares) + 0.5 * l2 * squares, errors, probabilities };
}

/** Columns of logits become probabilities, and each example's loss −log(right). */
function softmaxOf(
  columns: readonly Float64Array[],
  labels: readonly number[],
): { readonly probabilities: readonly Float64Array[]; readonly losses: Float64Array } {
  const losses = new Float64Array(labels.length);
  for (let k = 0; k < losses.length; k++) {
    let highest = columns[0]![k]!;
    for (const column of columns) highest = Math.max(highest, column[k]!);
    losses[k] = highest - columns[labels[k]!]![k]!;
    let total = 0;
    for (const column of columns) total += column[k] = Math.exp(column[k]! - highest);
    for (const column of columns) column[k]! /= total;
    losses[k]! += Math.log(total);
  }
  return { probabilities: columns, losses };
}

/**
 * One step of Newton's method, halved until it gains.
 *
 * @param inputs columns, the first one constant
 * @returns nothing if rounding hides every gain
 */
export function newtonStep(
  examples: LabelledShares,
  l2: number,
  inputs: readonly Float64Array[],
  { weights, logits, value, errors, probabilities }: Place,
): Place | undefined {
  const slopes = weights.map((own, a) =>
    own.map((weight, i) => dot(inputs[i]!, errors[a]!) + (i === 0 ? 0 : l2 * weight)),
  );
  const curvature = curvatureAt(examples, l2, inputs, probabilities);
  const solved = new CholeskyDecomposition(curvature)
    .solve(Matrix.columnVector(slopes.flatMap((own) => [...own])))
    .to1DArray();
  const m = inputs.length;
  const move = weights.map((_, a) => Float64Array.from(solved.slice(a * m, (a + 1) * m), (x) => -x));
  const moved = move.map((own) => mix(inputs, own, errors[0]!.length));
  const slope = slopes.reduce((sum, own, a) => sum + dot(own, move[a]!), 0);
  for (let length = 1; length > leastLength; length /= 2) {
    const further = (from: readonly Float64Array[], by: readonly Float64Array[]): Float64Array[] =>
      from.map((own, a) => mix([own, by[a]!], [1, length], own.length));
    const there = placeAt(examples, l2, further(weights, move), further(logits, moved));
    if (there.value < value + enough * length * slope) return there;
  }
  return undefined;
}

/** How much a step has to gain, as a part of what its slope promises. */
const enough = 1e-4;
const leastLength = 1e-3;

/** So much larger is each curvature taken, so that rounding makes none of them negative. */
const surplus = 1e-9;

/** The second derivatives of the loss in the weights, contrast by contrast. */
function curvatureAt(
  { shares, classes }: LabelledShares,
  l2: number,
  inputs: readonly Float64Array[],
  probabilities: readonly Float64Array[],
): Matrix {
  const contrasts = contrastsBetween(classes);
  const m = inputs.length;
  const n = shares.length;
  const out = Matrix.zeros(m * contrasts.length, m * contrasts.length);
  const means = contrasts.map((contrast) => mix(probabilities, contrast, n));
  const column = new Float64Array(n);
  for (const [a, one] of contrasts.entries()) {
    for (let b = 0; b <= a; b++) {
      const weight = mix(probabilities, one.map((part, c) => part * contrasts[b]![c]!), n);
      add(weight, multiply(column, means[a]!, means[b]!), -1);
      multiply(weight, weight, shares);
      for (let i = 0; i < m; i++) {
        multiply(column, weight, inputs[i]!);
        for (let j = 0; j <= i; j++) {
          const curved = dot(column, inputs[j]!);
          out.set(a * m + i, b * m + j, curved);
          out.set(a * m + j, b * m + i, curved);
          out.set(b * m + i, a * m + j, curved);
          out.set(b * m + j, a * m + i, curved);
        }
      }
    }
  }
  for (let i = 0; i < out.rows; i++) {
    out.set(i, i, (out.get(i, i) + (i % m === 0 ? 0 : l2)) * (1 + surplus) + Number.MIN_VALUE);
  }
  return out;
}
