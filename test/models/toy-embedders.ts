/**
 * Embedders made in code with the inputs and outputs of real files: as InsightFace's w600k_r50.onnx (any number of
 * faces, −1 to 1), and as OpenCV Zoo's face_recognition_sface_2021dec.onnx (one face, prepared in the graph).
 * Between the two lies a coarse look at the face, projected at random: enough to know the same photo again.
 */

import { seededRandom } from '../../src/core/random.ts';
import { type Dimension, GraphWriter, type Value } from '../../src/models/graph/writer.ts';

export const toyEmbedders = {
  arcface: { input: 'input.1', output: '683', batch: 'n', values: 512 },
  sface: { input: 'data', output: 'fc1', batch: 1, values: 128 },
} as const;

export function toyEmbedder(family: keyof typeof toyEmbedders): Uint8Array {
  const { input, output, batch, values } = toyEmbedders[family];
  return writeEmbedder(input, output, [batch, 3, 112, 112], values, family === 'sface');
}

/** @param sizes of the input */
export function writeEmbedder(
  input: string,
  output: string,
  sizes: readonly Dimension[],
  values: number,
  preparesItself = false,
  contrast = 1,
): Uint8Array {
  const g = new GraphWriter('toy-embedder');
  const faces = g.input(input, 'float32', sizes);
  const pooled = g.node('AveragePool', [preparesItself ? prepared(g, faces) : faces], {
    kernel_shape: [8, 8],
    strides: [8, 8],
  });
  const flat = g.node('Flatten', [pooled], { axis: 1 });
  const cells = 3 * Math.floor(Number(sizes[2]) / 8) * Math.floor(Number(sizes[3]) / 8);
  const random = seededRandom(5);
  const weights = Float32Array.from(
    { length: cells * values },
    () => (contrast * (random() - 0.5)) / Math.sqrt(cells),
  );
  const embedding = g.node('MatMul', [flat, g.floats([cells, values], weights)]);
  g.output(output, embedding, 'float32', [sizes[0]!, values]);
  return g.toBytes();
}

function prepared(g: GraphWriter, faces: Value): Value {
  const centred = g.node('Sub', [faces, g.floats([], [127.5])]);
  return g.node('Mul', [centred, g.floats([], [1 / 128])]);
}
