/**
 * Numbers that TensorFlow keeps or trains in fewer bits.
 * Formulas: https://www.tensorflow.org/api_docs/python/tf/quantization/dequantize and …/fake_quant_with_min_max_vars
 */

import { mapped, numberIn } from './constant-folding.ts';
import { flagOf, numberOf, textOf } from './node-attributes.ts';
import { computedOf } from './ops-activation.ts';
import type { GraphNode } from './tensorflow-graph.ts';
import { type Constant, constant, type Traced, type ValueWriter } from './traced-value.ts';

const integers: Readonly<Record<string, readonly [lowest: number, highest: number]>> = {
  DT_QINT8: [-128, 127],
  DT_QUINT8: [0, 255],
  DT_QINT16: [-32768, 32767],
  DT_QUINT16: [0, 65535],
  DT_QINT32: [-(2 ** 31), 2 ** 31 - 1],
};

/** Weights of a quantised graph: integers between `min` and `max`. */
export function dequantize(_w: ValueWriter, node: GraphNode, inputs: readonly Traced[]): Constant {
  const [stored, from, to] = inputs;
  if (stored?.kind !== 'constant') throw new RangeError('it reads integers that the graph computes');
  const [min, max] = [numberIn(from, 'min'), numberIn(to, 'max')];
  const [lowest, highest] = integers[textOf(node, 'T', 'DT_QUINT8')] ?? [0, 255];
  const values = (valueOf: (q: number) => number): Constant =>
    constant('float', stored.shape, Float32Array.from(stored.data, valueOf));
  const mode = textOf(node, 'mode', 'MIN_COMBINED');
  if (mode === 'SCALED') {
    const narrow = flagOf(node, 'narrow_range') && lowest < 0 ? 1 : 0;
    const scale = Math.max(lowest < 0 ? min / (lowest + narrow) : 0, max / highest);
    return values((q) => q * scale);
  }
  const scale = (max - min) / (highest - lowest);
  if (mode === 'MIN_COMBINED') {
    const half = lowest < 0 ? (highest - lowest + 1) / 2 : 0;
    return values((q) => (q + half) * scale + min);
  }
  // MIN_FIRST moves the range so that one of the integers is 0 exactly.
  const first = scale === 0 ? min : Math.round(min / scale) * scale;
  return values((q) => first + (q - lowest) * scale);
}

/** Training for integers leaves this behind: the value rounded to one of the steps between `min` and `max`. */
export function fakeQuantise(w: ValueWriter, node: GraphNode, [x, from, to]: readonly Traced[]): Traced {
  const [min, max] = [numberIn(from, 'min'), numberIn(to, 'max')];
  const lowest = flagOf(node, 'narrow_range') ? 1 : 0;
  const highest = 2 ** numberOf(node, 'num_bits', 8) - 1;
  const step = (max - min) / (highest - lowest);
  const zero = Math.min(highest, Math.max(lowest, Math.round(lowest - min / step)));
  const [low, high] = [(lowest - zero) * step, (highest - zero) * step];
  if (x!.kind === 'constant') {
    return mapped(x!, (v) => low + Math.floor((Math.min(high, Math.max(low, v)) - low) / step + 0.5) * step);
  }
  const computed = computedOf(w, x!);
  const scalar = (value: number): string => w.g.floats([], [value]);
  const clipped = w.g.node('Clip', [computed.value, scalar(low), scalar(high)]);
  const steps = w.g.node('Mul', [w.g.node('Sub', [clipped, scalar(low)]), scalar(1 / step)]);
  const whole = w.g.node('Floor', [w.g.node('Add', [steps, scalar(0.5)])]);
  const value = w.g.node('Add', [w.g.node('Mul', [whole, scalar(step)]), scalar(low)]);
  return { ...computed, value };
}
