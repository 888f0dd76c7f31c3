/** A model of pictures as one file that any ONNX runtime can run: picture in, probabilities out. */

import { writePicture } from '../models/graph/compile-picture.ts';
import { readGraph } from '../models/graph/read-graph.ts';
import { cropCentre, resizePicture } from '../models/graph/resize-picture.ts';
import { GraphWriter } from '../models/graph/writer.ts';
import { type PicturePack, pictureRequest } from '../models/picture-pack.ts';
import { nameOf, readVerified } from '../runtime/weight-files.ts';
import { type PictureModel, writeAnswer } from './picture-model.ts';

/**
 * Input `picture` uint8 [n, height, width, 3], RGB of any size; output `probabilities` float32 [n, labels].
 *
 * @param pack the backbone that the model was trained on
 */
export async function exportPictureModel(model: PictureModel, pack: PicturePack): Promise<Uint8Array> {
  const files = await Promise.all(pack.graph.files.map(readVerified));
  const g = new GraphWriter('whosin-pictures');
  const picture = g.input('picture', 'uint8', ['n', 'height', 'width', 3]);
  const planes = g.node('Transpose', [g.node('Cast', [picture], { to: 1 })], { perm: [0, 3, 1, 2] });
  const request = pictureRequest(pack, 'bottleneck');
  const seen = pack.input.crop ? cropCentre(g, planes, request) : planes;
  const resized = resizePicture(g, seen, request, pack.input.resize);
  const graph = await readGraph(pack.graph.format, files, nameOf(pack.graph.files[0]!));
  const [bottleneck] = writePicture(g, request, graph, resized);
  writeAnswer(g, model, bottleneck!.value);
  return g.toBytes();
}
