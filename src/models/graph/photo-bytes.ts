/** The first convolution of a network, as one that reads the bytes of photos as they are. */

import type { GraphProto, NodeProto } from './onnx_pb.ts';
import { type Convolution, floatsOf } from './quantisable.ts';

/** Bytes that a value is made of: value = (byte − mean) · scale, in planes. */
export interface PhotoBytes {
  /** [n, height, width, 3] */
  readonly input: string;
  /** Of each channel of the value. */
  readonly means: readonly number[];
  readonly scale: number;
  /** The channel of the photo that each channel of the value is. */
  readonly order: readonly number[];
  /** Undefined where it is free. */
  readonly width: number | undefined;
}

/** What a value is made of; undefined where it is something else, or is read more than once. */
export function photoBytes(graph: GraphProto, value: string): PhotoBytes | undefined {
  const makers = new Map(graph.node.flatMap((node) => node.output.map((output) => [output, node])));
  const constants = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  if (graph.node.filter(({ input }) => input.includes(value)).length > 1) return undefined;
  let [scale, order] = [1, [0, 1, 2]];
  const shifts = [0, 0, 0];
  const seen: string[] = [];
  let at = makers.get(value);
  for (; at !== undefined; at = makers.get(at.input[0]!)) {
    const tensor = constants.get(at.input[1] ?? '');
    seen.push(at.opType);
    if (at.opType === 'Gather' && tensor) {
      order = Array.from(new BigInt64Array(Uint8Array.from(tensor.rawData).buffer), Number);
    } else if (['Mul', 'Add', 'Sub'].includes(at.opType) && tensor) {
      const values = floatsOf(tensor);
      if (values.length !== 1 && values.length !== 3) return undefined;
      if (at.opType === 'Mul' && values.some((factor) => factor !== values[0])) return undefined;
      const sign = at.opType === 'Sub' ? -1 : 1;
      if (at.opType === 'Mul') scale *= values[0]!;
      else for (const c of shifts.keys()) shifts[c]! += scale * sign * values[c % values.length]!;
    } else if (at.opType === 'Cast') break;
    else if (at.opType !== 'Transpose') return undefined;
  }
  // The arithmetic lies behind the reordering: its constants are those of the value's own channels.
  if (!/^((Mul|Add|Sub),)+(Gather,)?Transpose,Cast$/.test(seen.join())) return undefined;
  const input = graph.input.find(({ name }) => name === at?.input[0]);
  if (input?.type?.value.case !== 'tensorType') return undefined;
  const width = input.type.value.value.shape?.dim[2]?.value;
  return {
    input: input.name,
    means: shifts.map((shift) => -shift / scale),
    scale,
    order,
    width: width?.case === 'dimValue' ? Number(width.value) : undefined,
  };
}

/** Padding is one byte for all channels, which is nothing to each of them only where all have the same mean. */
export function haveOneMean({ means }: PhotoBytes): boolean {
  return means.every((mean) => mean === means[0]);
}

export function hasPadding(node: NodeProto): boolean {
  return textOf(node, 'auto_pad').startsWith('SAME') || numbersOf(node, 'pads').some((pad) => pad !== 0);
}

/**
 * Whether a convolution may take a photo four pixels at a time. Its padding is one pixel on the right and below, as
 * TensorFlow has it for even sides; a width that is free is taken to be a multiple of 4.
 */
export function takesFours({ node }: Convolution, { width = 4 }: PhotoBytes): boolean {
  const pads = numbersOf(node, 'pads').join() || textOf(node, 'auto_pad');
  return (
    width % 4 === 0 &&
    numbersOf(node, 'kernel_shape').join() === '3,3' &&
    numbersOf(node, 'strides').join() === '2,2' &&
    ['0,0,1,1', 'SAME_UPPER'].includes(pads)
  );
}

export interface ByteFilters {
  /** [outputs, inputs, height, width] */
  readonly shape: readonly number[];
  readonly weights: Int8Array;
  readonly scales: Float32Array;
  readonly bias: Int32Array;
}

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

function numbersOf({ attribute }: NodeProto, name: string): readonly number[] {
  return attribute.find((own) => own.name === name)?.ints.map(Number) ?? [];
}

function textOf({ attribute }: NodeProto, name: string): string {
  return new TextDecoder().decode(attribute.find((own) => own.name === name)?.s);
}
