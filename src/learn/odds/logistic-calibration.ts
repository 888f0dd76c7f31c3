/** Fits log odds = scale · score + clarity · offset on scores of known kind, by weighted logistic regression. */

import { type Derivatives, minimiseByNewton, type ScaleAndOffset } from './newton.ts';

/** Two faces that were compared, of which it is known whether they are one person's. */
export interface Trial {
  readonly score: number;
  /** Factor of the offset, 0 to 1: unclear faces are weaker evidence, and their score is smaller already. */
  readonly clarity: number;
  readonly same: boolean;
}

/** A score, and how probable it is that what it speaks for is true: 1, 0, or nearly so. */
export interface ScoredExample {
  readonly score: number;
  readonly clarity: number;
  readonly target: number;
  readonly weight: number;
}

/**
 * Same and different trials are weighted as if the same person came with probability `prior`, and the prior's own log
 * odds are taken out again, so that the result is a likelihood ratio. Brümmer & du Preez, "Application-independent
 * evaluation of speaker detection", 2006.
 *
 * @throws WhosinError `diverged` if a score is no finite number, or one of the two kinds is missing
 */
export function fitCalibration(trials: readonly Trial[], prior: number): ScaleAndOffset {
  const same = trials.filter((trial) => trial.same).length;
  const [weightSame, weightOther] = [prior / same, (1 - prior) / (trials.length - same)];
  const examples = trials.map(
    ({ score, clarity, same: one }): ScoredExample => ({
      score,
      clarity,
      target: one ? 1 : 0,
      weight: one ? weightSame : weightOther,
    }),
  );
  const priorOdds = Math.log(prior / (1 - prior));
  const none = { scale: 0, offset: 0 };
  return minimiseByNewton((at) => logisticLoss(examples, at, priorOdds), none, { standstill: 1e-12 });
}

/** The cross-entropy of the targets, in nats, with its derivatives. */
export function logisticLoss(
  examples: readonly ScoredExample[],
  { scale, offset }: ScaleAndOffset,
  priorOdds = 0,
): Derivatives {
  let [loss, g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0, 0];
  for (const { score, clarity, target, weight } of examples) {
    const odds = scale * score + clarity * offset + priorOdds;
    const p = 1 / (1 + Math.exp(-odds));
    const error = weight * (p - target);
    const curvature = weight * p * (1 - p);
    if (target > 0) loss += weight * target * softplus(-odds);
    if (target < 1) loss += weight * (1 - target) * softplus(odds);
    g0 += error * score;
    g1 += error * clarity;
    h00 += curvature * score * score;
    h01 += curvature * score * clarity;
    h11 += curvature * clarity * clarity;
  }
  return { loss, g0, g1, h00, h01, h11 };
}

/** ln(1 + eˣ) */
export function softplus(x: number): number {
  return x > 30 ? x : Math.log1p(Math.exp(x));
}
