/**
 * Any ONNX classifier as a graph that takes bytes of RGB pixels; a softmax is put behind it where it ends in logits.
 */

import type { PictureRequest } from '../picture-pack.ts';
import { TensorProto_DataType as DataType } from './onnx_pb.ts';
import { type Added, cutOnnx } from './onnx-cut.ts';

/** As `compilePicture` says; throws `not-a-model`, `not-found` or `bad-weights`. */
export function compileOnnxPicture(
  { input, width, height, output, nodes, values, logits }: PictureRequest,
  [bytes, ...weights]: readonly Uint8Array[],
  file: string,
): Uint8Array {
  return cutOnnx(bytes!, {
    file,
    weights,
    input: { ...input, width, height },
    pictures: 'pictures',
    oneByOne: true,
    nodes,
    outputs: [{ name: output, sizes: ['n', values!] }],
    tail: (g, names) => [output === 'bottleneck' ? pooled(g, names) : scored(g, names[0]!, logits)],
  });
}

/** [n, channels, …] becomes the mean of each channel, [n, channels]. */
function pooled(g: Added, names: readonly string[]): string {
  const rows = names.map((name) => {
    const floats = g.node('Cast', [name], { to: DataType.FLOAT });
    const flat = g.node('Reshape', [floats, g.ints([0, 0, -1])]);
    return g.node('Flatten', [g.node('GlobalAveragePool', [flat])], { axis: 1 });
  });
  return rows.length === 1 ? rows[0]! : g.node('Concat', rows, { axis: 1 });
}

function scored(g: Added, name: string, logits: true | undefined): string {
  const flat = g.node('Flatten', [g.node('Cast', [name], { to: DataType.FLOAT })], { axis: 1 });
  return logits ? g.node('Softmax', [flat], { axis: 1 }) : flat;
}
