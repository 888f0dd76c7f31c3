/** Ops that make one number of many along some axes. */

import { numberIn, numbersIn } from './constant-folding.ts';
import { flagOf } from './node-attributes.ts';
import { computedOf } from './ops-activation.ts';
import { axisOf } from './sizes.ts';
import type { GraphNode } from './tensorflow-graph.ts';
import { type Computed, constant, planesAxis, type Traced, type ValueWriter } from './traced-value.ts';

const reductions: Readonly<Record<string, string>> = {
  Mean: 'ReduceMean',
  Sum: 'ReduceSum',
  Max: 'ReduceMax',
  Min: 'ReduceMin',
  Prod: 'ReduceProd',
};

export const reductionOps = Object.keys(reductions);

export function reduce(w: ValueWriter, node: GraphNode, [input, at]: readonly Traced[]): Traced {
  const axes = numbersIn(at, 'axes').map((axis) => axisOf(axis, input!.shape.length));
  if (node.op === 'Prod' && input!.kind === 'constant' && axes.length === input!.shape.length) {
    return constant(input!.type, [], [Array.from(input!.data).reduce((a, b) => a * b, 1)]);
  }
  return reduced(w, reductions[node.op]!, input!, axes, flagOf(node, 'keep_dims'));
}

/** The mean of each channel over the picture: [n, height, width, channels] becomes [n, channels]. */
export function meanOverPicture(w: ValueWriter, x: Traced): Computed {
  return reduced(w, 'ReduceMean', x, [1, 2], false);
}

function reduced(
  w: ValueWriter,
  opType: string,
  input: Traced,
  axes: readonly number[],
  keep: boolean,
): Computed {
  const x = computedOf(w, input);
  if (axes.length === 0) return x;
  const shape = keep
    ? x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    : x.shape.filter((_, axis) => !axes.includes(axis));
  // Without the reduced axes, what is left of planes has to lie in TensorFlow's order.
  const inOrder = axes.includes(3) || (axes.includes(1) && axes.includes(2));
  const layout = x.layout === 'planes' && (keep || inOrder) ? 'planes' : 'plain';
  const along = layout === 'planes' ? axes.map(planesAxis) : [...axes];
  const operand = layout === 'planes' ? w.planes(x) : w.plain(x);
  const keepdims = Number(keep);
  // ReduceSum alone has its axes as an input in this version of ONNX.
  const value =
    opType === 'ReduceSum'
      ? w.g.node(opType, [operand, w.g.ints([along.length], along)], { keepdims })
      : w.g.node(opType, [operand], { axes: along, keepdims });
  return w.computed(value, shape, { type: x.type, layout: keep ? layout : 'plain' });
}

export function argMax(w: ValueWriter, node: GraphNode, [input, at]: readonly Traced[]): Computed {
  const axis = axisOf(numberIn(at, 'axis'), input!.shape.length);
  const x = computedOf(w, input!);
  const planes = x.layout === 'planes' && axis === 3;
  const value = w.g.node(node.op, [planes ? x.value : w.plain(x)], { axis: planes ? 1 : axis, keepdims: 0 });
  return w.computed(value, x.shape.toSpliced(axis, 1), { type: 'int' });
}
