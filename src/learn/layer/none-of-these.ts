/**
 * "None of these" for a classifier that knows a few labels: whether a picture shows any of them at all. How sure
 * a softmax is of one label does not tell (measured by bench/none-of-these.ts: no better than a coin); how its
 * bottleneck lies between the training photos and pictures of anything does.
 */

import type { OpenComputation } from '../../models/graph/computation.ts';
import { addHead, type Head } from './head.ts';
import { fitAtStrength, type LabelledVectors } from './softmax-regression.ts';

export interface NoneOfThese {
  /** On bottlenecks; one output for each label, and last one for pictures of anything: [labels + 1]. */
  readonly head: Head;
  /** log odds of none of the labels = scale · score + offset, where it is as likely as not before looking. */
  readonly scale: number;
  readonly offset: number;
}

export interface KnownExamples extends LabelledVectors {
  /** Which part each belongs to, from 0: near-duplicates share one (`dealByHash`). */
  readonly parts: readonly number[];
}

/** So strong that a direction has to set many photos apart to count: 0.01 to 1 were tried, this was best. */
const l2 = 1;

/**
 * A head with one more output, for a reference set of pictures of anything (outlier exposure: Hendrycks, Mazeika,
 * Dietterich, "Deep anomaly detection with outlier exposure", ICLR 2019). The calibration comes from photos and
 * reference pictures of one part, scored by a head that was fitted on the other parts.
 *
 * @param reference bottlenecks of pictures that show none of the labels, from the same network; a hundred do
 * @throws RangeError without two parts of photos, or with fewer than two reference pictures
 */
export async function fitNoneOfThese(
  known: KnownExamples,
  reference: readonly Float32Array[],
  open: OpenComputation,
): Promise<NoneOfThese> {
  const parts = [...new Set(known.parts)];
  if (parts.length < 2 || reference.length < 2) {
    throw new RangeError(`${parts.length} parts of photos, ${reference.length} reference pictures`);
  }
  const classes = known.labels.reduce((a, b) => Math.max(a, b), 0) + 1;
  const fit = (isKnown: (i: number) => boolean, isOther: (i: number) => boolean): Promise<Head> => {
    const others = reference.filter((_, i) => isOther(i));
    return fitAtStrength(
      {
        inputs: [...known.inputs.filter((_, i) => isKnown(i)), ...others],
        labels: [...known.labels.filter((_, i) => isKnown(i)), ...others.map(() => classes)],
      },
      classes + 1,
      l2,
      { open, balanced: false },
    );
  };
  const trials: Trial[] = [];
  for (const [p, part] of parts.entries()) {
    const isOut = (i: number): boolean => known.parts[i] === part;
    const isOther = (i: number): boolean => i % parts.length === p;
    const head = await fit(
      (i) => !isOut(i),
      (i) => !isOther(i),
    );
    const scored = (inputs: readonly Float32Array[], none: boolean): Trial[] =>
      inputs.map((input) => ({ score: scoreOf(head, input), none }));
    trials.push(
      ...scored(
        known.inputs.filter((_, i) => isOut(i)),
        false,
      ),
      ...scored(
        reference.filter((_, i) => isOther(i)),
        true,
      ),
    );
  }
  const head = await fit(
    () => true,
    () => true,
  );
  return { head, ...calibrate(trials) };
}

/**
 * The probability that a picture shows none of the labels. With `p` the softmax of the labels alone, each label
 * has the probability (1 − none) · p.
 *
 * @param input a bottleneck, [d]
 * @param prior probability of none of the labels before looking
 */
export function probabilityOfNone(
  { head, scale, offset }: NoneOfThese,
  input: Float32Array,
  prior = 0.5,
): number {
  const logOdds = scale * scoreOf(head, input) + offset + Math.log(prior / (1 - prior));
  return 1 / (1 + Math.exp(-logOdds));
}

/** The log odds of the last output against all others, as the head has them. */
function scoreOf(head: Head, input: Float32Array): number {
  const logits = new Float32Array(head.bias.length);
  addHead(head, input, logits);
  const known = logits.subarray(0, -1);
  const highest = known.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = known.reduce((total, value) => total + Math.exp(value - highest), 0);
  return logits.at(-1)! - highest - Math.log(sum);
}

interface Trial {
  readonly score: number;
  readonly none: boolean;
}

/**
 * Logistic regression by Newton's method, the two kinds weighing the same. Targets are a little less than certain
 * (Platt, "Probabilistic outputs for support vector machines", 1999), so that a few examples that the score sets
 * apart without a mistake do not make it sure of everything.
 */
function calibrate(trials: readonly Trial[]): Pick<NoneOfThese, 'scale' | 'offset'> {
  const count = (none: boolean): number => trials.filter((trial) => trial.none === none).length;
  const [others, known] = [count(true), count(false)];
  const rarer = Math.min(others, known);
  let [scale, offset] = [1, 0];
  for (let step = 0; step < 100; step++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 1e-9, 0, 1e-9];
    for (const { score, none } of trials) {
      const target = none ? (others + 1) / (others + 2) : 1 / (known + 2);
      const weight = rarer / (none ? others : known);
      const p = 1 / (1 + Math.exp(-(scale * score + offset)));
      const curvature = weight * p * (1 - p);
      g0 += weight * (p - target) * score;
      g1 += weight * (p - target);
      h00 += curvature * score * score;
      h01 += curvature * score;
      h11 += curvature;
    }
    const determinant = h00 * h11 - h01 * h01;
    const [moveScale, moveOffset] = [
      (h11 * g0 - h01 * g1) / determinant,
      (h00 * g1 - h01 * g0) / determinant,
    ];
    // Far from the optimum the curve is flat, and Newton's step leaps over it.
    const shorten = Math.min(1, 1 / Math.max(Math.abs(moveScale), Math.abs(moveOffset), 1e-9));
    scale -= shorten * moveScale;
    offset -= shorten * moveOffset;
    if (Math.max(Math.abs(moveScale), Math.abs(moveOffset)) < 1e-9) break;
  }
  // A score that set the two kinds apart the wrong way round would be chance: it says nothing then.
  return { scale: Math.max(0, scale), offset: scale > 0 ? offset : 0 };
}
