/** The two ways to fit a last layer: to its optimum, or step by step as the tutorial does. */

import { checkWhole } from '../core/checked-numbers.ts';
import type { Head } from '../learn/layer/head.ts';
import type { LabelledVectors } from '../learn/layer/labelled-vectors.ts';
import { checkSgd, fitBySgd, type SgdOptions } from '../learn/layer/sgd.ts';
import { chooseStrength, type Fold, fitAtStrength } from '../learn/layer/softmax-regression.ts';
import type { TriedStrength } from '../learn/layer/strengths.ts';
import type { OpenComputation } from '../models/graph/computation.ts';

/** A measurement while a layer was fitted: after a step, or with a strength of holding back. */
export interface FitPoint extends Omit<TriedStrength, 'l2'> {
  /** How strongly the layer was held back, where that is what was tried. */
  readonly l2?: number;
}

export interface FittedLayer {
  readonly head: Head;
  readonly points: readonly FitPoint[];
  /** The point that was kept. */
  readonly kept: FitPoint;
  /** The same with other pictures to learn from, without choosing anew. */
  readonly refit: (examples: LabelledVectors) => Promise<Head>;
}

export interface Examples extends Fold {
  /** The same examples in other parts, to choose by where there are too few for validation. */
  readonly folds: readonly Fold[];
}

export type FitLayer = (examples: Examples, classes: number) => Promise<FittedLayer>;

/** To the optimum, held back as the left-out pictures like it best. */
export function toOptimum(
  open: OpenComputation,
  balanced: boolean,
  onPoint: (point: FitPoint) => void = () => {},
): FitLayer {
  return async ({ training, folds }, classes) => {
    const points: FitPoint[] = [];
    const onStrength = (tried: TriedStrength): void => {
      points.push(tried);
      onPoint(tried);
    };
    const kept = await chooseStrength(folds, classes, { open, balanced, onStrength });
    const refit = (examples: LabelledVectors): Promise<Head> =>
      fitAtStrength(examples, classes, kept.l2, { open, balanced });
    return { head: await refit(training), points, kept, refit };
  };
}

/**
 * Stochastic gradient descent in batches; the last step is kept.
 *
 * @param onLook waited for at each look of every fit, those for calibration too: steps leave no room for anything else
 * @throws WhosinError `usage` for options that make no sense
 */
export function bySteps(
  options: Omit<SgdOptions, 'redraw' | 'onStep' | 'validationBatchSize'>,
  onPoint: (point: FitPoint) => void = () => {},
  onLook: () => Promise<void> = async () => {},
): FitLayer {
  const all = { ...options, validationBatchSize: -1 };
  checkSgd(all);
  // Without a step there is nothing to measure or to keep.
  checkWhole('steps', options.steps, 1);
  const fit = async (
    training: LabelledVectors,
    validation: LabelledVectors,
    classes: number,
    say: (point: FitPoint) => void,
  ): Promise<Head> =>
    fitBySgd(training, validation, classes, {
      ...all,
      async onStep({ step, evaluation }) {
        if (evaluation === undefined) return;
        const { training: t, validation: v } = evaluation;
        await onLook();
        say({
          steps: step + 1,
          trainingAccuracy: t.accuracy,
          trainingCrossEntropy: t.crossEntropy,
          ...(v && { validationAccuracy: v.accuracy, validationCrossEntropy: v.crossEntropy }),
        });
      },
    });
  return async ({ training, validation }, classes) => {
    const points: FitPoint[] = [];
    const head = await fit(training, validation, classes, (point) => {
      points.push(point);
      onPoint(point);
    });
    const none = { inputs: [], labels: [] };
    return {
      head,
      points,
      kept: points.at(-1)!,
      refit: (examples) => fit(examples, none, classes, () => {}),
    };
  };
}
