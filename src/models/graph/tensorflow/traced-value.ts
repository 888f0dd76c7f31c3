/**
 * The values of a TensorFlow graph on their way into ONNX. Shapes are TensorFlow's, with channels last; ONNX
 * wants planes, channels second. A value stays in the layout it was computed in, and is transposed only where
 * an op needs the other one.
 */

import { type Dimension, type GraphWriter, needsNumber, type Value } from '../writer.ts';
import { elements, inBrackets, isFree } from './sizes.ts';
import type { NumberTensor } from './tensor-proto.ts';

export interface Constant extends NumberTensor {
  readonly kind: 'constant';
}

export interface Computed {
  readonly kind: 'computed';
  readonly value: Value;
  readonly type: NumberTensor['type'];
  /** In TensorFlow's order: [n, height, width, channels] in either layout. */
  readonly shape: readonly Dimension[];
  /** `planes`: four dimensions that ONNX holds as [n, channels, height, width]. */
  readonly layout: 'plain' | 'planes';
}

/**
 * A value that ends in y = x·scale + shift for each channel and is not written yet: what multiplies or adds
 * per channel after it goes into the weights before it.
 */
export interface Affine {
  readonly kind: 'affine';
  readonly type: 'float';
  readonly shape: readonly Dimension[];
  readonly scale: Float64Array;
  readonly shift: Float64Array;
  /** x, where that is written already: scale and shift have no weights to go into. */
  readonly over?: Computed;
  readonly write: (scale: Float64Array, shift: Float64Array) => Computed;
}

export type Traced = Constant | Computed | Affine;

/** ONNX's numbers for the types that are not float. */
export const onnxType = { float: 1, int: 7, bool: 9 } as const;

export function constant(
  type: NumberTensor['type'],
  shape: readonly number[],
  values: ArrayLike<number>,
): Constant {
  const kind = type === 'float' ? Float32Array : Float64Array;
  return { kind: 'constant', type, shape, data: values instanceof kind ? values : kind.from(values) };
}

/** The number in planes of an axis of TensorFlow's. */
export function planesAxis(axis: number): number {
  return [0, 2, 3, 1][axis]!;
}

/** Ops reckon with the sizes that a file states, whatever they are. */
function checkSizes(shape: readonly Dimension[]): void {
  const odd = shape.find((size) => !isFree(size) && !(Number.isSafeInteger(size) && size >= 0));
  if (odd === undefined) return;
  throw new RangeError(
    Number.isNaN(odd) ? needsNumber : `its result would have the sizes ${inBrackets(shape)}`,
  );
}

/** Writes values into one graph, each at most once in each layout. */
export class ValueWriter {
  readonly g: GraphWriter;
  /** Values that end in a border of their own. */
  readonly padded = new WeakSet<Traced>();
  readonly #settled = new Map<Affine, Computed>();
  readonly #plain = new Map<Traced, Value>();
  readonly #planes = new Map<Traced, Value>();

  constructor(g: GraphWriter) {
    this.g = g;
  }

  settle(traced: Computed | Affine): Computed {
    return traced.kind === 'computed'
      ? traced
      : remembered(this.#settled, traced, () => traced.write(traced.scale, traced.shift));
  }

  /** In TensorFlow's own layout. */
  plain(traced: Traced): Value {
    if (traced.kind === 'affine') return this.plain(this.settle(traced));
    return remembered(this.#plain, traced, () => {
      if (traced.kind === 'constant') return this.#write(traced);
      const { value, layout, shape } = traced;
      if (layout === 'plain') return value;
      if (isLine(shape)) return this.reshape(value, shape);
      return this.g.node('Transpose', [value], { perm: [0, 2, 3, 1] });
    });
  }

  /** As [n, channels, height, width]; a value of fewer dimensions gets ones in front. */
  planes(traced: Traced): Value {
    if (traced.kind === 'affine') return this.planes(this.settle(traced));
    return remembered(this.#planes, traced, () => {
      if (traced.kind === 'constant') return this.#write(turned(traced));
      if (traced.layout === 'planes') return traced.value;
      const [n, h, w, c] = fourSizes(traced.shape);
      if (isLine([n, h, w, c])) return this.reshape(traced.value, [n, c, h, w]);
      const value = traced.shape.length === 4 ? traced.value : this.reshape(traced.value, [n, h, w, c]);
      return this.g.node('Transpose', [value], { perm: [0, 3, 1, 2] });
    });
  }

  /** In either layout, where the elements lie in TensorFlow's order. */
  inOrder(traced: Traced): Value {
    if (traced.kind === 'constant') return this.plain(traced);
    const { value, shape } = this.settle(traced);
    return isLine(shape) ? value : this.plain(traced);
  }

  computed(
    value: Value,
    shape: readonly Dimension[],
    { type = 'float', layout = 'plain' }: Partial<Pick<Computed, 'type' | 'layout'>> = {},
  ): Computed {
    checkSizes(shape);
    return { kind: 'computed', value, shape, type, layout };
  }

  /** At most one size may be free. */
  reshape(value: Value, shape: readonly Dimension[]): Value {
    if (shape.filter(isFree).length > 1) elements(shape);
    const target = shape.map((size) => (isFree(size) ? -1 : size));
    return this.g.node('Reshape', [value, this.g.ints([target.length], target)]);
  }

  #write({ type, shape, data }: Constant): Value {
    if (type === 'float') return this.g.floats(shape, data as Float32Array);
    if (data.some(Number.isNaN)) {
      throw new RangeError(needsNumber);
    }
    const ints = this.g.ints(shape, [...data]);
    return type === 'int' ? ints : this.g.node('Cast', [ints], { to: onnxType.bool });
  }
}

function turned({ type, shape, data }: Constant): Constant {
  const [n, h, w, c] = fourSizes(shape) as [number, number, number, number];
  const planes = new Float64Array(data.length);
  for (let i = 0, to = 0; i < n; i++) {
    for (let k = 0; k < c; k++) {
      for (let p = 0; p < h * w; p++) planes[to++] = data[(i * h * w + p) * c + k]!;
    }
  }
  return constant(type, [n, c, h, w], planes);
}

type FourSizes = [Dimension, Dimension, Dimension, Dimension];

function fourSizes(shape: readonly Dimension[]): FourSizes {
  if (shape.length > 4) throw new RangeError(`a value of shape ${inBrackets(shape)}, not a picture`);
  return [...Array.from({ length: 4 - shape.length }, () => 1), ...shape] as FourSizes;
}

/** A picture of one pixel or of one channel holds its elements in the same order in both layouts. */
function isLine(shape: readonly Dimension[]): boolean {
  const [, h, w, c] = shape;
  return shape.length !== 4 || (h === 1 && w === 1) || c === 1;
}

function remembered<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
