/** Filters of convolutions in 8 bits, and other orders of them. */

import type { ByteFilters, Quantised } from './byte-nodes.ts';
import { type Convolution, floatsOf } from './quantisable.ts';

/**
 * Weights of −127 to 127 with a scale for each output channel; the bias counts in products of both scales.
 *
 * The few large weights of a depthwise filter cancel each other out where a picture is even. So that they still do,
 * what rounding takes from one is given to the next (error diffusion of Floyd and Steinberg, 1976): the sum of the
 * filter is off by half a level at most.
 */
export function quantiseWeights(
  { node, weights, bias }: Convolution,
  { scale: inputScale, leftOver }: Pick<Quantised, 'scale' | 'leftOver'>,
  room: Room,
): ByteFilters {
  const shape = weights.dims.map(Number);
  const [channels = 0, inputsEach = 1] = shape;
  const isDepthwise = inputsEach === 1;
  const groups = Number(node.attribute.find(({ name }) => name === 'group')?.i ?? 1);
  const largest = largestIn[isDepthwise && groups === channels ? 'any' : room];
  const values = floatsOf(weights);
  const each = values.length / channels;
  const plane = each / inputsEach;
  const shifts = bias ? floatsOf(bias) : new Float32Array(channels);
  const out = {
    weights: new Int8Array(values.length),
    scales: new Float32Array(channels),
    bias: new Int32Array(channels),
    shape,
  };
  for (let c = 0; c < channels; c++) {
    const own = values.subarray(c * each, (c + 1) * each);
    const scale = largest(own, inputsEach) / 127 || 1;
    let sum = 0;
    let carried = 0;
    for (const [i, value] of own.entries()) {
      const wanted = value / scale + carried;
      const weight = Math.min(127, Math.max(-127, Math.round(wanted)));
      if (isDepthwise) carried = wanted - weight;
      out.weights[c * each + i] = weight;
      sum += weight * leftOver[Math.floor(i / plane) % leftOver.length]!;
    }
    out.scales[c] = scale;
    out.bias[c] = Math.round(shifts[c]! / (scale * inputScale) + sum);
  }
  return out;
}

/**
 * The room that sums of products of bytes have. Without VNNI a processor adds two products up in 16 bits: those of
 * weights that are neighbours in the order [height, width, inputs], or, where the order changes once more, of any two. The
 * sum of two weights may then be 128, since 128 · 255 is less than 2¹⁵; rounding may add one to it. Depthwise filters are
 * added up in 32 bits everywhere (MlasConvDepthwise).
 */
export type Room = 'any' | '16 bits for neighbours' | '16 bits for any two';

/** The number that becomes 127, from the filter of one output. */
const largestIn: Readonly<Record<Room, (filter: Float32Array, inputs: number) => number>> = {
  any: (filter) => filter.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
  '16 bits for any two': (filter) => 2 * largestIn.any(filter, 1),
  '16 bits for neighbours'(filter, inputs) {
    const plane = filter.length / inputs;
    const at = (i: number): number => filter[(i % inputs) * plane + Math.floor(i / inputs)] ?? 0;
    let most = 0;
    for (let i = 0; i < filter.length; i += 2) {
      const [one, other] = [at(i), at(i + 1)];
      const sum = one * other > 0 ? Math.abs(one + other) : Math.max(Math.abs(one), Math.abs(other));
      most = Math.max(most, sum);
    }
    return most;
  },
};

/** The filters for channels in the photo's own order. */
export function inPhotoOrder(
  { shape, weights, ...rest }: ByteFilters,
  order: readonly number[],
): ByteFilters {
  const [outputs, inputs, height, width] = shape as FilterShape;
  const turned = new Int8Array(weights.length);
  const plane = height * width;
  for (let o = 0; o < outputs; o++) {
    for (const [from, to] of order.entries()) {
      const start = (o * inputs + from) * plane;
      turned.set(weights.subarray(start, start + plane), (o * inputs + to) * plane);
    }
  }
  return { ...rest, shape, weights: turned };
}

/**
 * Filters of 3 × 3 with a stride of 2 on [n, 3, height, width] as filters of 3 × 2 on four pixels at a time,
 * [n, 4 × 3, height, width / 4], that give two columns at once, [n, 2 × outputs, height / 2, width / 4]. ONNX Runtime
 * is slow where channels are no multiple of 4, more so than these extra zeros make it.
 */
export function inFours({ shape, weights, scales, bias }: ByteFilters): ByteFilters {
  const [outputs, inputs, height, width] = shape as FilterShape;
  const wide = new Int8Array(2 * outputs * 4 * inputs * height * 2);
  for (const [i, weight] of weights.entries()) {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const [c, o] = [Math.floor(i / width / height) % inputs, Math.floor(i / width / height / inputs)];
    for (const column of [0, 1]) {
      const pixel = x + column * 2;
      const output = column * outputs + o;
      const channel = (pixel % 4) * inputs + c;
      wide[((output * 4 * inputs + channel) * height + y) * 2 + Math.floor(pixel / 4)] = weight;
    }
  }
  return {
    shape: [2 * outputs, 4 * inputs, height, 2],
    weights: wide,
    scales: Float32Array.from([...scales, ...scales]),
    bias: Int32Array.from([...bias, ...bias]),
  };
}

type FilterShape = readonly [outputs: number, inputs: number, height: number, width: number];
