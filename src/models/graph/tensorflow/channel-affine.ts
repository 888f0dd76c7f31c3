/**
 * Nodes that multiply by or add one number per channel: biases, batch norms, scalings. After a convolution or a
 * dense layer they go into its weights, after each other they become one.
 */

import { float } from '../writer.ts';
import type { ByteLayer } from './byte-layer.ts';
import { inBrackets, known, madeUp } from './sizes.ts';
import type { Affine, Computed, Constant, Traced, ValueWriter } from './traced-value.ts';

interface ChannelMap {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/** The value with y = x·scale + shift after it. */
export function mapChannels(w: ValueWriter, x: Computed | Affine, { scale, shift }: ChannelMap): Affine {
  const before = x.kind === 'affine' ? x : unmapped(w, x, scale.length);
  return {
    ...before,
    scale: before.scale.map((value, i) => value * scale[i]!),
    shift: before.shift.map((value, i) => value * scale[i]! + shift[i]!),
  };
}

/** x times a number that is still to be written. In single precision, six times a sixth is one. */
export function times(w: ValueWriter, x: Computed | Affine, factor: number): Computed | Affine {
  if (Math.fround(factor) === 1) return x;
  const channels = known(x.shape.at(-1), 'number of channels');
  return mapChannels(w, x, { scale: filled(channels, factor), shift: filled(channels, 0) });
}

/** x as scale·over + shift, where these are the same numbers for all channels and still to be written. */
export function evenMap(
  x: Traced,
): { readonly over: Computed; readonly scale: number; readonly shift: number } | undefined {
  if (x.kind !== 'affine' || x.over === undefined) return undefined;
  const [scale, shift] = [x.scale[0]!, x.shift[0]!];
  const even = x.scale.every((value) => value === scale) && x.shift.every((value) => value === shift);
  return even ? { over: x.over, scale, shift } : undefined;
}

/** x as factor·of, where that factor is still to be written. */
export function factorOf<T extends Traced>(x: T): { readonly of: T | Computed; readonly factor: number } {
  const map = evenMap(x);
  return map?.shift === 0 ? { of: map.over, factor: map.scale } : { of: x, factor: 1 };
}

/** The constant's value for each channel of x, or nothing if it differs within a channel. */
export function perChannel(c: Constant, x: Traced): Float64Array | undefined {
  const channels = x.shape.at(-1);
  if (c.type !== 'float' || typeof channels !== 'number' || c.shape.length > x.shape.length) return undefined;
  if (c.data.length === 1) return new Float64Array(madeUp(channels)).fill(c.data[0]!);
  return c.shape.at(-1) === channels && c.data.length === channels ? Float64Array.from(c.data) : undefined;
}

/** Throws where the constant is not one number, or one for each channel of x. */
export function channelsOf(c: Traced | undefined, x: Traced, what: string): Float64Array {
  const values = c?.kind === 'constant' ? perChannel(c, x) : undefined;
  if (values) return values;
  const found = c?.kind === 'constant' ? inBrackets(c.shape) : 'computed';
  throw new RangeError(`its ${what} is ${found}, not a constant for the channels of ${inBrackets(x.shape)}`);
}

export function filled(length: number, value: number): Float64Array {
  return new Float64Array(madeUp(length)).fill(value);
}

/** A dense layer: x is [n, inputs], weights are [inputs, outputs]; `inBytes` gives them as [outputs, inputs] if they are stored so. */
export function dense(
  w: ValueWriter,
  x: Traced,
  weights: Constant,
  inBytes: (shift: Float64Array) => ByteLayer | undefined,
): Affine {
  const [inputs, outputs] = weights.shape as [number, number];
  const shape = [x.shape[0]!, outputs];
  return {
    kind: 'affine',
    type: 'float',
    shape,
    scale: filled(outputs, 1),
    shift: new Float64Array(outputs),
    write(scale, shift) {
      const bytes = scale.every((value) => value === 1) ? inBytes(shift) : undefined;
      if (bytes) {
        const layer = [w.plain(x), bytes.weights, bytes.bias];
        return w.computed(w.g.node('Gemm', layer, { alpha: float(1), transB: 1 }), shape);
      }
      const scaled = new Float32Array(inputs * outputs);
      for (let i = 0, at = 0; i < inputs; i++) {
        for (let o = 0; o < outputs; o++, at++) scaled[at] = weights.data[at]! * scale[o]!;
      }
      const operands = [w.plain(x), w.g.floats([inputs, outputs], scaled)];
      if (shift.some((value) => value !== 0)) operands.push(w.g.floats([outputs], Float32Array.from(shift)));
      return w.computed(w.g.node('Gemm', operands, { alpha: float(1) }), shape);
    },
  };
}

function unmapped(w: ValueWriter, x: Computed, channels: number): Affine {
  return {
    kind: 'affine',
    type: 'float',
    shape: x.shape,
    scale: filled(channels, 1),
    shift: new Float64Array(channels),
    over: x,
    write(scale, shift) {
      const operand = (values: Float64Array): string =>
        values.every((value) => value === values[0])
          ? w.g.floats([], [values[0]!])
          : w.g.floats(x.layout === 'planes' ? [channels, 1, 1] : [channels], Float32Array.from(values));
      let { value } = x;
      if (scale.some((factor) => factor !== 1)) value = w.g.node('Mul', [value, operand(scale)]);
      if (shift.some((summand) => summand !== 0)) value = w.g.node('Add', [value, operand(shift)]);
      return { ...x, value };
    },
  };
}
