/** Minimises a smooth convex function of two numbers, a scale and an offset, by Newton's method with halved steps. */

import { WhosinError } from '../../errors.ts';

export interface ScaleAndOffset {
  readonly scale: number;
  readonly offset: number;
}

/** A function's value, its gradient and its curvature in (scale, offset). */
export interface Derivatives {
  readonly loss: number;
  readonly g0: number;
  readonly g1: number;
  readonly h00: number;
  readonly h01: number;
  readonly h11: number;
}

export interface NewtonOptions {
  /** A step that lowers the loss by less is the last one. */
  readonly standstill: number;
  readonly leastScale?: number;
}

const mostSteps = 100;

/** @throws WhosinError `diverged` if a value is no finite number */
export function minimiseByNewton(
  derivativesAt: (at: ScaleAndOffset) => Derivatives,
  start: ScaleAndOffset,
  { standstill, leastScale = Number.NEGATIVE_INFINITY }: NewtonOptions,
): ScaleAndOffset {
  let best = start;
  let here = derivativesAt(best);
  for (let step = 0; step < mostSteps; step++) {
    const { g0, g1, h00, h01, h11 } = here;
    const determinant = h00 * h11 - h01 * h01;
    const move = { scale: (h11 * g0 - h01 * g1) / determinant, offset: (h00 * g1 - h01 * g0) / determinant };
    let length = 1;
    let next = best;
    let there = here;
    do {
      next = {
        scale: Math.max(leastScale, best.scale - length * move.scale),
        offset: best.offset - length * move.offset,
      };
      there = derivativesAt(next);
      length /= 2;
    } while (there.loss > here.loss && length > 1e-6);
    if (!Number.isFinite(here.loss - there.loss)) {
      throw new WhosinError(
        'diverged',
        'The calibration cannot be fitted to odds that are no finite numbers: the network gives values that are too large, or none, for some photo.',
      );
    }
    if (here.loss - there.loss <= standstill) break;
    [best, here] = [next, there];
  }
  return best;
}
