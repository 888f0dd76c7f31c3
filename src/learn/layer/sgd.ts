/**
 * The last layer trained as TensorFlow's retrain.py trains it: plain stochastic gradient descent on the softmax
 * cross-entropy of small batches (`add_final_training_ops` and `main` in
 * tensorflow/examples/image_retraining/retrain.py, TensorFlow 1.0 to 1.8).
 */

import { checkFinite, checkPositive, checkWhole } from '../../core/checked-numbers.ts';
import { seededRandom, truncatedNormal } from '../../core/random.ts';
import { WhosinError } from '../../errors.ts';
import { emptyHead, type Head } from './head.ts';
import { type LabelledVectors, type Measured, measure } from './labelled-vectors.ts';

export interface SgdOptions {
  readonly steps: number;
  readonly learningRate: number;
  /** Examples that are drawn for a step. */
  readonly batchSize: number;
  /** Examples that are drawn for a look at the validation set; −1 for all of them. */
  readonly validationBatchSize: number;
  /** A look is taken at step 0, at every so many-th and at the last. */
  readonly evaluationInterval: number;
  readonly seed: number;
  /** New inputs in place of the drawn training examples' own: their photos are distorted, say. */
  readonly redraw?: (examples: readonly number[]) => Promise<readonly Float32Array[]>;
  /** Called for every step, and waited for. */
  readonly onStep?: (step: SgdStep) => Promise<void>;
}

export interface SgdStep {
  /** From 0. */
  readonly step: number;
  /** The head before the step, and what it says of the step's batch. */
  readonly before: Head;
  readonly batch: Measured;
  /** The head after the step. */
  readonly head: Head;
  readonly evaluation?: {
    /** The step's batch again, after the step. */
    readonly training: Measured;
    /** Not there where nothing can be drawn. */
    readonly validation?: Measured;
  };
}

/** Standard deviation of the first weights. */
const startDeviation = 0.001;

const none: LabelledVectors = { inputs: [], labels: [] };

/** @throws WhosinError `usage` */
export function checkSgd({
  steps,
  learningRate,
  batchSize,
  validationBatchSize,
  evaluationInterval,
  seed,
}: Omit<SgdOptions, 'redraw' | 'onStep'>): void {
  checkWhole('steps', steps);
  checkPositive('learningRate', learningRate);
  checkWhole('batchSize', batchSize, 1);
  checkWhole('validationBatchSize', validationBatchSize, -1);
  checkWhole('evaluationInterval', evaluationInterval, 1);
  checkWhole('seed', seed);
}

/**
 * The same seed gives the same head. A batch takes a class at random, then one of its examples, so small classes
 * count as much as large ones.
 *
 * @throws RangeError if a class has no training example
 * @throws WhosinError `usage` for options that make no sense, `bad-weights` if an input is no finite number,
 *   `diverged` if steps that are too large leave no finite numbers
 */
export async function fitBySgd(
  training: LabelledVectors,
  validation: LabelledVectors,
  classes: number,
  options: SgdOptions,
): Promise<Head> {
  const { steps, learningRate, batchSize, validationBatchSize, evaluationInterval } = options;
  checkSgd(options);
  checkFinite('A bottleneck', training.inputs);
  checkFinite('A bottleneck', validation.inputs);
  const random = seededRandom(options.seed);
  const trainingSets = byClass(training, classes);
  const without = trainingSets.findIndex((examples) => examples.length === 0);
  if (without >= 0) throw new RangeError(`class ${without} has no example to train on`);
  let head = initialHead(classes, training.inputs[0]!.length, random);
  for (let step = 0; step < steps; step++) {
    const drawn = draw(trainingSets, batchSize, random);
    const own = chosen(training, drawn);
    const batch = options.redraw ? { ...own, inputs: await options.redraw(drawn) } : own;
    const look = (at: Head, examples: LabelledVectors): Measured => looked(at, examples, step, learningRate);
    const measured = look(head, batch);
    const before = head;
    head = stepped(head, batch, measured.probabilities, learningRate);
    const isLook = step % evaluationInterval === 0 || step === steps - 1;
    const watched = isLook
      ? chosen(validation, sampleExamples(validation, classes, validationBatchSize, random))
      : none;
    await options.onStep?.({
      step,
      before,
      batch: measured,
      head,
      ...(isLook && {
        evaluation: {
          training: look(head, batch),
          ...(watched.labels.length > 0 && { validation: look(head, watched) }),
        },
      }),
    });
  }
  return head;
}

function looked(head: Head, examples: LabelledVectors, step: number, learningRate: number): Measured {
  // TensorFlow's cross-entropy follows from the logits, and counts a sure mistake in full.
  const measured = measure(head, examples, Number.MIN_VALUE);
  if (Number.isFinite(measured.crossEntropy) && head.weights.every(Number.isFinite)) return measured;
  throw new WhosinError(
    'diverged',
    `The training diverged at step ${step + 1}: its numbers grew without end. Lower the learning rate (${learningRate}).`,
  );
}

/** The numbers of examples for a look: drawn like a batch, or all of them where `howMany` is negative. */
export function sampleExamples(
  examples: LabelledVectors,
  classes: number,
  howMany: number,
  random: () => number,
): readonly number[] {
  if (howMany < 0) return [...examples.labels.keys()];
  const sets = byClass(examples, classes).filter((own) => own.length > 0);
  return sets.length > 0 ? draw(sets, howMany, random) : [];
}

/** Weights from a normal distribution whose tails are cut off, and no bias. */
function initialHead(classes: number, size: number, random: () => number): Head {
  const { weights, bias } = emptyHead(classes, size);
  return { weights: weights.map(() => startDeviation * truncatedNormal(random)), bias };
}

function stepped(
  { weights, bias }: Head,
  { inputs, labels }: LabelledVectors,
  probabilities: Float32Array,
  learningRate: number,
): Head {
  const classes = bias.length;
  const next = { weights: weights.slice(), bias: bias.slice() };
  for (const [i, input] of inputs.entries()) {
    for (let c = 0; c < classes; c++) {
      const error = probabilities[i * classes + c]! - (labels[i] === c ? 1 : 0);
      const rate = (learningRate * error) / inputs.length;
      next.bias[c]! -= rate;
      for (let k = 0, w = c * input.length; k < input.length; k++, w++) next.weights[w]! -= rate * input[k]!;
    }
  }
  return next;
}

function byClass({ labels }: LabelledVectors, classes: number): number[][] {
  const sets = Array.from({ length: classes }, (): number[] => []);
  for (const [i, label] of labels.entries()) sets[label]!.push(i);
  return sets;
}

function draw(sets: readonly (readonly number[])[], howMany: number, random: () => number): number[] {
  return Array.from({ length: howMany }, () => oneOf(oneOf(sets, random), random));
}

function oneOf<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)]!;
}

function chosen({ inputs, labels }: LabelledVectors, examples: readonly number[]): LabelledVectors {
  return { inputs: examples.map((i) => inputs[i]!), labels: examples.map((i) => labels[i]!) };
}
