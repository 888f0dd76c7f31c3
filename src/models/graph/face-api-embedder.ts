/**
 * The ResNet-34 face embedding of dlib (Davis King, dlib_face_recognition_resnet_model_v1, CC0) as face-api
 * carries it. Architecture: dlib's examples/dnn_face_recognition_ex.cpp.
 */

import { conv, dense, prepareRgb, relu } from './layers.ts';
import type { Weights } from './weights-manifest.ts';
import { GraphWriter, type Value } from './writer.ts';

/** Mean red, green, blue of dlib's training faces. */
const dlibMean = [122.782, 117.001, 104.298] as const;

/** `faces` uint8 [n, 150, 150, 3] → `embeddings` float32 [n, 128], not yet of unit length. */
export function writeEmbedder(weights: Weights): Uint8Array {
  const g = new GraphWriter('face-embedding');
  const faces = g.input('faces', 'uint8', ['n', 150, 150, 3]);
  let x = prepareRgb(g, faces, dlibMean, 1 / 255);
  x = relu(g, scaledConv(g, weights, x, 'conv32_down', 2, 'valid'));
  x = g.node('MaxPool', [x], { kernel_shape: [3, 3], strides: [2, 2] });
  for (const block of ['conv32_1', 'conv32_2', 'conv32_3']) x = residual(g, weights, x, block);
  x = residualDown(g, weights, x, 'conv64_down', 32);
  for (const block of ['conv64_1', 'conv64_2', 'conv64_3']) x = residual(g, weights, x, block);
  x = residualDown(g, weights, x, 'conv128_down', 64);
  for (const block of ['conv128_1', 'conv128_2']) x = residual(g, weights, x, block);
  x = residualDown(g, weights, x, 'conv256_down', 128);
  for (const block of ['conv256_1', 'conv256_2']) x = residual(g, weights, x, block);
  x = residualDown(g, weights, x, 'conv256_down_out', 0);
  const pooled = g.node('Flatten', [g.node('GlobalAveragePool', [x])], { axis: 1 });
  g.output('embeddings', dense(g, pooled, weights('fc')), 'float32', ['n', 128]);
  return g.toBytes();
}

/** A convolution with dlib's `affine` layer (batch norm at test time) folded in. */
function scaledConv(
  g: GraphWriter,
  weights: Weights,
  x: Value,
  name: string,
  stride: number,
  padding: 'same' | 'valid',
): Value {
  return conv(g, x, weights(`${name}/conv/filters`), {
    stride,
    padding,
    bias: weights(`${name}/conv/bias`).data,
    affine: { scale: weights(`${name}/scale/weights`).data, shift: weights(`${name}/scale/biases`).data },
  });
}

function residual(g: GraphWriter, weights: Weights, x: Value, name: string): Value {
  const y = relu(g, scaledConv(g, weights, x, `${name}/conv1`, 1, 'same'));
  return relu(g, g.node('Add', [scaledConv(g, weights, y, `${name}/conv2`, 1, 'same'), x]));
}

/**
 * A residual block that halves the picture. The shortcut is an average pool; where the block has more
 * channels than its input, dlib fills the shortcut with channels of zeros, and where the pooled shortcut is
 * larger by a row and a column (an odd input), it fills the block with zeros below and to the right.
 */
function residualDown(
  g: GraphWriter,
  weights: Weights,
  x: Value,
  name: string,
  addedChannels: number,
): Value {
  const y = relu(g, scaledConv(g, weights, x, `${name}/conv1`, 2, 'valid'));
  const block = scaledConv(g, weights, y, `${name}/conv2`, 1, 'same');
  const pooled = g.node('AveragePool', [x], { kernel_shape: [2, 2], strides: [2, 2] });
  const shortcut =
    addedChannels === 0 ? pooled : g.node('Pad', [pooled, g.ints([8], [0, 0, 0, 0, 0, addedChannels, 0, 0])]);
  const missing = g.node('Sub', [g.node('Shape', [shortcut]), g.node('Shape', [block])]);
  const pads = g.node('Concat', [g.ints([4], [0, 0, 0, 0]), missing], { axis: 0 });
  return relu(g, g.node('Add', [shortcut, g.node('Pad', [block, pads])]));
}
