/** The operators of TensorFlow Lite that have weights, or that calculate with integers in a way of their own. */

import type { GraphBuilder } from '../tensorflow/graph-builder.ts';
import type { NumberTensor } from '../tensorflow/tensor-proto.ts';
import type { Attribute, NodeOutput } from '../tensorflow/tensorflow-graph.ts';
import type { FlatTable } from './flat-table.ts';
import { type ByteSteps, turned } from './tflite-tensor.ts';

/** An operator whose inputs are written. */
export interface PlacedOperator {
  readonly inputs: readonly NodeOutput[];
  /** The sizes of the first one, as the file has them. */
  readonly sizes: readonly number[];
  /** The constant that an input is; nothing for what is computed. */
  readonly constant: (input: number) => NumberTensor | undefined;
  readonly options: FlatTable | undefined;
  /** How the inputs are stored, those that are stored in bytes. */
  readonly inputSteps: readonly (ByteSteps | undefined)[];
  /** Scales of the input and the weights, if both are integers. */
  readonly scales:
    | { readonly input: number; readonly weights: readonly number[]; readonly zero: number }
    | undefined;
  /** How the output is stored, if in bytes. */
  readonly steps: ByteSteps | undefined;
}

/** Throws a RangeError with the reason why it cannot be written. */
export type WriteOperator = (g: GraphBuilder, placed: PlacedOperator) => NodeOutput | readonly NodeOutput[];

const activations: Readonly<Record<number, string>> = { 1: 'Relu', 3: 'Relu6', 4: 'Tanh' };

/** Bytes that end where the function cuts off have no need of it. */
export function activated(
  g: GraphBuilder,
  x: NodeOutput,
  { options, steps }: PlacedOperator,
  field: number,
): NodeOutput {
  const number = options?.byte(field) ?? 0;
  if (number === 0) return x;
  const op = activations[number];
  if (op === undefined) throw new RangeError(`it ends in activation ${number} of the schema`);
  const highest = steps ? (255 - steps.zero) * steps.scale : 0;
  const covered = steps?.zero === 0 && (op === 'Relu' || (op === 'Relu6' && highest < 6 + steps.scale / 2));
  return g.node(op, [x], covered ? { covered } : {});
}

function weightsOf({ constant }: PlacedOperator): NumberTensor {
  const weights = constant(1);
  if (weights?.type === 'float') return weights;
  throw new RangeError('its weights are computed');
}

function ofBytes({ scales }: PlacedOperator): Record<string, Attribute> {
  if (scales === undefined) return {};
  return { input_scale: scales.input, weight_scales: scales.weights, weight_zero: scales.zero };
}

/** Fields of the options: padding, the steps to the right and down, then the rest. */
function movement(options: FlatTable | undefined): Record<string, Attribute> {
  const steps = [1, options?.int(2, 1) ?? 1, options?.int(1, 1) ?? 1, 1];
  return { strides: steps, padding: options?.byte(0) === 1 ? 'VALID' : 'SAME' };
}

export const convolution: WriteOperator = (g, placed) => {
  const { inputs, options } = placed;
  const dilations = [1, options?.int(5, 1) ?? 1, options?.int(4, 1) ?? 1, 1];
  const filters = g.tensor(turned(weightsOf(placed), [1, 2, 3, 0]));
  const value = g.node('Conv2D', [inputs[0]!, filters], {
    ...movement(options),
    ...ofBytes(placed),
    dilations,
  });
  return activated(g, biased(g, value, inputs[2]), placed, 3);
};

export const depthwise: WriteOperator = (g, placed) => {
  const { inputs, options } = placed;
  const dilations = [1, options?.int(6, 1) ?? 1, options?.int(5, 1) ?? 1, 1];
  const { shape, ...weights } = weightsOf(placed);
  const each = Math.max(1, options?.int(3, 1) ?? 1);
  const [, height, width, outputs] = shape as [number, number, number, number];
  const filters = g.tensor({ ...weights, shape: [height, width, outputs / each, each] });
  const value = g.node('DepthwiseConv2dNative', [inputs[0]!, filters], {
    ...movement(options),
    ...ofBytes(placed),
    dilations,
  });
  return activated(g, biased(g, value, inputs[2]), placed, 4);
};

export const fullyConnected: WriteOperator = (g, placed) => {
  const weights = weightsOf(placed);
  const { inputs, options, sizes } = placed;
  if (options?.byte(1)) throw new RangeError('its weights are shuffled');
  // Whatever comes in is a list of values for each picture.
  const list = g.ints([1, weights.shape[1]!]);
  const flat = sizes.length === 2 ? inputs[0]! : g.node('Reshape', [inputs[0]!, list]);
  const value = g.node('MatMul', [flat, g.tensor(turned(weights, [1, 0]))], ofBytes(placed));
  return activated(g, biased(g, value, inputs[2]), placed, 0);
};

function biased(g: GraphBuilder, value: NodeOutput, bias: NodeOutput | undefined): NodeOutput {
  return bias ? g.node('BiasAdd', [value, bias]) : value;
}

export const pool =
  (op: string): WriteOperator =>
  (g, placed) => {
    const { inputs, options, steps } = placed;
    const ksize = [1, options?.int(4, 1) ?? 1, options?.int(3, 1) ?? 1, 1];
    const attributes = { ...movement(options), ksize };
    if (op === 'MaxPool' || steps === undefined) {
      return activated(g, g.node(op, [inputs[0]!], attributes), placed, 5);
    }
    // The mean of the integers themselves, rounded away from zero in the middle of two, as TensorFlow Lite does.
    const { scale, zero, integerZero } = steps;
    const raw = g.node('InBytes', [inputs[0]!], { scale, zero, read_scale: 1, read_zero: integerZero });
    const mean = g.node('Mul', [g.node(op, [raw], attributes), g.number(1 + 1e-6)]);
    const back = g.node('InBytes', [mean], {
      scale: 1,
      zero: integerZero,
      read_scale: scale,
      read_zero: zero,
    });
    return activated(g, back, placed, 5);
  };

/** @param sign of what is added */
export const sum =
  (op: string, sign: number): WriteOperator =>
  (g, placed) => {
    const { inputs, steps, inputSteps } = placed;
    const [a, b] = inputSteps;
    if (steps === undefined || a === undefined || b === undefined) {
      return activated(g, g.node(op, inputs), placed, 0);
    }
    const integers = [a, b].map(({ scale, zero }, i) =>
      g.node('InBytes', [inputs[i]!], { scale, zero, read_scale: 1, read_zero: zero }),
    );
    const ratios = [Math.fround(a.scale / steps.scale), sign * Math.fround(b.scale / steps.scale)];
    const value = g.node('AddBytes', integers, { ratios });
    const whole = { scale: 1, zero: steps.zero, read_scale: steps.scale, read_zero: steps.zero };
    return activated(g, g.node('InBytes', [value], whole), placed, 0);
  };

/** A constant stays in bytes: multiplied as a float it falls on the other side where a product lies in the middle of two integers. */
export const product: WriteOperator = (g, placed) => {
  const { inputs, steps, inputSteps, constant } = placed;
  const factors = inputs.map((input, i) => {
    const own = inputSteps[i];
    if (steps === undefined || own === undefined || constant(i) === undefined) return input;
    return g.node('InBytes', [input], { scale: own.scale, zero: own.zero });
  });
  return activated(g, g.node('Mul', factors), placed, 0);
};
