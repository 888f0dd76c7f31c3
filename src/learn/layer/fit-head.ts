/**
 * A head that is added to logits: a softmax over the labels of a folder, fitted by full-batch steps. The problem is
 * convex, so every start ends at the same optimum; the same input gives the same numbers.
 */

import { checkPositive, checkWhole } from '../../core/checked-numbers.ts';
import { WhosinError } from '../../errors.ts';
import { emptyHead, type Head, softmax } from './head.ts';
import { type Figures, type LabelledVectors, openTally } from './labelled-vectors.ts';

export interface VectorsWithLogits extends LabelledVectors {
  /** Logits that the head is added to: what is known before anything is learnt. One row for each example. */
  readonly offsets: readonly Float32Array[];
  /** Probability that an example has none of the labels: not learnt here, but part of what is measured. */
  readonly unknown?: readonly number[];
}

export interface HeadStep {
  readonly step: number;
  readonly trainingAccuracy: number;
  readonly trainingCrossEntropy: number;
  readonly validationAccuracy?: number;
  readonly validationCrossEntropy?: number;
}

export interface HeadOptions {
  readonly steps: number;
  readonly learningRate: number;
  /** Weight of the penalty ½·l2·|W|². */
  readonly l2: number;
  /** Called before the first step, after every tenth and after the last. */
  readonly onStep?: (step: HeadStep) => void;
}

/** The loss has been lowest so many steps ago: the head only learns the training photos by heart from here. */
const patience = 30;

/** Ten steps that lower the objective by less than this are the last ones. */
const standstill = 1e-4;

/**
 * Gradient descent with momentum (Nesterov), until what is minimised (training cross-entropy and
 * penalty) stands still. With validation
 * examples the step with the lowest validation cross-entropy is kept, step 0 included: a head that does not
 * help is a head of zeros.
 *
 * @throws WhosinError `usage` for options that make no sense, `diverged` if the numbers grow without end
 */
export function fitHead(
  training: VectorsWithLogits,
  validation: VectorsWithLogits,
  classes: number,
  { steps, learningRate, l2, onStep }: HeadOptions,
): { readonly head: Head; readonly best: HeadStep } {
  checkWhole('steps', steps);
  checkPositive('learningRate', learningRate);
  const size = training.inputs[0]?.length ?? 0;
  const active = activeOf(training);
  const activeInValidation = activeOf(validation);
  let head = emptyHead(classes, size);
  let previous = head;
  let best: { head: Head; best: HeadStep } | undefined;
  let [bestLoss, before] = [Infinity, Infinity];
  for (let step = 0; step <= steps; step++) {
    if (step % 10 === 0 || step === steps) {
      const t = figuresOf(head, training, active);
      const now = {
        step,
        trainingAccuracy: t.accuracy,
        trainingCrossEntropy: t.crossEntropy,
        ...validationOf(head, validation, activeInValidation),
      };
      onStep?.(now);
      const objective = now.trainingCrossEntropy + penalty(head, l2);
      if (training.labels.length > 0 && !Number.isFinite(objective)) {
        throw new WhosinError(
          'diverged',
          `The training of the head diverged at step ${step}: its numbers grew without end. Lower the learning rate (${learningRate}), or leave out faces whose values are no finite numbers.`,
        );
      }
      const loss = now.validationCrossEntropy ?? objective;
      if (loss < bestLoss) [best, bestLoss] = [{ head, best: now }, loss];
      else if (step - (best?.best.step ?? 0) >= patience) break;
      if (before - objective < standstill) break;
      before = objective;
    }
    const momentum = step / (step + 3);
    const ahead = combine(head, 1 + momentum, previous, -momentum);
    previous = head;
    head = combine(ahead, 1, gradient(ahead, training, active, classes, l2), -learningRate);
  }
  return (
    best ?? {
      head: emptyHead(classes, size),
      best: { step: 0, trainingAccuracy: 0, trainingCrossEntropy: 0 },
    }
  );
}

/** One for each active class of an example. */
function probabilities(
  head: Head,
  { inputs, offsets }: VectorsWithLogits,
  i: number,
  own: Int32Array,
): Float64Array {
  const input = inputs[i]!;
  const logits = new Float64Array(own.length);
  for (let at = 0; at < own.length; at++) {
    const c = own[at]!;
    let sum = offsets[i]![c]! + head.bias[c]!;
    for (let k = 0, w = c * input.length; k < input.length; k++, w++) sum += head.weights[w]! * input[k]!;
    logits[at] = sum;
  }
  return softmax(logits);
}

/** A class this far behind the likeliest one takes no part: its probability is below 1e-8. */
const outOfReach = 20;

function activeOf({ offsets, labels }: VectorsWithLogits): readonly Int32Array[] {
  return offsets.map((row, i) => activeClasses(row, labels[i]!));
}

/** The classes that an example is about: of a thousand people mostly one or two. */
function activeClasses(offsets: Float32Array, label: number): Int32Array {
  let reach = -Infinity;
  for (let c = 0; c < offsets.length; c++) reach = Math.max(reach, offsets[c]! - outOfReach);
  const active: number[] = [];
  for (let c = 0; c < offsets.length; c++) if (c === label || offsets[c]! >= reach) active.push(c);
  return Int32Array.from(active);
}

function gradient(
  head: Head,
  examples: VectorsWithLogits,
  active: readonly Int32Array[],
  classes: number,
  l2: number,
): Head {
  const size = head.weights.length / classes;
  const out = emptyHead(classes, size);
  const n = examples.inputs.length;
  for (const [i, input] of examples.inputs.entries()) {
    const own = active[i]!;
    const p = probabilities(head, examples, i, own);
    for (let at = 0; at < own.length; at++) {
      const c = own[at]!;
      const error = (p[at]! - (examples.labels[i] === c ? 1 : 0)) / n;
      out.bias[c]! += error;
      for (let k = 0, w = c * size; k < size; k++, w++) out.weights[w]! += error * input[k]!;
    }
  }
  for (let w = 0; w < out.weights.length; w++) out.weights[w]! += l2 * head.weights[w]!;
  return out;
}

function penalty({ weights }: Head, l2: number): number {
  let sum = 0;
  for (let w = 0; w < weights.length; w++) sum += weights[w]! * weights[w]!;
  return 0.5 * l2 * sum;
}

function validationOf(
  head: Head,
  validation: VectorsWithLogits,
  active: readonly Int32Array[],
): Pick<HeadStep, 'validationAccuracy' | 'validationCrossEntropy'> {
  if (validation.inputs.length === 0) return {};
  const { accuracy, crossEntropy } = figuresOf(head, validation, active);
  return { validationAccuracy: accuracy, validationCrossEntropy: crossEntropy };
}

function figuresOf(head: Head, examples: VectorsWithLogits, active: readonly Int32Array[]): Figures {
  const tally = openTally();
  for (const [i, label] of examples.labels.entries()) {
    const own = active[i]!;
    tally.add(probabilities(head, examples, i, own), own.indexOf(label), examples.unknown?.[i]);
  }
  return tally.figures();
}

function combine(a: Head, ka: number, b: Head, kb: number): Head {
  const mixed = (x: Float32Array, y: Float32Array): Float32Array => {
    const out = new Float32Array(x.length);
    for (let i = 0; i < out.length; i++) out[i] = ka * x[i]! + kb * y[i]!;
    return out;
  };
  return { weights: mixed(a.weights, b.weights), bias: mixed(a.bias, b.bias) };
}
