/** Fits log odds = scale · score + clarity · offset on scores of known kind, by weighted logistic regression. */

export interface Trial {
  readonly score: number;
  /** What the offset is multiplied with, 0 to 1: unclear faces say less, and their score is smaller already. */
  readonly clarity: number;
  readonly same: boolean;
}

export interface Calibration {
  readonly scale: number;
  readonly offset: number;
}

/**
 * Newton's method with halved steps. Same and different trials are weighted as if the same person came with
 * probability `prior`, and the prior's own log odds are taken out again, so that the result is a likelihood
 * ratio. Brümmer & du Preez, "Application-independent evaluation of speaker detection", 2006.
 */
export function fitCalibration(trials: readonly Trial[], prior: number): Calibration {
  let best: Calibration = { scale: 0, offset: 0 };
  let here = derivatives(trials, best, prior);
  for (let step = 0; step < 100; step++) {
    const { g0, g1, h00, h01, h11 } = here;
    const determinant = h00 * h11 - h01 * h01;
    const move = { scale: (h11 * g0 - h01 * g1) / determinant, offset: (h00 * g1 - h01 * g0) / determinant };
    let length = 1;
    let next = best;
    let there = here;
    do {
      next = { scale: best.scale - length * move.scale, offset: best.offset - length * move.offset };
      there = derivatives(trials, next, prior);
      length /= 2;
    } while (there.loss > here.loss && length > 1e-6);
    if (here.loss - there.loss < 1e-12) break;
    [best, here] = [next, there];
  }
  return best;
}

interface Derivatives {
  readonly loss: number;
  readonly g0: number;
  readonly g1: number;
  readonly h00: number;
  readonly h01: number;
  readonly h11: number;
}

function derivatives(trials: readonly Trial[], { scale, offset }: Calibration, prior: number): Derivatives {
  const same = trials.filter((t) => t.same).length;
  const weightSame = prior / same;
  const weightOther = (1 - prior) / (trials.length - same);
  const priorOdds = Math.log(prior / (1 - prior));
  let [loss, g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0, 0];
  for (const t of trials) {
    const odds = scale * t.score + t.clarity * offset + priorOdds;
    const p = 1 / (1 + Math.exp(-odds));
    const weight = t.same ? weightSame : weightOther;
    const error = weight * (p - (t.same ? 1 : 0));
    const curvature = weight * p * (1 - p);
    const against = t.same ? -odds : odds;
    loss += weight * (against > 30 ? against : Math.log1p(Math.exp(against)));
    g0 += error * t.score;
    g1 += error * t.clarity;
    h00 += curvature * t.score * t.score;
    h01 += curvature * t.score * t.clarity;
    h11 += curvature * t.clarity * t.clarity;
  }
  return { loss, g0, g1, h00, h01, h11 };
}
