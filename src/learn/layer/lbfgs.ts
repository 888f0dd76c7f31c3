/**
 * Minimises a smooth function with limited-memory BFGS: steps along the gradient, bent by what the last few
 * steps told about the curvature. Nocedal and Wright, Numerical Optimization, 2nd edition: algorithms 7.4 and
 * 7.5. Each step is searched to where the line is nearly flat, which is stricter than BFGS needs: a layer of a
 * network is cheap along a line (its logits move evenly), and a fit then takes half as many directions.
 */

import { WhosinError } from '../../errors.ts';
import { add, dot, largest, scaled } from './columns.ts';

/** A function of many numbers that is dear to look at in a new direction, and cheap along one. */
export interface Objective {
  /** Goes to a place. */
  begin(at: Float64Array): Promise<Point>;
  /** The function as seen from the place that was gone to last. */
  line(direction: Float64Array): Promise<Line>;
}

export interface Point {
  readonly value: number;
  readonly gradient: Float64Array;
}

export interface Line {
  /** @param length so many times the direction away */
  look(length: number): Promise<{ readonly value: number; readonly slope: number }>;
  /** Goes there, and tells the gradient. */
  arrive(length: number): Promise<Float64Array>;
}

export interface MinimiseOptions {
  /** Stops when no part of the gradient is larger; 1e-5 if left out. */
  readonly tolerance?: number;
  readonly mostSteps?: number;
  /** Called after every step. */
  readonly onStep?: (value: number) => void;
}

export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
  readonly steps: number;
}

/** Pairs of steps and gradient changes that are remembered: 3 to 20 are usual (Nocedal and Wright, 7.2), more cost time. */
const memory = 5;

/** How much a step has to gain, and how flat the line has to be there, both as parts of its slope at the start. */
const enough = { gain: 1e-4, slope: 0.35 } as const;

/** Values may be computed in single precision: what they differ by less says nothing, and the slope decides. */
const rounding = 1e-6;

const mostTrials = 20;

/**
 * A convex function ends at its minimum from every start; others at a point that is flat enough.
 *
 * @throws WhosinError `diverged` if a value or a slope is no finite number
 */
export async function minimise(
  objective: Objective,
  start: Float64Array,
  { tolerance = 1e-5, mostSteps = 500, onStep }: MinimiseOptions = {},
): Promise<Minimum> {
  const at = Float64Array.from(start);
  let { value, gradient } = await objective.begin(at);
  const pairs: Pair[] = [];
  let steps = 0;
  checkPoint(value, largest(gradient), steps);
  while (steps < mostSteps && largest(gradient) > tolerance) {
    const direction = bent(gradient, pairs);
    // The first step knows nothing of the scale: one unit long.
    const first = pairs.length === 0 ? 1 / Math.sqrt(dot(direction, direction)) : 1;
    const line = await objective.line(direction);
    const found = await search(line, value, dot(gradient, direction), first);
    if (found === undefined) break;
    const before = gradient;
    ({ value } = found);
    gradient = await line.arrive(found.length);
    const step = scaled(direction, found.length);
    add(at, step, 1);
    const change = new Float64Array(gradient);
    add(change, before, -1);
    const curvature = dot(step, change);
    // Rounding can make a flat place look curved the wrong way: such a pair would turn the next step uphill.
    if (curvature > 1e-10 * dot(change, change)) pairs.push({ step, change, curvature });
    if (pairs.length > memory) pairs.shift();
    steps++;
    checkPoint(value, largest(gradient), steps);
    onStep?.(value);
  }
  return { at, value, steps };
}

/** @throws WhosinError `diverged` if the value of a fit or its steepest slope is no finite number */
export function checkPoint(value: number, steepest: number, steps: number): void {
  if (Number.isFinite(value) && Number.isFinite(steepest)) return;
  throw new WhosinError(
    'diverged',
    `A fit met a value that is no finite number after ${steps} steps: its inputs are too large. Make them smaller.`,
  );
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly curvature: number;
}

/** The two-loop recursion: minus the inverse Hessian, as far as the pairs tell, times the gradient. */
function bent(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const q = scaled(gradient, -1);
  const alphas: number[] = [];
  for (const [i, { step, change, curvature }] of [...pairs.entries()].toReversed()) {
    alphas[i] = dot(step, q) / curvature;
    add(q, change, -alphas[i]);
  }
  const last = pairs.at(-1);
  const scale = last ? last.curvature / dot(last.change, last.change) : 1;
  for (let i = 0; i < q.length; i++) q[i]! *= scale;
  for (const [i, { step, change, curvature }] of pairs.entries()) {
    add(q, step, alphas[i]! - dot(change, q) / curvature);
  }
  return q;
}

interface Place {
  readonly length: number;
  readonly value: number;
  readonly slope: number;
}

/**
 * Finds a place at which the line is flat enough and lower than at its start: the bracket around that place shrinks by
 * the straight line through the slopes at its ends. Gives undefined if rounding hides every gain.
 */
async function search(line: Line, value: number, slope: number, first: number): Promise<Place | undefined> {
  if (!(slope < 0)) return undefined;
  let low: Place = { length: 0, value, slope };
  let high: Place | undefined;
  let best: Place | undefined;
  let length = first;
  for (let trial = 0; trial < mostTrials; trial++) {
    const there: Place = { length, ...(await line.look(length)) };
    const most = value + Math.max(enough.gain * length * slope, -Math.abs(rounding * value));
    const gains = there.value <= most || Math.abs(there.value - value) <= Math.abs(rounding * value);
    if (gains && Math.abs(there.slope) <= -enough.slope * slope) return there;
    if (gains && there.value < (best?.value ?? value)) best = there;
    if (gains && there.slope < 0) low = there;
    else high = there;
    length = between(low, high);
  }
  return best;
}

/** The next place to look at; never near an end of the bracket, where it would hardly shrink. */
function between(low: Place, high: Place | undefined): number {
  if (high === undefined) return 3 * low.length;
  const width = high.length - low.length;
  if (!(high.slope > 0)) return low.length + width / 2;
  const share = low.slope / (low.slope - high.slope);
  return low.length + width * Math.min(0.9, Math.max(0.1, share));
}
