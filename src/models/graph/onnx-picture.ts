/**
 * Any ONNX classifier as a graph that takes bytes of RGB pixels; a softmax is put behind it where it ends in logits.
 */

import type { PictureOutput, PicturePack } from '../picture-pack.ts';
import { TensorProto_DataType as DataType } from './onnx_pb.ts';
import { type Added, cutOnnx } from './onnx-cut.ts';

/** As `compilePicture` says; throws `not-a-model`, `not-found` or `bad-weights`. */
export function compileOnnxPicture(pack: PicturePack, bytes: Uint8Array, output: PictureOutput): Uint8Array {
  const file = pack.graph.files[0].path;
  const bottleneck = output === 'bottleneck';
  const size = bottleneck ? pack.bottleneck!.size : pack.scores!.labels.length;
  return cutOnnx(bytes, {
    file,
    input: pack.input,
    pictures: 'pictures',
    nodes: bottleneck ? pack.bottleneck!.nodes : [pack.scores!.node],
    outputs: [{ name: output, sizes: ['n', size] }],
    tail: (g, names) => [bottleneck ? pooled(g, names) : scored(g, pack, names[0]!)],
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

function scored(g: Added, { scores }: PicturePack, name: string): string {
  const flat = g.node('Flatten', [g.node('Cast', [name], { to: DataType.FLOAT })], { axis: 1 });
  return scores!.logits ? g.node('Softmax', [flat], { axis: 1 }) : flat;
}
