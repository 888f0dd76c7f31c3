/** Convolutions and pools of TensorFlow, whose padding follows from the size of the picture. */

import type { Dimension } from '../writer.ts';
import { byteLayer } from './byte-layer.ts';
import { factorOf, filled } from './channel-affine.ts';
import { numbersOf, textOf } from './node-attributes.ts';
import { inBrackets, known } from './sizes.ts';
import type { GraphNode } from './tensorflow-graph.ts';
import type { Affine, Computed, Constant, Traced, ValueWriter } from './traced-value.ts';

/** How a window moves over the picture, in ONNX's terms. */
interface Window {
  readonly attributes: Readonly<Record<string, readonly number[]>>;
  readonly height: number;
  readonly width: number;
}

export function convolution(w: ValueWriter, node: GraphNode, x: Traced, from: Traced): Affine {
  const filters = constantFilters(from);
  const [kh, kw, inputs, outputs] = filters.shape as FilterShape;
  const channels = known(x.shape[3], 'number of channels');
  if (channels % inputs !== 0) {
    throw new RangeError(`filters ${inBrackets(filters.shape)} on a picture ${inBrackets(x.shape)}`);
  }
  const turn = (data: Float32Array | Float64Array, scale: Float64Array): Float32Array => {
    const weights = new Float32Array(data.length);
    for (let o = 0, to = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++) {
        for (let k = 0; k < kh * kw; k++) weights[to++] = data[(k * inputs + i) * outputs + o]! * scale[o]!;
      }
    }
    return weights;
  };
  return filtered(w, node, x, filters, { shape: [outputs, inputs, kh, kw], group: channels / inputs, turn });
}

/** Filters are [height, width, channels, filters for each channel]. */
export function depthwise(w: ValueWriter, node: GraphNode, x: Traced, from: Traced): Affine {
  const filters = constantFilters(from);
  const [kh, kw, channels, each] = filters.shape as FilterShape;
  if (x.shape[3] !== channels) {
    throw new RangeError(`filters ${inBrackets(filters.shape)} on a picture ${inBrackets(x.shape)}`);
  }
  const outputs = channels * each;
  const turn = (data: Float32Array | Float64Array, scale: Float64Array): Float32Array => {
    const weights = new Float32Array(data.length);
    for (let o = 0, to = 0; o < outputs; o++) {
      for (let k = 0; k < kh * kw; k++) weights[to++] = data[k * outputs + o]! * scale[o]!;
    }
    return weights;
  };
  return filtered(w, node, x, filters, { shape: [outputs, 1, kh, kw], group: channels, turn });
}

export function maxPool(w: ValueWriter, node: GraphNode, [x]: readonly Traced[]): Computed {
  return pool(w, node, x!, 'MaxPool');
}

/** Neither framework counts the padding in the mean. */
export function averagePool(w: ValueWriter, node: GraphNode, [x]: readonly Traced[]): Computed {
  return pool(w, node, x!, 'AveragePool');
}

const lowestFloat = -3.4028234663852886e38;

function pool(w: ValueWriter, node: GraphNode, x: Traced, opType: string): Computed {
  const kernel = numbersOf(node, 'ksize');
  if (kernel[0] !== 1 || kernel[3] !== 1) throw new RangeError(`a window of ${inBrackets(kernel)}`);
  const { attributes, height, width } = windowOf(node, x, [kernel[1]!, kernel[2]!]);
  // ONNX Runtime 1.30 makes a border of zeros part of the pool, which passes over borders: negative values came out instead of 0.
  const isOpen = opType === 'MaxPool' && w.padded.has(x);
  const picture = isOpen ? w.g.node('Clip', [w.planes(x), w.g.floats([], [lowestFloat])]) : w.planes(x);
  const value = w.g.node(opType, [picture], attributes);
  return w.computed(value, [x.shape[0]!, height, width, x.shape[3]!], { layout: 'planes' });
}

interface Filters {
  readonly shape: readonly [outputs: number, inputs: number, height: number, width: number];
  readonly group: number;
  /** From TensorFlow's order to ONNX's, each output channel scaled. */
  readonly turn: (data: Float32Array | Float64Array, scale: Float64Array) => Float32Array;
}

function filtered(
  w: ValueWriter,
  node: GraphNode,
  x: Traced,
  filters: Constant,
  { shape, group, turn }: Filters,
): Affine {
  const outputs = shape[0];
  const { attributes, height, width } = windowOf(node, x, [shape[2], shape[3]]);
  const { of: picture, factor } = factorOf(x);
  const result: readonly Dimension[] = [x.shape[0]!, height, width, outputs];
  return {
    kind: 'affine',
    type: 'float',
    shape: result,
    scale: filled(outputs, 1),
    shift: new Float64Array(outputs),
    write(scale, shift) {
      const factors = scale.map((value) => value * factor);
      const turned = turn(filters.data, factors);
      const isAsStored = factors.every((value) => value === 1);
      const { weights, bias } = (isAsStored && byteLayer(w, node, shape, turned, shift)) || {
        weights: w.g.floats(shape, turned),
        bias: w.g.floats([outputs], Float32Array.from(shift)),
      };
      const value = w.g.node('Conv', [w.planes(picture), weights, bias], { ...attributes, group });
      return w.computed(value, result, { layout: 'planes' });
    },
  };
}

/** https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2 */
function windowOf(node: GraphNode, x: Traced, kernel: readonly [number, number]): Window {
  if (x.shape.length !== 4) throw new RangeError(`its input ${inBrackets(x.shape)} is not a picture`);
  const padding = textOf(node, 'padding', 'VALID');
  const explicit = numbersOf(node, 'explicit_paddings');
  const along = (axis: 1 | 2): { size: number; stride: number; dilation: number; pads: [number, number] } => {
    const size = known(x.shape[axis], axis === 1 ? 'height' : 'width');
    const stride = numbersOf(node, 'strides')[axis] ?? 1;
    const dilation = numbersOf(node, 'dilations')[axis] ?? 1;
    const reach = (kernel[axis - 1]! - 1) * dilation + 1;
    if (padding === 'SAME') {
      const out = Math.ceil(size / stride);
      const missing = Math.max(0, (out - 1) * stride + reach - size);
      return { size: out, stride, dilation, pads: [missing >> 1, missing - (missing >> 1)] };
    }
    const pads: [number, number] =
      padding === 'EXPLICIT' ? [explicit[axis * 2] ?? 0, explicit[axis * 2 + 1] ?? 0] : [0, 0];
    const out = Math.floor((size + pads[0] + pads[1] - reach) / stride) + 1;
    if (out < 1) throw new RangeError(`a window of ${inBrackets(kernel)} on ${inBrackets(x.shape)}`);
    return { size: out, stride, dilation, pads };
  };
  const [rows, columns] = [along(1), along(2)];
  return {
    height: rows.size,
    width: columns.size,
    attributes: {
      kernel_shape: kernel,
      strides: [rows.stride, columns.stride],
      pads: [rows.pads[0], columns.pads[0], rows.pads[1], columns.pads[1]],
      ...(rows.dilation * columns.dilation > 1 && { dilations: [rows.dilation, columns.dilation] }),
    },
  };
}

type FilterShape = readonly [height: number, width: number, inputs: number, outputs: number];

function constantFilters(filters: Traced): Constant {
  if (filters.kind === 'constant' && filters.shape.length === 4) return filters;
  const found = filters.kind === 'constant' ? `of shape ${inBrackets(filters.shape)}` : 'not constant';
  throw new RangeError(`its filters are ${found}`);
}
