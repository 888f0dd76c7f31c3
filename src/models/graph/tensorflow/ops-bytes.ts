/**
 * Networks of TensorFlow Lite whose values are integers of one byte. ONNX Runtime joins a layer to the `DequantizeLinear` before and the
 * `QuantizeLinear` behind it, calculates with the integers themselves, and rounds as XNNPACK does, with which TensorFlow Lite calculates:
 * https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html
 */

import type { Value } from '../writer.ts';
import { numberOf, numbersOf } from './node-attributes.ts';
import { computedOf } from './ops-activation.ts';
import { broadcastShape } from './sizes.ts';
import type { GraphNode } from './tensorflow-graph.ts';
import { type Computed, onnxType, type Traced, type ValueWriter } from './traced-value.ts';

/**
 * The op that the reader of TensorFlow Lite writes behind what is stored in bytes, which TensorFlow has not: the value as one of the
 * steps (byte − `zero`) · `scale`, from 0 to 255. With `read_scale` and `read_zero` the byte is read as another value.
 */
export function inBytes(w: ValueWriter, node: GraphNode, [x]: readonly Traced[]): Computed {
  const [scale, zero] = [numberOf(node, 'scale', 1), numberOf(node, 'zero', 0)];
  const [readScale, readZero] = [numberOf(node, 'read_scale', scale), numberOf(node, 'read_zero', zero)];
  const computed = computedOf(w, x!);
  const bytes = w.g.node('QuantizeLinear', [computed.value, ...constants(w, scale, zero)]);
  return { ...computed, value: w.g.node('DequantizeLinear', [bytes, ...constants(w, readScale, readZero)]) };
}

function constants(w: ValueWriter, scale: number, zero: number): readonly Value[] {
  return [w.g.floats([], [scale]), w.g.whole([], Uint8Array.of(zero))];
}

/**
 * The sum of two values in bytes as XNNPACK forms it: each byte times a whole number of 21 bits, the sum halved as often as they were
 * doubled, and rounded up in the middle of two. https://github.com/google/XNNPACK/blob/master/src/microparams-init.c
 */
export function addBytes(w: ValueWriter, node: GraphNode, [a, b]: readonly Traced[]): Computed {
  const [first, second] = [a!, b!].map((x) => computedOf(w, x)) as [Computed, Computed];
  const [ratioA, ratioB] = numbersOf(node, 'ratios') as [number, number];
  const shift = 20 - Math.floor(Math.log2(Math.max(Math.abs(ratioA), Math.abs(ratioB))));
  const layout = first.layout === 'planes' || second.layout === 'planes' ? 'planes' : 'plain';
  const times = (x: Computed, ratio: number): Value => {
    const value = w.g.node('Cast', [layout === 'planes' ? w.planes(x) : w.plain(x)], { to: float64 });
    return w.g.node('Mul', [value, w.g.doubles([], [halfToEven(ratio * 2 ** shift) / 2 ** shift])]);
  };
  const sum = w.g.node('Add', [times(first, ratioA), times(second, ratioB)]);
  const rounded = w.g.node('Floor', [w.g.node('Add', [sum, w.g.doubles([], [0.5])])]);
  const value = w.g.node('Cast', [rounded], { to: onnxType.float });
  return w.computed(value, broadcastShape(first.shape, second.shape), { layout });
}

/** ONNX's number for floats of 64 bits. */
const float64 = 11;

function halfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
}
