/** Ops that put elements around a value. */

import type { Dimension, GraphWriter, Value } from '../writer.ts';
import { numbersIn } from './constant-folding.ts';
import { textOf } from './node-attributes.ts';
import { computedOf } from './ops-activation.ts';
import { known, madeUp } from './sizes.ts';
import type { GraphNode } from './tensorflow-graph.ts';
import { type Computed, planesAxis, type Traced, type ValueWriter } from './traced-value.ts';

/** Pad, PadV2 with a value, MirrorPad with the picture's own border. */
export function pad(w: ValueWriter, node: GraphNode, [input, paddings, value]: readonly Traced[]): Computed {
  const numbers = numbersIn(paddings, 'paddings');
  const pads = input!.shape.map((_, axis) => [numbers[axis * 2]!, numbers[axis * 2 + 1]!] as const);
  const x = computedOf(w, input!);
  const shape = x.shape.map((size, axis) => {
    const added = pads[axis]![0] + pads[axis]![1];
    return added === 0 ? size : known(size, 'number of pictures') + added;
  });
  if (node.op === 'MirrorPad' && textOf(node, 'mode', 'REFLECT') === 'SYMMETRIC') {
    return mirrored(w, x, pads, shape);
  }
  const last = pads.at(-1)!;
  const addsChannels = last[0] + last[1] > 0 && pads.slice(0, -1).every((own) => own[0] + own[1] === 0);
  if (node.op === 'Pad' && addsChannels && x.layout === 'planes' && x.type === 'float') {
    return { ...x, shape, value: moreChannels(w.g, x.value, known(x.shape[3], 'channels'), last) };
  }
  const order = x.layout === 'planes' ? ([0, 3, 1, 2] as const).map((axis) => pads[axis]!) : pads;
  const flat = [...order.map(([before]) => before), ...order.map(([, after]) => after)];
  const operands = [x.value, w.g.ints([flat.length], flat)];
  if (value) operands.push(w.plain(value));
  const mode = node.op === 'MirrorPad' ? 'reflect' : 'constant';
  const padded: Computed = { ...x, shape, value: w.g.node('Pad', operands, { mode }) };
  w.padded.add(padded);
  return padded;
}

/**
 * Channels of zeros around those of the picture, by a convolution of one pixel: unlike Pad it works on pictures as
 * ONNX Runtime lays them out for convolutions, and takes a sum behind it in passing.
 */
function moreChannels(
  g: GraphWriter,
  x: Value,
  channels: number,
  [before, after]: readonly [number, number],
): Value {
  const weights = new Float32Array(madeUp((before + channels + after) * channels));
  for (let i = 0; i < channels; i++) weights[(before + i) * channels + i] = 1;
  const filters = g.floats([before + channels + after, channels, 1, 1], weights);
  return g.node('Conv', [x, filters], { kernel_shape: [1, 1] });
}

/** A mirror that repeats the border itself is not among ONNX's paddings. */
function mirrored(
  w: ValueWriter,
  x: Computed,
  pads: readonly (readonly [number, number])[],
  shape: readonly Dimension[],
): Computed {
  let { value } = x;
  for (const [axis, [before, after]] of pads.entries()) {
    if (before + after === 0) continue;
    const size = x.shape[axis] as number;
    const places = Array.from({ length: madeUp(before + size + after) }, (_, i) => {
      const at = i - before;
      return at < 0 ? -at - 1 : at >= size ? 2 * size - 1 - at : at;
    });
    const along = x.layout === 'planes' ? planesAxis(axis) : axis;
    value = w.g.node('Gather', [value, w.g.ints([places.length], places)], { axis: along });
  }
  return { ...x, shape, value };
}
