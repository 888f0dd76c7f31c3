/** An ONNX embedder of faces as a graph that takes bytes of RGB pixels. */

import { TensorProto_DataType as DataType } from './onnx_pb.ts';
import { cutOnnx, type TakenInput } from './onnx-cut.ts';
import type { Dimension } from './writer.ts';

/**
 * One list of values for each picture, [n, size]; as many pictures at a time as the graph was written for.
 *
 * @throws WhosinError `not-a-model`, `not-found` or `bad-weights`
 */
export function compileOnnxEmbedder(
  bytes: Uint8Array,
  file: string,
  input: TakenInput,
  output: { readonly node: string; readonly batch: Dimension; readonly size: number },
): Uint8Array {
  return cutOnnx(bytes, {
    file,
    input,
    pictures: 'faces',
    nodes: [output.node],
    outputs: [{ name: 'embeddings', sizes: [output.batch, output.size] }],
    tail: (g, [name]) => [g.node('Flatten', [g.node('Cast', [name!], { to: DataType.FLOAT })], { axis: 1 })],
  });
}
