/**
 * The optimum of a softmax layer for few labels, in half as many steps as L-BFGS takes, or less. The layer is looked for
 * in a span of directions that grows at each step by the slopes of every label (as in the method of conjugate gradients
 * for several columns: O'Leary, "The block conjugate gradient algorithm", 1980). What a direction adds to the logits is
 * computed once. In the span the loss is one of a few dozen numbers, and Newton's method finds its minimum without
 * another product of large matrices.
 */

import { add, dot, largest, mix, scaled } from './columns.ts';
import { contrastsBetween, type LabelledShares, newtonStep, type Place, placeAt } from './few-labels.ts';
import { checkPoint, type Minimum, type MinimiseOptions } from './lbfgs.ts';
import type { StandardProducts } from './standard-products.ts';

/** Steps of Newton's method in one span: more find a better place in it, and the next span is no better for it. */
const newtonSteps = 2;

/** Another one only if the one before gained more than this part of the loss: near the end one is as good as exact. */
const worthAnother = 0.1;

/** A step that gains a smaller part of the loss is rounding. */
const rounding = 1e-9;

/** From so many directions on, a new span is begun with the layer's own: Newton's method costs their square. */
const mostDirections = 32;

/** What is left of a direction beside those that are there, as a part of it, is rounding below this. */
const leastNew = 1e-5;

/** A layer as columns: for each contrast between labels the weights [size], and the bias. */
interface Layer {
  readonly weights: readonly Float64Array[];
  readonly bias: readonly number[];
}

/** Directions at right angles, all of length 1, and the place of a layer in their span. */
interface Span {
  /** [size] each */
  readonly directions: readonly Float64Array[];
  /** What the bias adds to the logits of all examples, then what each direction adds. */
  readonly inputs: readonly Float64Array[];
  readonly place: Place;
}

export interface FewLabels extends LabelledShares {
  readonly products: StandardProducts;
  /** How many inputs there are. */
  readonly size: number;
}

/**
 * @param start [size + 1, classes], row-major: weights, then the biases, which nothing holds back
 * @throws WhosinError `diverged` if a value or a slope is no finite number
 */
export async function minimiseInSpan(
  layer: FewLabels,
  l2: number,
  start: Float64Array,
  { tolerance = 1e-5, mostSteps = 500, onStep }: MinimiseOptions = {},
): Promise<Minimum> {
  let span = await spanOf(layer, l2, columnsOf(start, layer));
  for (let steps = 0; ; steps++) {
    const { value } = span.place;
    span = { ...span, place: settled(layer, l2, span) };
    onStep?.(span.place.value);
    const slopes = await slopesOf(layer, l2, span);
    const steepest = steepestOf(slopes, span, layer);
    checkPoint(span.place.value, steepest, steps);
    const stands = steps > 0 && value - span.place.value <= rounding * value;
    if (steepest <= tolerance || stands || steps === mostSteps) {
      return { at: rowsOf(layerOf(span, layer), layer), value: span.place.value, steps };
    }
    if (span.directions.length > mostDirections) span = await spanOf(layer, l2, layerOf(span, layer));
    for (const slope of slopes) span = await grown(layer, span, slope);
  }
}

/** Newton's method, as far as it is worth while. */
function settled(layer: FewLabels, l2: number, { inputs, place: start }: Span): Place {
  let place = start;
  for (let step = 0; step < newtonSteps; step++) {
    const next = newtonStep(layer, l2, inputs, place);
    if (next === undefined) break;
    const gained = place.value - next.value;
    place = next;
    if (gained < worthAnother * place.value) break;
  }
  return place;
}

/** The slope of the loss in each weight: by contrast, [size]. */
async function slopesOf({ products }: FewLabels, l2: number, { directions, place }: Span): Promise<Float64Array[]> {
  const slopes: Float64Array[] = [];
  for (const [a, errors] of place.errors.entries()) {
    const slope = await products.back(errors);
    for (const [d, direction] of directions.entries()) add(slope, direction, l2 * place.weights[a]![d + 1]!);
    slopes.push(slope);
  }
  return slopes;
}

/** The largest slope in a weight or a bias of a label. */
function steepestOf(slopes: readonly Float64Array[], { place, inputs }: Span, { size, classes }: FewLabels): number {
  const contrasts = contrastsBetween(classes);
  const ofBias = place.errors.map((errors) => dot(errors, inputs[0]!));
  let most = 0;
  for (let c = 0; c < classes; c++) {
    const parts = contrasts.map((contrast) => contrast[c]!);
    const bias = parts.reduce((sum, part, a) => sum + part * ofBias[a]!, 0);
    most = Math.max(most, Math.abs(bias), largest(mix(slopes, parts, size)));
  }
  return most;
}

/** The span of one layer's own directions. */
async function spanOf(layer: FewLabels, l2: number, { weights, bias }: Layer): Promise<Span> {
  const n = layer.labels.length;
  const constant = new Float64Array(n).fill(1);
  const place = placeAt(layer, l2, bias.map((one) => Float64Array.of(one)), bias.map((one) => scaled(constant, one)));
  let span: Span = { directions: [], inputs: [constant], place };
  for (const own of weights) span = await grown(layer, span, own);
  const inSpan = weights.map((own, a) => Float64Array.of(bias[a]!, ...span.directions.map((direction) => dot(direction, own))));
  return { ...span, place: placeAt(layer, l2, inSpan, inSpan.map((own) => mix(span.inputs, own, n))) };
}

/** The same place in a span with one more direction; in the same one if that is no new one. */
async function grown({ products }: FewLabels, span: Span, direction: Float64Array): Promise<Span> {
  const rest = new Float64Array(direction);
  // Twice: what rounding leaves of the directions that are there.
  for (let time = 0; time < 2; time++) for (const one of span.directions) add(rest, one, -dot(one, rest));
  const length = Math.sqrt(dot(rest, rest));
  if (!(length > leastNew * Math.sqrt(dot(direction, direction)))) return span;
  const unit = scaled(rest, 1 / length);
  const { place } = span;
  return {
    directions: [...span.directions, unit],
    inputs: [...span.inputs, await products.forward(unit)],
    place: { ...place, weights: place.weights.map((own) => Float64Array.of(...own, 0)) },
  };
}

function layerOf({ directions, place }: Span, { size }: FewLabels): Layer {
  return {
    weights: place.weights.map((own) => mix(directions, own.subarray(1), size)),
    bias: place.weights.map((own) => own[0]!),
  };
}

/** From a row for each input to a column for each contrast. */
function columnsOf(rows: Float64Array, { size, classes }: FewLabels): Layer {
  const partIn = (contrast: Float64Array, i: number): number => dot(contrast, rows.subarray(i * classes, (i + 1) * classes));
  const contrasts = contrastsBetween(classes);
  return {
    weights: contrasts.map((contrast) => Float64Array.from({ length: size }, (_, i) => partIn(contrast, i))),
    bias: contrasts.map((contrast) => partIn(contrast, size)),
  };
}

function rowsOf({ weights, bias }: Layer, { size, classes }: FewLabels): Float64Array {
  const rows = new Float64Array((size + 1) * classes);
  for (const [a, contrast] of contrastsBetween(classes).entries()) {
    for (let c = 0; c < classes; c++) {
      for (let i = 0; i < size; i++) rows[i * classes + c]! += contrast[c]! * weights[a]![i]!;
      rows[size * classes + c]! += contrast[c]! * bias[a]!;
    }
  }
  return rows;
}
