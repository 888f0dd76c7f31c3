/**
 * "None of these" for a classifier that knows a few labels: whether a picture shows any of them at all. How sure
 * a softmax is of one label does not tell (measured by bench/none-of-these.ts: no better than a coin); how its
 * bottleneck lies between the training photos and pictures of anything does.
 */

import type { OpenComputation } from '../../models/graph/computation.ts';
import { logisticLoss, type ScoredExample } from '../odds/logistic-calibration.ts';
import { type Derivatives, minimiseByNewton, type ScaleAndOffset } from '../odds/newton.ts';
import { unchanged } from '../odds/recalibration.ts';
import type { Head } from './head.ts';
import { type LabelledVectors, logitsOf } from './labelled-vectors.ts';
import { fitAtStrength } from './softmax-regression.ts';

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
  const scores: ScoredPicture[] = [];
  for (const [p, part] of parts.entries()) {
    const isOut = (i: number): boolean => known.parts[i] === part;
    const isOther = (i: number): boolean => i % parts.length === p;
    const head = await fit(
      (i) => !isOut(i),
      (i) => !isOther(i),
    );
    const scored = (inputs: readonly Float32Array[], none: boolean): ScoredPicture[] =>
      inputs.map((input) => ({ score: scoreOf(head, input), none }));
    scores.push(
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
  return { head, ...calibrate(scores) };
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
  const logits = logitsOf(head, input);
  const known = logits.subarray(0, -1);
  const highest = known.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = known.reduce((total, value) => total + Math.exp(value - highest), 0);
  return logits.at(-1)! - highest - Math.log(sum);
}

interface ScoredPicture {
  readonly score: number;
  readonly none: boolean;
}

/**
 * Logistic regression, the two kinds weighing the same. Targets are a little less than certain (Platt, "Probabilistic
 * outputs for support vector machines", 1999), so that a few examples that the score sets apart without a mistake do
 * not make it sure of everything.
 */
function calibrate(scored: readonly ScoredPicture[]): ScaleAndOffset {
  const others = scored.filter(({ none }) => none).length;
  const known = scored.length - others;
  const rarer = Math.min(others, known);
  const examples = scored.map(({ score, none }) => ({
    score,
    clarity: 1,
    target: none ? (others + 1) / (others + 2) : 1 / (known + 2),
    weight: rarer / (none ? others : known),
  }));
  const { scale, offset } = minimiseByNewton((at) => heldLoss(examples, at), unchanged, { standstill: 0 });
  // A score that set the two kinds apart the wrong way round would be chance: it says nothing then.
  return { scale: Math.max(0, scale), offset: scale > 0 ? offset : 0 };
}

/** Scores that are all the same leave the scale open: a curvature of next to nothing holds it where it is. */
function heldLoss(examples: readonly ScoredExample[], at: ScaleAndOffset): Derivatives {
  const loss = logisticLoss(examples, at);
  return { ...loss, h00: loss.h00 + 1e-9, h11: loss.h11 + 1e-9 };
}
