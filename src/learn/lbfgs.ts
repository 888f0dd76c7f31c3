/**
 * Minimises a smooth function with limited-memory BFGS: steps along the gradient, bent by what the last few
 * steps told about the curvature. Nocedal and Wright, Numerical Optimization, 2nd edition: algorithms 7.4 and
 * 7.5, and the strong Wolfe conditions of 3.7.
 */

export interface Point {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** May be computed elsewhere, as on all cores at once. */
export type Objective = (at: Float64Array) => Promise<Point>;

export interface MinimiseOptions {
  /** Stops when no part of the gradient is larger; 1e-5 if left out. */
  readonly tolerance?: number;
  readonly mostSteps?: number;
}

export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
  readonly steps: number;
}

/** Pairs of steps and gradient changes that are remembered: more seldom pays (Nocedal and Wright, 7.2). */
const memory = 10;

/** How much a step has to gain, and how flat the slope has to get along it. */
const enough = { gain: 1e-4, slope: 0.9 } as const;

const mostTrials = 20;

/** A convex function ends at its minimum from every start; others at a point that is flat enough. */
export async function minimise(
  objective: Objective,
  start: Float64Array,
  { tolerance = 1e-5, mostSteps = 500 }: MinimiseOptions = {},
): Promise<Minimum> {
  let at = start;
  let here = await objective(at);
  const pairs: Pair[] = [];
  let steps = 0;
  while (steps < mostSteps && largest(here.gradient) > tolerance) {
    const direction = bent(here.gradient, pairs);
    // The first step knows nothing of the scale: one unit long.
    const first = pairs.length === 0 ? 1 / Math.sqrt(dot(direction, direction)) : 1;
    const next = await search(objective, at, here, direction, first);
    if (next === undefined) break;
    const step = difference(next.at, at);
    const change = difference(next.point.gradient, here.gradient);
    const curvature = dot(step, change);
    // Rounding can make a flat place look curved the wrong way: such a pair would turn the next step uphill.
    if (curvature > 1e-10 * dot(change, change)) pairs.push({ step, change, curvature });
    if (pairs.length > memory) pairs.shift();
    [at, here] = [next.at, next.point];
    steps++;
  }
  return { at, value: here.value, steps };
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly curvature: number;
}

/** The two-loop recursion: minus the inverse Hessian, as far as the pairs tell, times the gradient. */
function bent(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const q = Float64Array.from(gradient);
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
  return q.map((value) => -value);
}

interface Trial {
  readonly at: Float64Array;
  readonly point: Point;
}

/** A place along the direction that meets the Wolfe conditions, by halving the bracket around it. */
async function search(
  objective: Objective,
  from: Float64Array,
  here: Point,
  direction: Float64Array,
  first: number,
): Promise<Trial | undefined> {
  const slope = dot(here.gradient, direction);
  if (!(slope < 0)) return undefined;
  let [low, high, length] = [0, Infinity, first];
  let best: Trial | undefined;
  for (let trial = 0; trial < mostTrials; trial++) {
    const at = Float64Array.from(from, (value, i) => value + length * direction[i]!);
    const point = await objective(at);
    const gains = point.value <= here.value + enough.gain * length * slope;
    if (gains && point.value < (best?.point.value ?? here.value)) best = { at, point };
    const slopeThere = dot(point.gradient, direction);
    if (!gains) high = length;
    else if (slopeThere < enough.slope * slope) low = length;
    else if (slopeThere > -enough.slope * slope) high = length;
    else return { at, point };
    length = high === Infinity ? 2 * low : (low + high) / 2;
  }
  return best;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function add(to: Float64Array, what: Float64Array, times: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += times * what[i]!;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]!);
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
