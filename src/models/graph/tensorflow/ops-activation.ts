/** Functions of one value: activations and plain arithmetic. */

import { float, type GraphWriter, type Value } from '../writer.ts';
import { evenMap, perChannel, times } from './channel-affine.ts';
import { areConstant, mapped } from './constant-folding.ts';
import { flagOf, numberOf, textOf } from './node-attributes.ts';
import type { GraphNode } from './tensorflow-graph.ts';
import { type Computed, constant, onnxType, type Traced, type ValueWriter } from './traced-value.ts';

interface Unary {
  /** If it is missing, a function of constants is left to ONNX Runtime. */
  readonly compute?: (x: number) => number;
  readonly write: (g: GraphWriter, x: Value, node: GraphNode) => Value;
}

const asNode =
  (opType: string) =>
  (g: GraphWriter, x: Value): Value =>
    g.node(opType, [x]);

const unaries: Readonly<Record<string, Unary>> = {
  Abs: { compute: Math.abs, write: asNode('Abs') },
  Ceil: { compute: Math.ceil, write: asNode('Ceil') },
  Elu: { write: asNode('Elu') },
  Erf: { write: asNode('Erf') },
  Exp: { compute: Math.exp, write: asNode('Exp') },
  Floor: { compute: Math.floor, write: asNode('Floor') },
  Inv: { compute: (x) => 1 / x, write: asNode('Reciprocal') },
  LeakyRelu: {
    write: (g, x, node) => g.node('LeakyRelu', [x], { alpha: float(numberOf(node, 'alpha', 0.2)) }),
  },
  Log: { compute: Math.log, write: asNode('Log') },
  LogicalNot: { compute: (x) => Number(x === 0), write: asNode('Not') },
  Neg: { compute: (x) => -x, write: asNode('Neg') },
  Reciprocal: { compute: (x) => 1 / x, write: asNode('Reciprocal') },
  Relu: { compute: (x) => Math.max(x, 0), write: asNode('Relu') },
  Relu6: { write: (g, x) => g.node('Clip', [x, g.floats([], [0]), g.floats([], [6])]) },
  Round: { write: asNode('Round') },
  Rsqrt: {
    compute: (x) => 1 / Math.sqrt(x),
    write: (g, x) => g.node('Reciprocal', [g.node('Sqrt', [x])]),
  },
  Selu: { write: asNode('Selu') },
  Sigmoid: { compute: (x) => 1 / (1 + Math.exp(-x)), write: asNode('Sigmoid') },
  Softplus: { write: asNode('Softplus') },
  Sqrt: { compute: Math.sqrt, write: asNode('Sqrt') },
  Square: { compute: (x) => x * x, write: (g, x) => g.node('Mul', [x, x]) },
  Tanh: { compute: Math.tanh, write: asNode('Tanh') },
};

export const unaryOps = Object.keys(unaries);

/** `covered`: the bytes that its value is stored in end where the function cuts off. */
export function unary(w: ValueWriter, node: GraphNode, inputs: readonly Traced[]): Traced {
  if (flagOf(node, 'covered')) return inputs[0]!;
  const { compute, write } = unaries[node.op]!;
  if (compute && areConstant(inputs)) return mapped(inputs[0]!, compute);
  const x = computedOf(w, inputs[0]!);
  return { ...x, value: write(w.g, x.value, node) };
}

/**
 * Relu6 of scale·x + shift is six times a hard sigmoid, min(max(x·scale/6 + shift/6, 0), 1): one step instead of two
 * or three. Hard-swish, x·relu6(x + 3)/6, of MobileNet v3 has it in most layers (Howard et al. 2019).
 */
export function relu6(w: ValueWriter, node: GraphNode, inputs: readonly Traced[]): Traced {
  const map = evenMap(inputs[0]!);
  if (map === undefined || flagOf(node, 'covered')) return unary(w, node, inputs);
  const value = w.g.node('HardSigmoid', [map.over.value], {
    alpha: float(map.scale / 6),
    beta: float(map.shift / 6),
  });
  return times(w, { ...map.over, value }, 6);
}

/** Writes the activation function that a fused layer ends in; `slope` is the further input of Prelu. */
export function activate(w: ValueWriter, node: GraphNode, name: string, x: Traced, slope?: Traced): Traced {
  if (name === 'Prelu') return prelu(w, node, [x, slope!]);
  if (!(name in unaries)) throw new RangeError(`it ends in ${name}`);
  if (name !== 'LeakyRelu') return unary(w, { ...node, op: name }, [x]);
  // Fused layers have another name for the attribute.
  const alpha = numberOf(node, 'leakyrelu_alpha', 0.2);
  return unary(w, { ...node, op: name, attributes: new Map([['alpha', alpha]]) }, [x]);
}

export function prelu(w: ValueWriter, _node: GraphNode, [input, slope]: readonly Traced[]): Computed {
  const x = computedOf(w, input!);
  const ofChannels = x.layout === 'planes' && slope?.kind === 'constant' ? perChannel(slope, x) : undefined;
  if (ofChannels) return { ...x, value: channelPrelu(w.g, x.value, ofChannels) };
  const slopes = x.layout === 'planes' ? w.planes(slope!) : w.plain(slope!);
  return { ...x, value: w.g.node('PRelu', [x.value, slopes]) };
}

/**
 * slope·x + (1 − slope)·max(x, 0), as convolutions of one pixel. ONNX Runtime has a slow PRelu, and none for
 * pictures as it lays them out for convolutions (NCHWc): these it calculates there, sum and Relu in passing.
 */
function channelPrelu(g: GraphWriter, x: Value, slopes: Float64Array): Value {
  const scaled = (value: Value, factors: Float64Array): Value =>
    g.node('Conv', [value, g.floats([factors.length, 1, 1, 1], Float32Array.from(factors))], {
      kernel_shape: [1, 1],
      group: factors.length,
    });
  const rest = slopes.map((slope) => 1 - slope);
  // A factor that is not negative can go in front of the Relu, which is then part of the convolution.
  const positive = rest.every((factor) => factor >= 0)
    ? g.node('Relu', [scaled(x, rest)])
    : scaled(g.node('Relu', [x]), rest);
  return g.node('Add', [scaled(x, slopes), positive]);
}

/** TensorFlow's softmax is always over the last axis. */
export function softmax(w: ValueWriter, node: GraphNode, [input]: readonly Traced[]): Computed {
  const x = computedOf(w, input!);
  const opType = node.op === 'LogSoftmax' ? 'LogSoftmax' : 'Softmax';
  return { ...x, value: w.g.node(opType, [x.value], { axis: x.layout === 'planes' ? 1 : -1 }) };
}

export function cast(w: ValueWriter, node: GraphNode, [x]: readonly Traced[]): Traced {
  const to = textOf(node, 'DstT', 'DT_FLOAT');
  const type = /HALF|FLOAT|DOUBLE/.test(to) ? 'float' : to === 'DT_BOOL' ? 'bool' : 'int';
  if (x!.type === type) return x!;
  if (x!.kind === 'constant') {
    const change = type === 'bool' ? (value: number) => Number(value !== 0) : Math.trunc;
    return constant(type, x!.shape, type === 'float' ? x!.data : Array.from(x!.data, change));
  }
  const computed = computedOf(w, x!);
  return { ...computed, type, value: w.g.node('Cast', [computed.value], { to: onnxType[type] }) };
}

/** A constant becomes a value of the graph. */
export function computedOf(w: ValueWriter, traced: Traced): Computed {
  if (traced.kind !== 'constant') return w.settle(traced);
  return w.computed(w.plain(traced), traced.shape, { type: traced.type });
}
