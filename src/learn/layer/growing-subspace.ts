/**
 * The optimum of a softmax layer for few labels, in half as many steps as L-BFGS takes, or less. The layer is looked for
 * in a subspace of directions that grows at each step by the slopes of every label (as in the method of conjugate gradients
 * for several columns: O'Leary, "The block conjugate gradient algorithm", 1980). The logits along a direction are
 * computed once. In the subspace the loss is one of a few dozen numbers, and Newton's method finds its minimum without
 * another product of large matrices.
 */

import { dot, largest } from './columns.ts';
import { checkPoint, type MinimiseOptions, type Minimum } from './lbfgs.ts';
import { newtonMove } from './newton-move.ts';
import type { Subspace, SubspaceLoss, SubspaceWeights } from './subspace.ts';
import { contrastPairs } from './subspace-graphs.ts';

/** Steps of Newton's method in one subspace: more find a better place in it, and the next subspace is no better for it. */
const newtonSteps = 2;

/** Another one only if the one before gained more than this part of the loss: near the end one is as good as exact. */
const worthAnother = 0.1;

/** How much a step has to gain, as a part of what its slope promises, and the shortest one that is tried. */
const enough = { gain: 1e-4, length: 1e-3 } as const;

/** A step that gains a smaller part of the loss is rounding. */
const rounding = 1e-9;

/** A layer in the subspace. */
interface Place {
  readonly weights: SubspaceWeights;
  /** The cross-entropy + ½·l2·|weights|². */
  readonly value: number;
  readonly loss: SubspaceLoss;
}

/**
 * @param start [size + 1, classes], row-major: weights, then the biases, which nothing holds back
 * @throws WhosinError `diverged` if a value or a slope is no finite number
 */
export async function minimiseInSubspace(
  subspace: Subspace,
  l2: number,
  start: Float64Array,
  { tolerance = 1e-5, mostSteps = 500, onStep }: MinimiseOptions = {},
): Promise<Minimum> {
  let weights = await begun(subspace, layerOf(start, subspace));
  let before = Number.POSITIVE_INFINITY;
  for (let steps = 0; ; steps++) {
    const place = await settled(subspace, l2, weights);
    const { value, loss } = place;
    onStep?.(value);
    const slopes: Float32Array[] = [];
    let most = 0;
    for (const [a, own] of place.weights.entries()) {
      const held = own.map((weight, i) => (i === 0 ? 0 : l2 * weight));
      const { slope, steepest } = await subspace.slopeOf(a, loss.errors, held);
      most = Math.max(most, steepest, Math.abs(loss.slopes[a * own.length]!));
      slopes.push(slope);
    }
    checkPoint(value, most, steps);
    if (most <= tolerance || before - value <= rounding * value || steps === mostSteps) {
      return { at: rowsOf(place.weights, subspace), value, steps };
    }
    before = value;
    weights = await grown(subspace, place.weights, slopes);
  }
}

/** Newton's method, as far as it is worth while. */
async function settled(subspace: Subspace, l2: number, weights: SubspaceWeights): Promise<Place> {
  let place = await placeOf(subspace, l2, weights);
  for (let step = 0; step < newtonSteps; step++) {
    const next = await newtonStep(subspace, l2, place);
    if (next === undefined) break;
    const gained = place.value - next.value;
    place = next;
    if (gained < worthAnother * place.value) break;
  }
  return place;
}

async function placeOf(subspace: Subspace, l2: number, weights: SubspaceWeights): Promise<Place> {
  const loss = await subspace.lossOf(weights);
  const squares = weights.reduce((sum, own) => sum + dot(own, own) - own[0]! ** 2, 0);
  return { weights, value: loss.loss + 0.5 * l2 * squares, loss };
}

/** One step of Newton's method, halved until it gains; nothing if rounding hides every gain. */
async function newtonStep(
  subspace: Subspace,
  l2: number,
  { weights, value, loss }: Place,
): Promise<Place | undefined> {
  const m = subspace.rows();
  const slope = Float64Array.from(loss.slopes);
  for (const [a, own] of weights.entries()) for (let i = 1; i < m; i++) slope[a * m + i]! += l2 * own[i]!;
  const move = newtonMove(curvatureOf(subspace, l2, loss.curvature), slope);
  const promised = dot(slope, move);
  if (!(-promised > rounding * value)) return undefined;
  for (let length = 1; length >= enough.length; length /= 2) {
    const there = weights.map((own, a) => own.map((weight, i) => weight + length * move[a * m + i]!));
    const place = await placeOf(subspace, l2, there);
    if (place.value < value + enough.gain * length * promised) return place;
  }
  return undefined;
}

/** The curvature of the loss in all weights of all contrasts, from that in pairs of them. */
function curvatureOf(subspace: Subspace, l2: number, ofPairs: Float64Array): Float64Array {
  const m = subspace.rows();
  const { contrasts } = subspace;
  const n = m * contrasts.length;
  const out = new Float64Array(n * n);
  for (const [p, [a, b]] of contrastPairs(contrasts.length).entries()) {
    for (let i = 0; i < m; i++) {
      out.set(ofPairs.subarray((p * m + i) * m, (p * m + i + 1) * m), (a * m + i) * n + b * m);
      if (a === b && i > 0) out[(a * m + i) * (n + 1)]! += l2;
    }
  }
  return out;
}

/** The place stays; a subspace that is full is begun anew. */
async function grown(
  subspace: Subspace,
  weights: SubspaceWeights,
  slopes: readonly Float32Array[],
): Promise<SubspaceWeights> {
  const isFull = subspace.rows() + slopes.length > subspace.mostRows;
  const inside = isFull
    ? await begun(subspace, {
        weights: weights.map((own) => subspace.weightsOf(own)),
        bias: weights.map((own) => own[0]!),
      })
    : weights;
  for (const slope of slopes) await subspace.grow(slope);
  return inside.map((own) => {
    const longer = new Float64Array(subspace.rows());
    longer.set(own);
    return longer;
  });
}

/** A layer on all inputs, by contrast. */
interface Layer {
  readonly weights: readonly Float64Array[];
  readonly bias: readonly number[];
}

/** Begins the subspace with a layer's own directions. */
async function begun(subspace: Subspace, { weights, bias }: Layer): Promise<SubspaceWeights> {
  subspace.empty();
  for (const own of weights) if (largest(own) > 0) await subspace.grow(new Float32Array(own));
  return weights.map((own, a) => subspace.partsOf(bias[a]!, own));
}

function layerOf(rows: Float64Array, { size, contrasts }: Subspace): Layer {
  const classes = contrasts.length + 1;
  const part = (contrast: Float64Array, i: number): number =>
    dot(contrast, rows.subarray(i * classes, (i + 1) * classes));
  return {
    weights: contrasts.map((contrast) => Float64Array.from({ length: size }, (_, i) => part(contrast, i))),
    bias: contrasts.map((contrast) => part(contrast, size)),
  };
}

function rowsOf(weights: SubspaceWeights, subspace: Subspace): Float64Array {
  const { size, contrasts } = subspace;
  const classes = contrasts.length + 1;
  const rows = new Float64Array((size + 1) * classes);
  for (const [a, contrast] of contrasts.entries()) {
    const own = subspace.weightsOf(weights[a]!);
    for (let c = 0; c < classes; c++) {
      for (let i = 0; i < size; i++) rows[i * classes + c]! += contrast[c]! * own[i]!;
      rows[size * classes + c]! += contrast[c]! * weights[a]![0]!;
    }
  }
  return rows;
}
