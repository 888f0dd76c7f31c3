/**
 * Arithmetic on shapes in which one size, the batch, may be free until the graph runs. A free size is written
 * as in ONNX, by a name, with the factor it was multiplied by in front: "n", "49n".
 */

import type { Dimension } from '../writer.ts';

interface Product {
  readonly factor: number;
  /** The name of the free size, or nothing. */
  readonly free: string;
}

/** How many elements a tensor of this shape has. */
export function elements(shape: readonly Dimension[]): Dimension {
  let factor = 1;
  let free = '';
  for (const size of shape) {
    const next = productOf(size);
    if (free !== '' && next.free !== '') throw new RangeError(`two free sizes in ${inBrackets(shape)}`);
    factor *= next.factor;
    free ||= next.free;
  }
  return dimension({ factor, free });
}

/** Nothing if the division leaves a remainder. */
export function quotient(a: Dimension, b: Dimension): Dimension | undefined {
  const [over, under] = [productOf(a), productOf(b)];
  const factor = over.factor / under.factor;
  if (!Number.isInteger(factor) || (under.free !== '' && under.free !== over.free)) return undefined;
  return dimension({ factor, free: under.free === '' ? over.free : '' });
}

/** Throws where the size is free. */
export function known(size: Dimension | undefined, what: string): number {
  if (typeof size === 'number') return size;
  throw new RangeError(`its ${what} is not known before the graph runs; name an input with a fixed shape`);
}

/** The free size itself, without what it was multiplied by. */
export function unitOf(size: string): string {
  return productOf(size).free;
}

/** Numbers that the compiler makes up for one value: more than any layer needs, fewer than what fills memory. */
const mostMadeUp = 2 ** 22;

/** A count of numbers that no file holds, but a shape in it asks for; throws where it is no count, or too many. */
export function madeUp(count: number): number {
  if (Number.isInteger(count) && count >= 0 && count <= mostMadeUp) return count;
  throw new RangeError(`it asks for ${count} numbers that are not in the file`);
}

export function isFree(size: Dimension | undefined): size is string {
  return typeof size === 'string';
}

/** The shape of two values of which the smaller is repeated (numpy's broadcasting). */
export function broadcastShape(a: readonly Dimension[], b: readonly Dimension[]): Dimension[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [x, y] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
    if (x === y || y === 1) return x;
    if (x === 1) return y;
    throw new RangeError(`shapes ${inBrackets(a)} and ${inBrackets(b)} do not fit together`);
  });
}

/** TensorFlow counts axes from the end where they are negative. */
export function axisOf(axis: number, rank: number): number {
  const counted = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(counted) || counted < 0 || counted >= rank) {
    throw new RangeError(`axis ${axis} of a value with ${rank} dimensions`);
  }
  return counted;
}

export function inBrackets(shape: readonly Dimension[]): string {
  return `[${shape.join(', ')}]`;
}

function productOf(size: Dimension): Product {
  if (typeof size === 'number') return { factor: size, free: '' };
  const [, factor, free] = /^(\d*)(.*)$/.exec(size)!;
  return { factor: factor === '' ? 1 : Number(factor), free: free! };
}

function dimension({ factor, free }: Product): Dimension {
  if (free === '' || factor === 0) return factor;
  return factor === 1 ? free : `${factor}${free}`;
}
