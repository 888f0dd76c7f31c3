/**
 * The 68-point landmark network of face-api (Vincent Mühler, face_landmark_68_model, MIT): four dense blocks
 * of separable convolutions. Points in the order of iBUG 300-W.
 */

import { dlibMean } from './face-api-embedder.ts';
import { conv, dense, depthwise, prepareRgb, relu } from './layers.ts';
import type { Weights } from './weights-manifest.ts';
import { GraphWriter, type Value } from './writer.ts';

/** `faces` uint8 [n, 112, 112, 3] → `landmarks` float32 [n, 136]: x, y of each point as fractions of the chip. */
export function writeLandmarks(weights: Weights): Uint8Array {
  const g = new GraphWriter('face-landmarks');
  const faces = g.input('faces', 'uint8', ['n', 112, 112, 3]);
  let x = prepareRgb(g, faces, dlibMean, 1 / 255);
  for (const block of ['dense0', 'dense1', 'dense2', 'dense3']) x = denseBlock(g, weights, x, block);
  const pooled = g.node('AveragePool', [x], { kernel_shape: [7, 7], strides: [2, 2] });
  const features = g.node('Flatten', [pooled], { axis: 1 });
  const points = dense(g, features, weights('fc/weights'), weights('fc/bias'));
  g.output('landmarks', points, 'float32', ['n', 136]);
  return g.toBytes();
}

function denseBlock(g: GraphWriter, weights: Weights, x: Value, name: string): Value {
  const separable = (input: Value, layer: string, stride: number): Value => {
    const filtered = depthwise(g, input, weights(`${layer}/depthwise_filter`), { stride });
    return conv(g, filtered, weights(`${layer}/pointwise_filter`), { bias: weights(`${layer}/bias`).data });
  };
  const first =
    name === 'dense0'
      ? conv(g, x, weights(`${name}/conv0/filters`), {
          stride: 2,
          bias: weights(`${name}/conv0/bias`).data,
        })
      : separable(x, `${name}/conv0`, 2);
  const out1 = relu(g, first);
  const out2 = separable(out1, `${name}/conv1`, 1);
  const sum2 = g.node('Add', [out1, out2]);
  const out3 = separable(relu(g, sum2), `${name}/conv2`, 1);
  const sum3 = g.node('Add', [sum2, out3]);
  const out4 = separable(relu(g, sum3), `${name}/conv3`, 1);
  return relu(g, g.node('Add', [sum3, out4]));
}
