/** How strongly a layer is held back (L2), tried from hardly any freedom to nearly free. */

import type { Figures } from './labelled-vectors.ts';

/** Figures at one strength. */
export interface TriedStrength {
  /** Weight of the penalty ½·l2·|W|². */
  readonly l2: number;
  readonly steps: number;
  readonly trainingAccuracy: number;
  readonly trainingCrossEntropy: number;
  readonly validationAccuracy?: number;
  readonly validationCrossEntropy?: number;
}

/** So many strengths in a row that do worse than the best one: the weaker ones only learn by heart. */
const patience = 3;

/**
 * The strength with the lowest validation cross-entropy; without validation examples the last one.
 *
 * @param strengths from the strongest down
 */
export async function bestStrength<T extends Pick<TriedStrength, 'validationCrossEntropy'>>(
  strengths: readonly number[],
  attempt: (l2: number) => Promise<T>,
): Promise<T> {
  let best: T | undefined;
  let worse = 0;
  for (const l2 of strengths) {
    const tried = await attempt(l2);
    const lowest = best?.validationCrossEntropy ?? Infinity;
    worse = (tried.validationCrossEntropy ?? 0) < lowest ? 0 : worse + 1;
    if (worse === 0) best = tried;
    if (worse === patience) break;
  }
  return best!;
}

/** The names that figures have in a list of strengths. */
export function figuresOfBoth(
  training: Figures,
  validation: Figures | undefined,
): Omit<TriedStrength, 'l2' | 'steps'> {
  return {
    trainingAccuracy: training.accuracy,
    trainingCrossEntropy: training.crossEntropy,
    ...(validation && {
      validationAccuracy: validation.accuracy,
      validationCrossEntropy: validation.crossEntropy,
    }),
  };
}
