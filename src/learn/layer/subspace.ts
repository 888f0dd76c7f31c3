/** A subspace of directions of a layer's weights, and the loss of the layers in it. */

import type { Computation, NumberArray, OpenComputation } from '../../models/graph/computation.ts';
import type { StandardInputs } from './standard-inputs.ts';
import { contrastsBetween, directionGraph, slopeGraph, subspaceLossGraph } from './subspace-graphs.ts';

export interface SubspaceExamples {
  readonly inputs: StandardInputs;
  readonly labels: readonly number[];
  /** How much of the loss each example is, together 1. */
  readonly shares: Float64Array;
  readonly classes: number;
}

/** For each contrast between labels: the bias, then how much of each direction is in its weights. */
export type SubspaceWeights = readonly Float64Array[];

/** The mean cross-entropy of a layer, without what holds it back. */
export interface SubspaceLoss {
  readonly loss: number;
  /** By how much it grows with each weight: [contrasts, m], row-major. */
  readonly slopes: Float64Array;
  /** [pairs of contrasts, m, m] */
  readonly curvature: Float64Array;
  /** By how much it grows with each example's logits: [contrasts, n]. */
  readonly errors: Float32Array;
}

export interface Subspace {
  readonly size: number;
  readonly contrasts: readonly Float64Array[];
  /** The bias and the directions: m, as many as there are weights of a contrast. */
  rows(): number;
  readonly mostRows: number;
  lossOf(weights: SubspaceWeights): Promise<SubspaceLoss>;
  /**
   * The slope of the loss in all weights of a contrast [size], and its steepest part.
   *
   * @param held l2 times the weights in the subspace
   */
  slopeOf(
    contrast: number,
    errors: Float32Array,
    held: Float64Array,
  ): Promise<{ readonly slope: Float32Array; readonly steepest: number }>;
  /** Grows by a direction; not if that lies in the subspace, but for rounding. */
  grow(vector: Float32Array): Promise<void>;
  /** The weights of a layer on all inputs: [size] */
  weightsOf(inside: Float64Array): Float64Array;
  /** The part of such weights in each direction, behind the bias. */
  partsOf(bias: number, weights: Float64Array): Float64Array;
  /** Leaves no direction. */
  empty(): void;
  close(): Promise<void>;
}

/** The least part of a vector at right angles to the directions that are there which is more than rounding. */
const leastFresh = 1e-5;

/** Newton's method costs the square of them. */
const usualRows = 32;

/** @param mostRows that it has room for, the bias among them */
export async function openSubspace(
  { inputs, labels, shares, classes }: SubspaceExamples,
  open: OpenComputation,
  mostRows = usualRows,
): Promise<Subspace> {
  const { examples: n, size } = inputs;
  const graphs = [subspaceLossGraph(classes), slopeGraph(), directionGraph()];
  const [toLoss, toSlope, toDirection] = (await Promise.all(
    graphs.map((graph) => open(graph, { threads: 1, asWritten: true })),
  )) as [Computation, Computation, Computation];
  const standard = {
    values: { shape: [n, size], data: inputs.values },
    mean: row(new Float32Array(inputs.mean)),
    scale: row(new Float32Array(inputs.scale)),
  };
  const targets = new Float64Array(n * classes);
  for (let k = 0; k < n; k++) targets[k * classes + labels[k]!] = 1;
  const examples = { targets: { shape: [n, classes], data: targets }, shares: row(shares) };
  // The bias is the first row. It is no direction of the weights, and adds the same to the logits of all examples.
  const directions = new Float32Array(mostRows * size);
  const added = new Float64Array(mostRows * n).fill(1, 0, n);
  const contrasts = contrastsBetween(classes);
  let m = 1;
  const subspace = (): NumberArray => ({ shape: [m, size], data: directions.subarray(0, m * size) });
  return {
    size,
    contrasts,
    rows: () => m,
    mostRows,
    async lossOf(weights) {
      const byLabel = new Float64Array(classes * m);
      for (const [a, contrast] of contrasts.entries()) {
        for (let c = 0; c < classes; c++) {
          for (let i = 0; i < m; i++) byLabel[c * m + i]! += contrast[c]! * weights[a]![i]!;
        }
      }
      const results = await toLoss.run({
        ...examples,
        inputs: { shape: [m, n], data: added.subarray(0, m * n) },
        weights: { shape: [classes, m], data: byLabel },
      });
      const { loss, slopes, curvature, errors } = results as Record<string, NumberArray>;
      return {
        loss: Number(loss!.data[0]),
        slopes: slopes!.data as Float64Array,
        curvature: curvature!.data as Float64Array,
        errors: errors!.data as Float32Array,
      };
    },
    async slopeOf(contrast, errors, held) {
      const own = errors.subarray(contrast * n, (contrast + 1) * n);
      const given = {
        ...standard,
        directions: subspace(),
        held: row(new Float32Array(held)),
        errors: row(own),
      };
      const { slope, steepest } = await toSlope.run(given);
      return { slope: slope!.data as Float32Array, steepest: Number(steepest!.data[0]) };
    },
    async grow(vector) {
      const { unit, fresh, input } = await toDirection.run({
        ...standard,
        directions: subspace(),
        vector: row(vector),
      });
      if (!(Number(fresh!.data[0]) > leastFresh)) return;
      directions.set(unit!.data as Float32Array, m * size);
      added.set(input!.data as Float32Array, m * n);
      m++;
    },
    weightsOf(inside) {
      const out = new Float64Array(size);
      for (let i = 1; i < m; i++) {
        for (let j = 0; j < size; j++) out[j]! += inside[i]! * directions[i * size + j]!;
      }
      return out;
    },
    partsOf(bias, weights) {
      const parts = new Float64Array(m).fill(bias, 0, 1);
      for (let i = 1; i < m; i++) {
        for (let j = 0; j < size; j++) parts[i]! += weights[j]! * directions[i * size + j]!;
      }
      return parts;
    },
    empty() {
      m = 1;
    },
    async close() {
      for (const one of [toLoss, toSlope, toDirection]) await one.close();
    },
  };
}

function row<T extends Float32Array | Float64Array>(data: T): { shape: number[]; data: T } {
  return { shape: [1, data.length], data };
}
