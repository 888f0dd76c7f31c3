/**
 * A head that is added to logits which are known already, over so many labels that an example is about a few of them
 * only: those that are likely take part, and no product or step ever sees all labels of all examples.
 */

import { dot } from './columns.ts';
import { softmax, softmaxAndTotal } from './head.ts';
import { type Figures, openTally } from './labelled-vectors.ts';
import type { Objective } from './lbfgs.ts';

export interface NearExample {
  readonly input: Float32Array;
  /** Indices of the labels that it may have, the right one among them. */
  readonly labels: Int32Array;
  /** Logits of those labels before the head is added. */
  readonly logits: Float64Array;
  /** Which of `labels` is the right one. */
  readonly right: number;
  /** Probability that it has none of the labels: not learnt here, but part of what is measured. */
  readonly unknown: number;
}

/** A label this far behind the likeliest one takes no part: its probability is below a hundred thousandth. */
const outOfReach = 12;

/**
 * @param logits of all labels
 * @param label the right one
 */
export function nearExample(
  input: Float32Array,
  logits: ArrayLike<number>,
  label: number,
  unknown: number,
): NearExample {
  let reach = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < logits.length; c++) reach = Math.max(reach, logits[c]! - outOfReach);
  const near: number[] = [];
  for (let c = 0; c < logits.length; c++) if (c === label || logits[c]! >= reach) near.push(c);
  return {
    input,
    labels: Int32Array.from(near),
    logits: Float64Array.from(near, (c) => logits[c]!),
    right: near.indexOf(label),
    unknown,
  };
}

/**
 * The cross-entropy in nats + ½·precision·|parameters|², as a mean over the examples. The parameters are a row for each
 * label: its weights, [size], and its bias.
 *
 * @param precision 1 divided by the variance of a parameter around 0, before anything is learnt
 */
export function nearObjective(examples: readonly NearExample[], size: number, precision: number): Objective {
  const n = Math.max(examples.length, 1);
  const l2 = precision / n;
  // If only the right label is likely, there is nothing to learn.
  const told = examples.filter(({ labels }) => labels.length > 1);
  let at = new Float64Array();
  let logits: Float64Array[] = [];

  function gradient(): Float64Array {
    const out = new Float64Array(at.length);
    for (const [i, { input, labels, right }] of told.entries()) {
      const p = softmax(logits[i]!);
      for (let a = 0; a < labels.length; a++) {
        const error = (p[a]! - (a === right ? 1 : 0)) / n;
        let w = labels[a]! * (size + 1);
        for (let j = 0; j < size; j++, w++) out[w]! += error * input[j]!;
        out[w]! += error;
      }
    }
    for (let w = 0; w < out.length; w++) out[w]! += l2 * at[w]!;
    return out;
  }

  return {
    async begin(start) {
      at = Float64Array.from(start);
      logits = told.map((example) => headLogits(example, at, size, example.logits));
      let loss = 0;
      for (const [i, { right }] of told.entries())
        loss += softmaxAndTotal(logits[i]!).total - logits[i]![right]!;
      return { value: loss / n + 0.5 * l2 * dot(at, at), gradient: gradient() };
    },
    async line(direction) {
      const changes = told.map((example) => headLogits(example, direction, size));
      const [square, product] = [dot(at, at), dot(at, direction)];
      const squareOfDirection = dot(direction, direction);
      return {
        async look(length) {
          let [loss, slope] = [0, 0];
          for (const [i, { right }] of told.entries()) {
            const change = changes[i]!;
            const moved = logits[i]!.map((logit, a) => logit + length * change[a]!);
            const { shares, total } = softmaxAndTotal(moved);
            loss += total - moved[right]!;
            for (let a = 0; a < change.length; a++)
              slope += (shares[a]! - (a === right ? 1 : 0)) * change[a]!;
          }
          const grown = 2 * product + length * squareOfDirection;
          return {
            value: loss / n + 0.5 * l2 * (square + length * grown),
            slope: slope / n + l2 * (product + length * squareOfDirection),
          };
        },
        async arrive(length) {
          for (let w = 0; w < at.length; w++) at[w]! += length * direction[w]!;
          for (const [i, own] of logits.entries()) {
            for (let a = 0; a < own.length; a++) own[a]! += length * changes[i]![a]!;
          }
          return gradient();
        },
      };
    },
  };
}

/** How right the examples are with these parameters. */
export function nearFigures(
  examples: readonly NearExample[],
  size: number,
  parameters: Float64Array,
): Figures {
  const tally = openTally();
  for (const example of examples) {
    const logits = headLogits(example, parameters, size, example.logits);
    tally.add(softmax(logits), example.right, example.unknown);
  }
  return tally.figures();
}

/** The head's logits for an example's labels, added to those that are known. */
function headLogits(
  { input, labels }: NearExample,
  parameters: Float64Array,
  size: number,
  known?: Float64Array,
): Float64Array {
  const out = new Float64Array(labels.length);
  for (let a = 0; a < labels.length; a++) {
    let w = labels[a]! * (size + 1);
    let sum = known?.[a] ?? 0;
    for (let j = 0; j < size; j++, w++) sum += parameters[w]! * input[j]!;
    out[a] = sum + parameters[w]!;
  }
  return out;
}
