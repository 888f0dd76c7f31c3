/** Layers of TensorFlow Lite whose weights are integers, between values in bytes. */

import type { Value } from '../writer.ts';
import { numberOf, numbersOf } from './node-attributes.ts';
import type { GraphNode } from './tensorflow-graph.ts';
import type { ValueWriter } from './traced-value.ts';

/** Weights and what is added, as the integers that they are stored as. */
export interface ByteLayer {
  readonly weights: Value;
  readonly bias: Value;
}

/**
 * ONNX Runtime would find integers of its own for weights of floats between values in bytes, one scale for all channels.
 *
 * @param node has `input_scale`, `weight_scales`, one or one for each output, and the integer `weight_zero`; nothing if it has none
 * @param weights the first axis is the outputs
 */
export function byteLayer(
  w: ValueWriter,
  node: GraphNode,
  shape: readonly number[],
  weights: Float32Array,
  shift: Float64Array,
): ByteLayer | undefined {
  const [inputScale, scales] = [numberOf(node, 'input_scale', 0), numbersOf(node, 'weight_scales')];
  const [outputs = 0] = shape;
  if (inputScale === 0 || (scales.length !== 1 && scales.length !== outputs)) return undefined;
  const zero = numberOf(node, 'weight_zero', 0);
  const inner = weights.length / outputs;
  const scaleOf = (output: number): number => scales[scales.length === 1 ? 0 : output]!;
  const integers = weights.map((value, i) => Math.round(value / scaleOf(Math.floor(i / inner))) + zero);
  const Stored = zero > 127 || integers.some((value) => value > 127) ? Uint8Array : Int8Array;
  const all = scales.length === 1 ? [] : [outputs];
  const bias = Int32Array.from(shift, (value, o) => Math.round(value / (inputScale * scaleOf(o))));
  const steps = Float32Array.from(scales);
  const zeros = new Stored(steps.length).fill(zero);
  const sums = steps.map((scale) => inputScale * scale);
  const value = (stored: Value, ...how: readonly Value[]): Value =>
    w.g.node('DequantizeLinear', [stored, ...how], { axis: 0 });
  return {
    weights: value(w.g.whole(shape, Stored.from(integers)), w.g.floats(all, steps), w.g.whole(all, zeros)),
    bias: value(
      w.g.whole([outputs], bias),
      w.g.floats(all, sums),
      w.g.whole(all, new Int32Array(sums.length)),
    ),
  };
}
