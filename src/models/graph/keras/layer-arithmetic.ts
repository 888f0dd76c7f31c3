/** Layers that calculate without filters: norms, rescaling, what joins several values, and operators of Python. */

import type { GraphBuilder } from '../tensorflow/graph-builder.ts';
import type { NodeOutput } from '../tensorflow/tensorflow-graph.ts';
import { recordOf } from './keras-config.ts';
import { flagOf, numberOf, numbersOf } from './layer-config.ts';
import type { PlacedLayer, PlacedOperand, WriteLayer } from './placed-layer.ts';

export const batchNorm: WriteLayer = (w, { inputs, config, weight }) => {
  const [beta, mean, variance] = ['beta', 'moving_mean', 'moving_variance'].map((name) =>
    name === 'beta' && !flagOf(config, 'center', true) ? undefined : weight(name),
  );
  const { shape } = mean!;
  const even = (value: number): NodeOutput => w.floats(shape, new Float32Array(shape[0]!).fill(value));
  const gamma = flagOf(config, 'scale', true) ? w.tensor(weight('gamma')) : even(1);
  const norm = [gamma, beta ? w.tensor(beta) : even(0), w.tensor(mean!), w.tensor(variance!)];
  const attributes = { epsilon: numberOf(config, 'epsilon', 0.001), is_training: false };
  return w.node('FusedBatchNormV3', [inputs[0]!, ...norm], attributes);
};

/** (x − mean) / √variance; both are settings, or were learnt. */
export const normalization: WriteLayer = (w, { inputs, config, weight }) => {
  if (flagOf(config, 'invert', false)) throw new RangeError('it is inverted');
  const of = (name: 'mean' | 'variance'): readonly number[] =>
    numbersOf(config, name) ?? [...weight(name).data];
  const [mean, variance] = [of('mean'), of('variance')];
  const deviation = variance.map((value) => Math.max(Math.sqrt(value), 1e-7));
  return w.node('RealDiv', [w.node('Sub', [inputs[0]!, perChannel(w, mean)]), perChannel(w, deviation)]);
};

export const rescaling: WriteLayer = (w, { inputs, config }) => {
  const [scale, offset] = [numbersOf(config, 'scale') ?? [1], numbersOf(config, 'offset') ?? [0]];
  const scaled = w.node('Mul', [inputs[0]!, perChannel(w, scale)]);
  return offset.every((value) => value === 0) ? scaled : w.node('AddV2', [scaled, perChannel(w, offset)]);
};

/** Applies an operator to all inputs, one after another. */
export const joinedBy =
  (op: string): WriteLayer =>
  (w, { inputs }) =>
    inputs.reduce((joined, input) => w.node(op, [joined, input]));

export const average: WriteLayer = (w, { inputs }) =>
  w.node('Mul', [w.node('AddN', inputs), w.number(1 / inputs.length)]);

export const concatenate: WriteLayer = (w, { inputs, config }) =>
  w.node('ConcatV2', [...inputs, w.ints([numberOf(config, 'axis', -1)], [])]);

/** An operator on two values, of which one may be numbers: `x / 127.5`. */
export const operator =
  (op: string): WriteLayer =>
  (w, { operands }) => {
    const [a, b] = operands.map((operand) => valueOf(w, operand));
    if (a === undefined || b === undefined) throw new RangeError('it does not have two operands');
    return w.node(op, [a, b]);
  };

const operators: Readonly<Record<string, string>> = {
  add: 'AddV2',
  bias_add: 'AddV2',
  divide: 'RealDiv',
  maximum: 'Maximum',
  minimum: 'Minimum',
  multiply: 'Mul',
  subtract: 'Sub',
  truediv: 'RealDiv',
};

const functions: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  sigmoid: 'Sigmoid',
  softmax: 'Softmax',
  tanh: 'Tanh',
};

/** A function of TensorFlow in the place of a layer: `tf.math.truediv`. */
export const lambda: WriteLayer = (w, placed) => {
  const path = String(placed.config['function']);
  const name = path.split('.').at(-1)!;
  if (Object.hasOwn(operators, name)) return operator(operators[name]!)(w, placed);
  if (Object.hasOwn(functions, name)) return w.node(functions[name]!, [placed.inputs[0]!]);
  if (name === 'getitem' && turnsChannels(placed.named['slice_spec'])) return channelsTurned(w, placed);
  throw new RangeError(`it calls ${path}`);
};

/** TensorFlow 2.1 to 2.3 wrote the node itself down, as text of JSON. */
export const writtenNode: WriteLayer = (w, { inputs, config }) => {
  const { node_def: written, constants } = config;
  const { op } = recordOf(typeof written === 'string' ? JSON.parse(written) : written);
  const known = new Set([...Object.values(operators), ...Object.values(functions), 'Add']);
  if (typeof op !== 'string' || !known.has(op)) throw new RangeError(`it is the function ${String(op)}`);
  const operands = [...inputs];
  for (const [place, value] of Object.entries(recordOf(constants))) {
    const numbers = numbersOf({ value }, 'value')!;
    operands.splice(Number(place), 0, numbers.length === 1 ? w.number(numbers[0]!) : perChannel(w, numbers));
  }
  return w.node(op, operands);
};

/** `x[..., ::-1]` */
function turnsChannels(spec: unknown): boolean {
  const parts: readonly unknown[] = Array.isArray(spec) ? spec : [];
  const last = recordOf(parts.at(-1));
  return parts.length === 2 && last['step'] === -1 && (last['start'] ?? last['stop'] ?? null) === null;
}

function channelsTurned(w: GraphBuilder, { inputs }: PlacedLayer): NodeOutput {
  return w.node('GatherV2', [inputs[0]!, w.ints([2, 1, 0]), w.ints([3], [])]);
}

function valueOf(w: GraphBuilder, operand: PlacedOperand): NodeOutput {
  if (typeof operand === 'number') return w.number(operand);
  return 'node' in operand ? operand : perChannel(w, operand);
}

function perChannel(w: GraphBuilder, values: readonly number[]): NodeOutput {
  return values.length === 1 ? w.number(values[0]!) : w.floats([values.length], values);
}
