/**
 * The loss of a softmax layer and its gradient as an ONNX graph: the products of large matrices, where a fit
 * spends its time, then run as fast as the processor can.
 */

import { GraphWriter } from '../models/graph/writer.ts';

/**
 * Inputs `inputs` float32 [n, size], `labels` int64 [n], `shares` float32 [n] (how much of the loss each example
 * is, together 1), `weights` float32 [size, classes], `bias` float32 [classes]. Outputs `loss` float32 [], the
 * cross-entropy in nats; `weightsGradient` and `biasGradient`.
 */
export function writeSoftmaxObjective(size: number, classes: number): Uint8Array {
  const g = new GraphWriter('softmax-objective');
  const inputs = g.input('inputs', 'float32', ['n', size]);
  const labels = g.input('labels', 'int64', ['n']);
  const shares = g.input('shares', 'float32', ['n']);
  const weights = g.input('weights', 'float32', [size, classes]);
  const bias = g.input('bias', 'float32', [classes]);
  const logits = g.node('Gemm', [inputs, weights, bias]);
  const logs = g.node('LogSoftmax', [logits], { axis: 1 });
  const right = g.node('OneHot', [labels, g.ints([1], [classes]), g.floats([2], [0, 1])], { axis: 1 });
  const column = g.node('Unsqueeze', [shares, g.ints([1], [1])]);
  const ofRight = g.node('Mul', [g.node('Mul', [logs, right]), column]);
  const loss = g.node('Neg', [g.node('ReduceSum', [ofRight], { keepdims: 0 })]);
  const error = g.node('Mul', [g.node('Sub', [g.node('Exp', [logs]), right]), column]);
  g.output('loss', loss, 'float32', []);
  g.output('weightsGradient', g.node('Gemm', [inputs, error], { transA: 1 }), 'float32', [size, classes]);
  g.output('biasGradient', g.node('ReduceSum', [error, g.ints([1], [0])], { keepdims: 0 }), 'float32', [
    classes,
  ]);
  return g.toBytes();
}
