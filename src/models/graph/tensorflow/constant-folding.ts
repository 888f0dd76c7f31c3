/** The compiler computes these itself: elementwise functions and rearrangements of constants. */

import { axisOf, broadcastShape, inBrackets, madeUp } from './sizes.ts';
import { type Constant, constant, type Traced } from './traced-value.ts';

export function mapped(c: Constant, compute: (value: number) => number): Constant {
  return constant(c.type, c.shape, c.data.map(compute));
}

export function broadcast(
  a: Constant,
  b: Constant,
  compute: (a: number, b: number) => number,
  type = a.type,
): Constant {
  const shape = broadcastShape(a.shape, b.shape) as number[];
  const [left, right] = [sourceOf(a.shape, shape), sourceOf(b.shape, shape)];
  const values = new Float64Array(countOf(shape, a, b));
  for (let i = 0; i < values.length; i++) values[i] = compute(a.data[left(i)]!, b.data[right(i)]!);
  return constant(type, shape, type === 'int' ? values.map(Math.trunc) : values);
}

/** The constant with other sizes or another order: `from` gives the place that each element comes from. */
export function rearranged(
  c: Constant,
  shape: readonly number[],
  from: (place: readonly number[]) => readonly number[],
): Constant {
  const [strides, own] = [stridesOf(c.shape), stridesOf(shape)];
  const values = new Float64Array(countOf(shape, c));
  for (let i = 0; i < values.length; i++) {
    const place = from(own.map((stride, axis) => Math.floor(i / stride) % shape[axis]!));
    values[i] = c.data[place.reduce((sum, at, axis) => sum + at * strides[axis]!, 0)]!;
  }
  return constant(c.type, shape, values);
}

export function concatenated(parts: readonly Constant[], axis: number): Constant {
  const [first] = parts;
  const at = axisOf(axis, first!.shape.length);
  const shape = first!.shape.map((size, i) =>
    i === at ? parts.reduce((sum, part) => sum + part.shape[at]!, 0) : size,
  );
  const outer = sizeOf(shape.slice(0, at));
  const values: number[] = [];
  for (let o = 0; o < outer; o++) {
    for (const { data } of parts) {
      const length = data.length / outer;
      for (let i = o * length; i < (o + 1) * length; i++) values.push(data[i]!);
    }
  }
  return constant(first!.type, shape, values);
}

/** The numbers of an argument that has to be known before the graph runs: axes, sizes, paddings. */
export function numbersIn(traced: Traced | undefined, what: string): readonly number[] {
  if (traced?.kind === 'constant') return [...traced.data];
  throw new RangeError(`its ${what} is computed by the graph, not constant`);
}

export function numberIn(traced: Traced | undefined, what: string): number {
  const numbers = numbersIn(traced, what);
  if (numbers.length === 1) return numbers[0]!;
  throw new RangeError(`its ${what} is ${inBrackets(numbers)}, not one number`);
}

export function areConstant(inputs: readonly Traced[]): inputs is readonly Constant[] {
  return inputs.every(({ kind }) => kind === 'constant');
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** How many numbers come of these constants. */
function countOf(shape: readonly number[], ...from: readonly Constant[]): number {
  const size = sizeOf(shape);
  return from.some(({ data }) => size === data.length) ? size : madeUp(size);
}

function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/** The place that an element of a broadcast result comes from. */
function sourceOf(from: readonly number[], to: readonly number[]): (index: number) => number {
  const size = sizeOf(from);
  const sizes = from.slice(from.findIndex((length) => length !== 1));
  // Most constants are one number, or repeat as a whole.
  if (size === 1) return () => 0;
  if (to.slice(-sizes.length).join() === sizes.join()) return (index) => index % size;
  const [strides, own] = [stridesOf(from), stridesOf(to)];
  const missing = to.length - from.length;
  return (index) =>
    from.reduce((sum, length, axis) => {
      const at = Math.floor(index / own[axis + missing]!) % to[axis + missing]!;
      return sum + (length === 1 ? 0 : at * strides[axis]!);
    }, 0);
}
