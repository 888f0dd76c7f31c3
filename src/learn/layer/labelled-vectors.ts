/** Examples with their labels, what a head says of them, and how right that is. */

import { addHead, type Head, softmax } from './head.ts';

export interface LabelledVectors {
  /** One vector for each example, all of one length. */
  readonly inputs: readonly Float32Array[];
  /** Index of each example's label. */
  readonly labels: readonly number[];
}

export interface Figures {
  /** Share of the examples whose likeliest label is the right one. */
  readonly accuracy: number;
  /** Mean −ln P(right label), in nats. */
  readonly crossEntropy: number;
}

export interface Measured extends Figures {
  /** [examples × labels], row-major. */
  readonly logits: Float32Array;
  readonly probabilities: Float32Array;
  readonly examples: number;
}

/** Accuracy and loss of a head on examples. */
export function measure(
  head: Head,
  { inputs, labels }: LabelledVectors,
  leastProbability?: number,
): Measured {
  const classes = head.bias.length;
  const logits = new Float32Array(inputs.length * classes);
  const probabilities = new Float32Array(inputs.length * classes);
  const tally = openTally(leastProbability);
  for (const [i, input] of inputs.entries()) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    addHead(head, input, row);
    const shares = softmax(row);
    probabilities.set(shares, i * classes);
    tally.add(shares, labels[i]!);
  }
  return { ...tally.figures(), logits, probabilities, examples: inputs.length };
}

/** [labels] */
export function logitsOf(head: Head, input: Float32Array): Float32Array {
  const logits = new Float32Array(head.bias.length);
  addHead(head, input, logits);
  return logits;
}

export interface Tally {
  /**
   * @param probabilities of the labels that the example may have; of equal ones the first is the answer
   * @param right index of the right one among them
   * @param unknown probability of none of them, by which the others shrink
   */
  add(probabilities: Float64Array, right: number, unknown?: number): void;
  figures(): Figures;
}

/** @param leastProbability a certain answer that is wrong would count without end */
export function openTally(leastProbability = 1e-12): Tally {
  let [examples, hits, loss] = [0, 0, 0];
  return {
    add(probabilities, right, unknown = 0) {
      let top = 0;
      for (let i = 1; i < probabilities.length; i++) if (probabilities[i]! > probabilities[top]!) top = i;
      const known = 1 - unknown;
      examples++;
      if (top === right && known * probabilities[top]! >= unknown) hits++;
      loss -= Math.log(Math.max(known * probabilities[right]!, leastProbability));
    },
    figures: () => ({ accuracy: hits / examples, crossEntropy: loss / examples }),
  };
}
