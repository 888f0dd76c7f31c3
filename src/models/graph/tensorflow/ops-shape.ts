/** Ops that change a value's sizes and leave its elements in order, or in a stated other order. */

import type { Dimension } from '../writer.ts';
import { areConstant, concatenated, numberIn, numbersIn, rearranged } from './constant-folding.ts';
import { numberOf, numbersOf } from './node-attributes.ts';
import { computedOf } from './ops-activation.ts';
import { axisOf, elements, inBrackets, isFree, known, madeUp, quotient, unitOf } from './sizes.ts';
import type { GraphNode } from './tensorflow-graph.ts';
import { constant, planesAxis, type Traced, type ValueWriter } from './traced-value.ts';

export function reshape(w: ValueWriter, _node: GraphNode, [x, target]: readonly Traced[]): Traced {
  return withSizes(w, x!, reshapedTo(x!.shape, numbersIn(target, 'shape')));
}

export function squeeze(w: ValueWriter, node: GraphNode, [x]: readonly Traced[]): Traced {
  const named = [...numbersOf(node, 'squeeze_dims'), ...numbersOf(node, 'axis')];
  const axes = named.map((axis) => axisOf(axis, x!.shape.length));
  const wrong = axes.find((axis) => known(x!.shape[axis], 'number of pictures') !== 1);
  if (wrong !== undefined) throw new RangeError(`axis ${wrong} of ${inBrackets(x!.shape)} is not 1`);
  const shape = x!.shape.filter((size, axis) => (axes.length > 0 ? !axes.includes(axis) : size !== 1));
  return withSizes(w, x!, shape);
}

export function expandDims(w: ValueWriter, _node: GraphNode, [x, at]: readonly Traced[]): Traced {
  return expanded(w, x!, numberIn(at, 'axis'));
}

export function transpose(w: ValueWriter, _node: GraphNode, [x, order]: readonly Traced[]): Traced {
  const perm = numbersIn(order, 'perm').map((axis) => axisOf(axis, x!.shape.length));
  const shape = perm.map((axis) => x!.shape[axis]!);
  if (x!.kind === 'constant') {
    return rearranged(x!, shape as number[], (place) =>
      x!.shape.map((_, axis) => place[perm.indexOf(axis)]!),
    );
  }
  const computed = w.settle(x!);
  const { type } = computed;
  // A turn from channels last to channels first, in TensorFlow's terms, is no turn here.
  if (computed.layout === 'planes' && perm.join() === '0,3,1,2')
    return w.computed(computed.value, shape, { type });
  return w.computed(w.g.node('Transpose', [w.plain(computed)], { perm }), shape, { type });
}

/** Concat has its axis in front of the values, ConcatV2 behind them. */
export function concat(w: ValueWriter, node: GraphNode, inputs: readonly Traced[]): Traced {
  const first = node.op === 'Concat';
  const axis = numberIn(first ? inputs[0] : inputs.at(-1), 'axis');
  return joined(w, first ? inputs.slice(1) : inputs.slice(0, -1), axis);
}

export function pack(w: ValueWriter, node: GraphNode, inputs: readonly Traced[]): Traced {
  const axis = numberOf(node, 'axis', 0);
  return joined(
    w,
    inputs.map((x) => expanded(w, x, axis)),
    axis,
  );
}

/** A size that is free until the graph runs is NaN. */
export function shapeOfValue(_w: ValueWriter, _node: GraphNode, [x]: readonly Traced[]): Traced {
  const sizes = x!.shape.map((size) => (isFree(size) ? Number.NaN : size));
  return constant('int', [sizes.length], sizes);
}

export function fill(_w: ValueWriter, _node: GraphNode, [sizes, value]: readonly Traced[]): Traced {
  const to = numbersIn(sizes, 'shape');
  if (value!.kind !== 'constant' || to.some(Number.isNaN)) throw new RangeError('its size is not constant');
  const filling = value!.data[0]!;
  return constant(
    value!.type,
    to,
    Array.from({ length: madeUp(to.reduce((a, b) => a * b, 1)) }, () => filling),
  );
}

export function range(_w: ValueWriter, _node: GraphNode, [from, to, by]: readonly Traced[]): Traced {
  const [start, limit, delta] = [from, to, by].map((x) => numberIn(x, 'range')) as [number, number, number];
  const length = madeUp(Math.max(0, Math.ceil((limit - start) / delta)));
  return constant(
    from!.type,
    [length],
    Array.from({ length }, (_, i) => start + i * delta),
  );
}

export function tile(w: ValueWriter, _node: GraphNode, [x, times]: readonly Traced[]): Traced {
  const repeats = numbersIn(times, 'multiples');
  const sizes = x!.shape.map((size, i) => (repeats[i] === 1 ? size : elements([size, repeats[i]!])));
  const value = w.g.node('Tile', [w.plain(x!), w.g.ints([repeats.length], repeats)]);
  return w.computed(value, sizes, { type: x!.type });
}

/**
 * The sizes that a Reshape asks for, of which one may be −1. A graph that was frozen for one picture says 1
 * where the number of pictures stands; with a free number of pictures it is meant for each of them.
 */
function reshapedTo(from: readonly Dimension[], target: readonly number[]): readonly Dimension[] {
  const total = elements(from);
  const batch = isFree(from[0]) ? unitOf(from[0]) : undefined;
  const misfit = (): RangeError => new RangeError(`it makes ${inBrackets(from)} into ${inBrackets(target)}`);
  const open = target.flatMap((size, axis) => (size >= 0 ? [] : [axis]));
  const fixed = target.filter((size) => size >= 0).reduce((a, b) => a * b, 1);
  if (batch !== undefined && (target[0] === 1 || Number.isNaN(target[0]))) {
    const each = quotient(total, batch);
    const rest = open.filter((axis) => axis !== 0);
    const left = each === undefined ? undefined : quotient(each, fixed);
    if (rest.length < 2 && (rest.length === 1 ? left !== undefined : left === 1)) {
      return target.map((size, axis) => (axis === 0 ? batch : size >= 0 ? size : left!));
    }
  }
  const left = quotient(total, fixed);
  if (open.length > 1 || left === undefined || (open.length === 0 && left !== 1)) throw misfit();
  return target.map((size) => (size >= 0 ? size : left));
}

/** The same elements in the same order. */
export function withSizes(w: ValueWriter, x: Traced, sizes: readonly Dimension[]): Traced {
  if (x.kind === 'constant') return constant(x.type, sizes as number[], x.data);
  return w.computed(w.reshape(w.inOrder(x), sizes), sizes, { type: x.type });
}

function expanded(w: ValueWriter, x: Traced, axis: number): Traced {
  const at = axisOf(axis, x.shape.length + 1);
  return withSizes(w, x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

function joined(w: ValueWriter, parts: readonly Traced[], axis: number): Traced {
  if (areConstant(parts)) return concatenated(parts, axis);
  const values = parts.map((part) => computedOf(w, part));
  const { shape: first, type } = values[0]!;
  const at = axisOf(axis, first.length);
  const sizes = values.map((value) => value.shape[at]!);
  if (sizes.some(isFree)) throw new RangeError('it joins values along a free size');
  const result = first.with(
    at,
    (sizes as number[]).reduce((a, b) => a + b, 0),
  );
  const layout = values.some((value) => value.layout === 'planes') ? 'planes' : 'plain';
  const operands = values.map((value) => (layout === 'planes' ? w.planes(value) : w.plain(value)));
  const value = w.g.node('Concat', operands, { axis: layout === 'planes' ? planesAxis(at) : at });
  return w.computed(value, result, { type, layout });
}
