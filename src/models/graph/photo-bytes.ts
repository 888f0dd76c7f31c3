/** Finds the first convolution of a network, and how it might read the bytes of photos as they are. */

import type { GraphProto, NodeProto } from './onnx_pb.ts';
import { type Convolution, floatsOf } from './quantisable.ts';

/** Bytes that a value is made of: value = (byte − mean) · scale, in planes. */
export interface PhotoBytes {
  /** [n, height, width, 3] */
  readonly input: string;
  /** One for each channel of the value. */
  readonly means: readonly number[];
  readonly scale: number;
  /** The channel of the photo that each channel of the value is. */
  readonly order: readonly number[];
  /** Undefined if they are free. */
  readonly height: number | undefined;
  readonly width: number | undefined;
}

/** How a value is made of the photo's bytes; undefined if it is something else, or is read more than once. */
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
  const means = shifts.map((shift) => -shift / scale);
  if (means.some((mean) => mean < 0 || mean > 255)) return undefined;
  const [, height, width] = (input.type.value.value.shape?.dim ?? []).map(({ value: size }) =>
    size.case === 'dimValue' ? Number(size.value) : undefined,
  );
  return { input: input.name, means, scale, order, height, width };
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
 * TensorFlow has it for even sides; sides that are free are taken to be multiples of 4.
 */
export function takesFours({ node }: Convolution, { height = 4, width = 4 }: PhotoBytes): boolean {
  const pads = numbersOf(node, 'pads').join() || textOf(node, 'auto_pad');
  return (
    height % 2 === 0 &&
    width % 4 === 0 &&
    numbersOf(node, 'kernel_shape').join() === '3,3' &&
    numbersOf(node, 'strides').join() === '2,2' &&
    ['0,0,1,1', 'SAME_UPPER'].includes(pads)
  );
}

function numbersOf({ attribute }: NodeProto, name: string): readonly number[] {
  return attribute.find((own) => own.name === name)?.ints.map(Number) ?? [];
}

function textOf({ attribute }: NodeProto, name: string): string {
  return new TextDecoder().decode(attribute.find((own) => own.name === name)?.s);
}
