/** Layers with weights, alone or fused with what follows them, and the norms between them. */

import { byteLayer } from './byte-layer.ts';
import { channelsOf, dense, filled, mapChannels } from './channel-affine.ts';
import { flagOf, numberOf, textsOf } from './node-attributes.ts';
import { activate, computedOf } from './ops-activation.ts';
import { convolution, depthwise } from './ops-convolution.ts';
import { inBrackets, known } from './sizes.ts';
import type { GraphNode } from './tensorflow-graph.ts';
import { type Affine, type Constant, constant, type Traced, type ValueWriter } from './traced-value.ts';

export function matMul(w: ValueWriter, node: GraphNode, [a, b]: readonly [Traced, Traced]): Traced {
  const [turnA, turnB] = [flagOf(node, 'transpose_a'), flagOf(node, 'transpose_b')];
  const [rows, inner] = turnA ? a.shape.toReversed() : a.shape;
  const [columns, outputs] = turnB ? b.shape.toReversed() : b.shape;
  if (a.shape.length !== 2 || b.shape.length !== 2 || inner !== columns) {
    throw new RangeError(`a product of ${inBrackets(a.shape)} and ${inBrackets(b.shape)}`);
  }
  if (b.kind === 'constant' && !turnA) {
    return dense(w, a, turnB ? transposed(b) : b, (shift) => {
      const weights = (turnB ? b : transposed(b)).data as Float32Array;
      return byteLayer(
        w,
        node,
        [known(outputs, 'number of outputs'), known(inner, 'number of inputs')],
        weights,
        shift,
      );
    });
  }
  const turns = { transA: Number(turnA), transB: Number(turnB) };
  return w.computed(w.g.node('Gemm', [w.plain(a), w.plain(b)], turns), [rows!, outputs!]);
}

export function biasAdd(w: ValueWriter, _node: GraphNode, [x, bias]: readonly Traced[]): Affine {
  return addBias(w, x!, bias!);
}

/** Inputs: x, gamma, beta, mean, variance. */
export function fusedBatchNorm(w: ValueWriter, node: GraphNode, inputs: readonly Traced[]): Affine {
  // TensorFlow's own default for the attribute is true; frozen graphs of networks that are done learning say false.
  if (node.attributes.get('is_training') === true) throw new RangeError('it is still training');
  const [x, gamma, beta, mean, variance] = inputs;
  return batchNorm(w, x!, { gamma, beta, mean, variance }, numberOf(node, 'epsilon', 0.0001));
}

/** The batch norm of 2015. Inputs: x, mean, variance, beta, gamma. */
export function globalBatchNorm(w: ValueWriter, node: GraphNode, inputs: readonly Traced[]): Affine {
  const [x, mean, variance, beta, gamma] = inputs;
  const scaled = flagOf(node, 'scale_after_normalization') ? { gamma } : {};
  return batchNorm(w, x!, { ...scaled, beta, mean, variance }, numberOf(node, 'variance_epsilon', 0.001));
}

/** Convolution or dense layer, then what `fused_ops` lists; `args` are the inputs after the weights. */
export function fused(w: ValueWriter, node: GraphNode, inputs: readonly Traced[]): Traced {
  const [x, weights, ...args] = inputs as [Traced, Traced, ...Traced[]];
  let value: Traced = layerOf(w, node, x, weights);
  for (const op of textsOf(node, 'fused_ops')) {
    if (op === 'BiasAdd') value = addBias(w, value, args.shift()!);
    else if (op === 'FusedBatchNorm') {
      const [gamma, beta, mean, variance] = args.splice(0, 4);
      value = batchNorm(w, value, { gamma, beta, mean, variance }, numberOf(node, 'epsilon', 0.0001));
    } else value = activate(w, node, op, value, args[0]);
  }
  return value;
}

function layerOf(w: ValueWriter, node: GraphNode, x: Traced, weights: Traced): Traced {
  if (node.op.includes('MatMul')) return matMul(w, node, [x, weights]);
  return node.op.includes('Depthwise') ? depthwise(w, node, x, weights) : convolution(w, node, x, weights);
}

interface Norm {
  readonly gamma?: Traced | undefined;
  readonly beta: Traced | undefined;
  readonly mean: Traced | undefined;
  readonly variance: Traced | undefined;
}

/** y = (x − mean) / √(variance + epsilon) · gamma + beta. */
function batchNorm(w: ValueWriter, x: Traced, norm: Norm, epsilon: number): Affine {
  const values = (name: keyof Norm): Float64Array => channelsOf(norm[name], x, name);
  const [beta, mean, variance] = [values('beta'), values('mean'), values('variance')];
  const gamma = norm.gamma ? values('gamma') : filled(beta.length, 1);
  const scale = gamma.map((value, i) => value / Math.sqrt(variance[i]! + epsilon));
  return mapChannels(w, operandOf(w, x), {
    scale,
    shift: beta.map((value, i) => value - mean[i]! * scale[i]!),
  });
}

function addBias(w: ValueWriter, x: Traced, bias: Traced): Affine {
  const shift = channelsOf(bias, x, 'bias');
  return mapChannels(w, operandOf(w, x), { scale: filled(shift.length, 1), shift });
}

function operandOf(w: ValueWriter, x: Traced): Exclude<Traced, Constant> {
  return x.kind === 'constant' ? computedOf(w, x) : x;
}

function transposed({ shape, data }: Constant): Constant {
  const [rows, columns] = shape as [number, number];
  const turned = new Float32Array(data.length);
  for (let j = 0, to = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) turned[to++] = data[i * columns + j]!;
  }
  return constant('float', [columns, rows], turned);
}
