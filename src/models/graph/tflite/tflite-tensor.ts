/** Constants of TensorFlow Lite as what they stand for: integers of quantised layers become floats again. */

import { float16 } from '../../../core/half-float.ts';
import type { NumberTensor } from '../tensorflow/tensor-proto.ts';
import type { LiteTensor } from './tflite-model.ts';

interface Storage {
  readonly type: NumberTensor['type'];
  readonly width: number;
  readonly read: (view: DataView, at: number) => number;
}

/** By the numbers of the schema. */
const storages: Readonly<Record<number, Storage>> = {
  0: { type: 'float', width: 4, read: (view, at) => view.getFloat32(at, true) },
  1: { type: 'float', width: 2, read: (view, at) => float16(view.getUint16(at, true)) },
  2: { type: 'int', width: 4, read: (view, at) => view.getInt32(at, true) },
  3: { type: 'int', width: 1, read: (view, at) => view.getUint8(at) },
  4: { type: 'int', width: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  6: { type: 'bool', width: 1, read: (view, at) => view.getUint8(at) },
  7: { type: 'int', width: 2, read: (view, at) => view.getInt16(at, true) },
  9: { type: 'int', width: 1, read: (view, at) => view.getInt8(at) },
};

/** Integers of one byte: [lowest, highest] */
export const byteRanges: Readonly<Record<number, readonly [number, number]>> = {
  3: [0, 255],
  9: [-128, 127],
};

/** How a tensor is stored in bytes of 0 to 255: value = (byte − zero) · scale. */
export interface ByteSteps {
  readonly scale: number;
  readonly zero: number;
  /** The byte of the integer 0. */
  readonly integerZero: number;
}

/** Nothing if the tensor is not stored in bytes with one scale, or a damaged file has no such scale. */
export function byteSteps({ type, quantisation }: LiteTensor): ByteSteps | undefined {
  const { scales, zeros } = quantisation;
  const lowest = byteRanges[type]?.[0];
  if (lowest === undefined || scales.length !== 1) return undefined;
  const zero = (zeros[0] ?? 0) - lowest;
  if (!(scales[0]! > 0 && zero >= 0 && zero <= 255)) return undefined;
  return { scale: scales[0]!, zero, integerZero: -lowest };
}

/** Throws a RangeError with what is wrong with it. */
export function constantOf({ name, shape, type, data, quantisation }: LiteTensor): NumberTensor {
  const storage = storages[type];
  if (storage === undefined) throw new RangeError(`its tensor "${name}" is of type ${type} of the schema`);
  const size = shape.reduce((a, b) => a * b, 1);
  if (data.length !== size * storage.width) {
    throw new RangeError(`its tensor "${name}" of shape [${shape.join(', ')}] has ${data.length} bytes`);
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const { scales, zeros, axis } = quantisation;
  const quantised = scales.length > 0 && storage.type === 'int';
  const type0 = quantised ? 'float' : storage.type;
  const values = type0 === 'float' ? new Float32Array(size) : new Float64Array(size);
  // One scale, or one for each slice along an axis.
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  for (let i = 0; i < size; i++) {
    const value = storage.read(view, i * storage.width);
    const slice = scales.length > 1 ? Math.floor(i / inner) % scales.length : 0;
    values[i] = quantised ? (value - (zeros[slice] ?? 0)) * scales[slice]! : value;
  }
  return { type: type0, shape, data: values };
}

/** The elements in another order of axes. */
export function turned({ type, shape, data }: NumberTensor, order: readonly number[]): NumberTensor {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const to = order.map((axis) => shape[axis]!);
  const values = type === 'float' ? new Float32Array(data.length) : new Float64Array(data.length);
  const place = to.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    values[i] = data[place.reduce((sum, at, axis) => sum + at * strides[order[axis]!]!, 0)]!;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      if (++place[axis]! < to[axis]!) break;
      place[axis] = 0;
    }
  }
  return { type, shape: to, data: values };
}
