/** The layers that TensorFlow networks are made of, written as ONNX nodes (NHWC weights become NCHW). */

import type { GraphWriter, Tensor, Value } from './writer.ts';
import { float } from './writer.ts';

/** An affine map per output channel: y = x·scale + shift. */
export interface ChannelAffine {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

interface ConvOptions {
  readonly stride?: number;
  readonly padding?: 'same' | 'valid';
  /** Folded into the weights, as batch norm and scale layers always can be. */
  readonly affine?: ChannelAffine;
  readonly bias?: Float32Array;
}

/** A convolution of TensorFlow: `filters` is [height, width, in, out], padding is TensorFlow's SAME or VALID. */
export function conv(g: GraphWriter, x: Value, filters: Tensor, options: ConvOptions = {}): Value {
  const [kh, kw, inputs, outputs] = shape4(filters);
  const weights = new Float32Array(filters.data.length);
  for (let o = 0; o < outputs; o++) {
    const scale = options.affine?.scale[o] ?? 1;
    for (let i = 0; i < inputs; i++) {
      for (let k = 0; k < kh * kw; k++) {
        weights[(o * inputs + i) * kh * kw + k] = filters.data[(k * inputs + i) * outputs + o]! * scale;
      }
    }
  }
  return convNode(g, x, [outputs, inputs, kh, kw], weights, 1, options);
}

/** A depthwise convolution of TensorFlow: `filters` is [height, width, channels, 1]. */
export function depthwise(g: GraphWriter, x: Value, filters: Tensor, options: ConvOptions = {}): Value {
  const [kh, kw, channels] = shape4(filters);
  const weights = new Float32Array(filters.data.length);
  for (let c = 0; c < channels; c++) {
    const scale = options.affine?.scale[c] ?? 1;
    for (let k = 0; k < kh * kw; k++) weights[c * kh * kw + k] = filters.data[k * channels + c]! * scale;
  }
  return convNode(g, x, [channels, 1, kh, kw], weights, channels, options);
}

function convNode(
  g: GraphWriter,
  x: Value,
  shape: readonly [number, number, number, number],
  weights: Float32Array,
  group: number,
  { stride = 1, padding = 'same', affine, bias }: ConvOptions,
): Value {
  const outputs = shape[0];
  const shift = new Float32Array(outputs);
  for (let o = 0; o < outputs; o++) {
    shift[o] = (bias?.[o] ?? 0) * (affine?.scale[o] ?? 1) + (affine?.shift[o] ?? 0);
  }
  return g.node('Conv', [x, g.floats(shape, weights), g.floats([outputs], shift)], {
    kernel_shape: shape.slice(2),
    strides: [stride, stride],
    group,
    // TensorFlow pads odd remainders at the end, which is what ONNX calls SAME_UPPER.
    auto_pad: padding === 'same' ? 'SAME_UPPER' : 'VALID',
  });
}

/** Batch norm as an affine map: y = (x − mean) / √(variance + epsilon) · gamma + beta. */
export function batchNorm(
  gamma: Tensor,
  beta: Tensor,
  mean: Tensor,
  variance: Tensor,
  epsilon: number,
): ChannelAffine {
  const scale = gamma.data.map((value, i) => value / Math.sqrt(variance.data[i]! + epsilon));
  return { scale, shift: beta.data.map((value, i) => value - mean.data[i]! * scale[i]!) };
}

export function relu(g: GraphWriter, x: Value): Value {
  return g.node('Relu', [x]);
}

export function relu6(g: GraphWriter, x: Value): Value {
  return g.node('Clip', [x, g.floats([], [0]), g.floats([], [6])]);
}

/**
 * The preparation that travels with the weights: bytes of RGB photos, [n, height, width, 3], become
 * (x − mean) · scale in [n, 3, height, width].
 */
export function prepareRgb(
  g: GraphWriter,
  photos: Value,
  mean: readonly [number, number, number],
  scale: number,
): Value {
  const planes = g.node('Transpose', [g.node('Cast', [photos], { to: 1 })], { perm: [0, 3, 1, 2] });
  const centred = g.node('Sub', [planes, g.floats([1, 3, 1, 1], mean)]);
  return g.node('Mul', [centred, g.floats([], [scale])]);
}

/** x·weights + bias on [n, inputs]. */
export function dense(g: GraphWriter, x: Value, weights: Tensor, bias?: Tensor): Value {
  const inputs = [x, g.floats(weights.shape, weights.data)];
  if (bias) inputs.push(g.floats(bias.shape, bias.data));
  return g.node('Gemm', inputs, { alpha: float(1) });
}

function shape4(t: Tensor): readonly [number, number, number, number] {
  if (t.shape.length !== 4) throw new RangeError(`a filter of shape [${t.shape.join(', ')}]`);
  return t.shape as readonly [number, number, number, number];
}
