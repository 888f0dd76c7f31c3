/**
 * The last layer of a network whose inner layers have 8 bits: what it gives is the answer, and stays as exact as
 * with 32 bits. Its input is in bytes already; its weights become sums of two parts of 7 bits, whose products are
 * still faster than those of floats. (7 bits, because processors without VNNI add two products up in 16.)
 */

import type { ByteNodes } from './byte-nodes.ts';
import { TensorProto_DataType as DataType, type NodeProto } from './onnx_pb.ts';
import { type Convolution, floatsOf } from './quantisable.ts';
import { attributeOf } from './writer.ts';

/** A part of weights [outputs, inputs], turned to [inputs, outputs], with a scale for each output. */
export interface WeightPart {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/** weight = high · scale + low · scale / 126, off by a 252nd of the scale at most. */
export function weightHalves({ weights }: Convolution): readonly [high: WeightPart, low: WeightPart] {
  const floats = floatsOf(weights);
  const outputs = Number(weights.dims[0]);
  const inputs = floats.length / outputs;
  const part = (): WeightPart => ({
    values: new Int8Array(floats.length),
    scales: new Float32Array(outputs),
  });
  const [high, low] = [part(), part()];
  for (let o = 0; o < outputs; o++) {
    const own = floats.subarray(o * inputs, (o + 1) * inputs);
    const scale = Math.fround(own.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 63 || 1);
    high.scales[o] = scale;
    low.scales[o] = scale / 126;
    for (const [i, value] of own.entries()) {
      const at = i * outputs + o;
      const whole = Math.round(value / scale);
      high.values[at] = whole;
      low.values[at] = Math.round((value - whole * scale) / (scale / 126));
    }
  }
  return [high, low];
}

/** A convolution of single pixels is a product of matrices: [pixels, inputs] · [inputs, outputs]. */
export function isProduct({ attribute }: NodeProto): boolean {
  const numbers = (name: string): readonly number[] =>
    attribute.find((own) => own.name === name)?.ints.map(Number) ?? [];
  const group = attribute.find((own) => own.name === 'group')?.i ?? 1n;
  return (
    numbers('kernel_shape').join() === '1,1' &&
    numbers('strides').every((stride) => stride === 1) &&
    numbers('pads').every((pad) => pad === 0) &&
    group === 1n
  );
}

/** ONNX Runtime multiplies bytes where it finds a product of values that were bytes. */
export function writeProduct(w: ByteNodes, product: Convolution): void {
  const output = product.node.output[0]!;
  const [outputs = 0, inputs = 0] = product.weights.dims.map(Number);
  const rows = `${output}_rows`;
  w.add('Transpose', [product.input], rows, [attributeOf('perm', [0, 2, 3, 1])]);
  const halves = weightHalves(product).map(({ values, scales }, i) => {
    const half = `${output}_${i === 0 ? 'high' : 'low'}`;
    const part = w.constant(`${half}_weights`, DataType.INT8, [inputs, outputs], values);
    const scale = w.constant(`${half}_scales`, DataType.FLOAT, [outputs], scales);
    w.add('DequantizeLinear', [part, scale], `${half}_floats`, [attributeOf('axis', 1)]);
    w.add('MatMul', [rows, `${half}_floats`], half);
    return half;
  });
  w.add('Add', halves, `${output}_product`);
  if (product.bias) w.add('Add', [`${output}_product`, product.bias.name], `${output}_biased`);
  const last = `${output}_${product.bias ? 'biased' : 'product'}`;
  w.add('Transpose', [last], output, [attributeOf('perm', [0, 3, 1, 2])]);
}
