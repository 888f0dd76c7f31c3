/** An ONNX embedder of faces as a graph that takes bytes of RGB pixels. */

import { type EmbedderParts, embedderSide } from '../face-parts.ts';
import { TensorProto_DataType as DataType } from './onnx_pb.ts';
import { cutOnnx } from './onnx-cut.ts';

/**
 * One list of values for each face, [n, size]; as many faces at a time as the graph was written for.
 *
 * @throws WhosinError `not-a-model`, `not-found` or `bad-weights`
 */
export function compileOnnxEmbedder(
  { input, output, batch, size, preparation }: EmbedderParts,
  [bytes]: readonly Uint8Array[],
  file: string,
): Uint8Array {
  return cutOnnx(bytes!, {
    file,
    input: { node: input, width: embedderSide, height: embedderSide, preparation },
    pictures: 'faces',
    nodes: [output],
    outputs: [{ name: 'embeddings', sizes: [batch, size] }],
    tail: (g, [name]) => [g.node('Flatten', [g.node('Cast', [name!], { to: DataType.FLOAT })], { axis: 1 })],
  });
}
