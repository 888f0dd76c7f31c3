/** `project` of the two-covariance model as nodes of an ONNX graph, and its numbers as named tensors. */

import type { GraphWriter, Value } from '../../models/graph/writer.ts';
import { crowdFactor, leastNoise, noisePower, type TwoCovariance } from './two-covariance.ts';

/** @param embeddings [n × d]; @returns [n × k] */
export function writeProjection(
  g: GraphWriter,
  { mean, basis, between, noise, crowd }: TwoCovariance,
  embeddings: Value,
): Value {
  const [d, k] = [mean.length, between.length];
  const centred = g.node('Sub', [embeddings, g.floats([d], mean, 'background.mean')]);
  const placed = g.node('MatMul', [centred, g.floats([d, k], basis, 'background.basis')]);
  const z = noise ? writeQuietened(g, placed, noise) : placed;
  if (!crowd) return z;
  const clusters = crowd.constant.length;
  const squares = g.node('MatMul', [
    g.node('Mul', [z, z]),
    g.floats([k, 1], crowd.quadratic, 'crowd.quadratic'),
  ]);
  const terms = g.node(
    'Gemm',
    [
      z,
      g.floats([clusters, k], crowd.linear, 'crowd.linear'),
      g.floats([clusters], crowd.constant, 'crowd.constant'),
    ],
    { transB: 1 },
  );
  const near = g.node('ReduceLogSumExp', [terms], { axes: [1], keepdims: 1 });
  const toLast = Float32Array.from({ length: k }, (_, j) => (j === k - 1 ? crowdFactor : 0));
  const last = g.node('MatMul', [g.node('Add', [squares, near]), g.floats([1, k], toLast)]);
  return g.node('Add', [z, last]);
}

function writeQuietened(g: GraphWriter, z: Value, noise: Float32Array): Value {
  const sum = g.node('MatMul', [
    g.node('Mul', [z, z]),
    g.floats([noise.length, 1], noise, 'background.noise'),
  ]);
  const bounded = g.node('Max', [sum, g.floats([], [leastNoise])]);
  return g.node('Mul', [z, g.node('Pow', [bounded, g.floats([], [-noisePower])])]);
}
