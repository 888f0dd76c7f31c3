/**
 * The head of people: a softmax that is added to the odds of templates, so that it learns only what they cannot
 * tell. Fitted to its optimum, so the same photos give the same head whatever the start; how strongly it is held back
 * is chosen on photos that it was not fitted to.
 */

import { checkWhole } from '../../core/checked-numbers.ts';
import { WhosinError } from '../../errors.ts';
import { emptyHead, type Head } from './head.ts';
import { minimise } from './lbfgs.ts';
import { type NearExample, nearFigures, nearObjective } from './near-labels.ts';
import { bestStrength, figuresOfBoth, type TriedStrength } from './strengths.ts';

/** Figures without a head, or with one that is held back so strongly. */
export interface TriedHead extends Omit<TriedStrength, 'l2'> {
  /**
   * How sure it is, before looking, that a parameter is 0: 1 divided by its variance. The same number holds a head
   * back less the more photos there are to learn from. null if there is no head.
   */
  readonly precision: number | null;
}

export interface HeadOptions {
  /** Most steps of each fit. */
  readonly mostSteps: number;
  readonly onTried?: (tried: TriedHead) => void;
}

/**
 * For inputs that scatter with variance 1 around each person, as the background model makes them. Freer heads than the
 * last one did better where people had many photos and worse where they had few.
 */
const precisions = [1000, 300, 100, 30, 10, 5] as const;

/** The largest part of the gradient that is left. */
const atOptimum = 1e-5;

/**
 * @param validation to choose by; without any, no head is worth having
 * @returns what does best on them: a precision, or no head
 * @throws WhosinError `usage` for options that make no sense, `diverged` if an input is no finite number
 */
export async function chooseHead(
  training: readonly NearExample[],
  validation: readonly NearExample[],
  classes: number,
  { mostSteps, onTried }: HeadOptions,
): Promise<TriedHead> {
  checkWhole('mostSteps', mostSteps);
  const size = training[0]?.input.length ?? 0;
  let at: Float64Array = new Float64Array(classes * (size + 1));
  const tried = (precision: number | null, steps: number): TriedHead => {
    const held = validation.length > 0 ? nearFigures(validation, size, at) : undefined;
    const figures = figuresOfBoth(nearFigures(training, size, at), held);
    checkMeasured(figures);
    onTried?.({ precision, steps, ...figures });
    return { precision, steps, ...figures };
  };
  const without = tried(null, 0);
  if (validation.length === 0 || mostSteps === 0) return without;
  const best = await bestStrength(precisions, async (precision) => {
    // Each fit starts at the end of the one before.
    const minimum = await fitted(training, size, precision, at, mostSteps);
    at = minimum.at;
    return tried(precision, minimum.steps);
  });
  return best.validationCrossEntropy! < without.validationCrossEntropy! ? best : without;
}

/** A head is chosen by its figures: one that is no number would look like a head that does no good. */
function checkMeasured({
  trainingCrossEntropy,
  validationCrossEntropy,
}: Omit<TriedHead, 'precision' | 'steps'>): void {
  if (!Number.isNaN(trainingCrossEntropy) && !Number.isNaN(validationCrossEntropy)) return;
  throw new WhosinError(
    'diverged',
    'The head cannot be measured: the values or the odds of a face are no finite numbers. Leave that photo out, or use another embedder.',
  );
}

/** The head at one precision. */
export async function fitHead(
  examples: readonly NearExample[],
  classes: number,
  precision: number,
  mostSteps: number,
): Promise<Head> {
  const size = examples[0]?.input.length ?? 0;
  const start = new Float64Array(classes * (size + 1));
  const { at } = await fitted(examples, size, precision, start, mostSteps);
  const head = emptyHead(classes, size);
  for (let c = 0; c < classes; c++) {
    const row = at.subarray(c * (size + 1), (c + 1) * (size + 1));
    head.weights.set(row.subarray(0, size), c * size);
    head.bias[c] = row[size]!;
  }
  return head;
}

function fitted(
  examples: readonly NearExample[],
  size: number,
  precision: number,
  start: Float64Array,
  mostSteps: number,
): ReturnType<typeof minimise> {
  return minimise(nearObjective(examples, size, precision), start, { tolerance: atOptimum, mostSteps });
}
