/** Probabilities of a softmax that mean what they say: one number, fitted on examples that were not trained on. */

import { WhosinError } from '../../errors.ts';
import { softmax } from './head.ts';

/** Beyond these an answer is as good as certain, or as good as a guess. */
const range = { lowest: 1 / 50, highest: 50 };

/**
 * Temperature scaling (Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks", ICML 2017): the
 * temperature that all logits are divided by to make the right labels likeliest. The order of the labels stays.
 * The loss is convex in 1 / temperature, so its minimum is where its slope changes sign.
 *
 * @param logits of validation examples, one row each
 * @param labels index of each one's right label
 * @returns above 1 where the head is too sure of itself; 1 without examples. An end of the range 1/50 to 50 if
 *   every example is right, or none is informative.
 * @throws WhosinError `diverged` if a logit is no finite number
 */
export function fitTemperature(logits: readonly ArrayLike<number>[], labels: readonly number[]): number {
  if (logits.length !== labels.length) {
    throw new RangeError(`${logits.length} rows of logits, ${labels.length} labels`);
  }
  if (logits.length === 0) return 1;
  let [low, high] = [1 / range.highest, 1 / range.lowest];
  for (let step = 0; step < 60; step++) {
    const sharpness = (low + high) / 2;
    const rising = slope(logits, labels, sharpness);
    if (!Number.isFinite(rising)) {
      throw new WhosinError(
        'diverged',
        'A temperature cannot be fitted to logits that are no finite numbers: the layer that gave them was fitted with steps that are too large.',
      );
    }
    if (rising > 0) high = sharpness;
    else low = sharpness;
  }
  return 2 / (low + high);
}

/** [labels], adding up to 1 */
export function softmaxAt(logits: ArrayLike<number>, temperature: number): Float64Array {
  return softmax(Float64Array.from(logits, (value) => value / temperature));
}

/** The slope of the loss in 1 / temperature: mean over examples of Σ P(label) · logit − logit of the right one. */
function slope(logits: readonly ArrayLike<number>[], labels: readonly number[], sharpness: number): number {
  let sum = 0;
  for (const [i, row] of logits.entries()) {
    const p = softmaxAt(row, 1 / sharpness);
    const expected = p.reduce((total, share, c) => total + share * row[c]!, 0);
    sum += expected - row[labels[i]!]!;
  }
  return sum / logits.length;
}
