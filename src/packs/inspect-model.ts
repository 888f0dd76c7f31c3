/** Shows what a foreign model file tells about itself, and how each fact is known. */

import { layerSizes } from '../models/graph/compile-picture.ts';
import type { KnownParts } from '../models/graph/picture-parts.ts';
import { readGraph } from '../models/graph/read-graph.ts';
import { layersToTrainOn } from '../models/graph/tensorflow/bottleneck-layers.ts';
import type { PicturePack } from '../models/picture-pack.ts';
import { foreignPack } from './foreign-pack.ts';
import { type ModelFile, readModelFile } from './model-file.ts';
import { labelsFor } from './model-labels.ts';

export interface InspectedModel {
  readonly path: string;
  readonly format: ModelFile['format'];
  readonly pack: PicturePack;
  /** The node that gives the scores, whether there are labels for them or not. */
  readonly output: { readonly node: string; readonly logits: boolean };
  /** Layers that a head of one's own can be put on, the last one first. */
  readonly layers: readonly { readonly node: string; readonly size: number }[];
}

/** @throws WhosinError as `readModelFile`, and if the file does not tell enough: what to name */
export async function inspectModel(
  path: string,
  labels: string | undefined,
  known: KnownParts,
): Promise<InspectedModel> {
  const file = await readModelFile(path);
  const { side, ...found } = await labelsFor(file, labels);
  const { pack, output, logits } = await foreignPack(file, {
    name: 'model',
    bottleneck: true,
    side,
    ...found,
    known,
  });
  return {
    path: file.path,
    format: file.format,
    pack,
    output: { node: output, logits },
    layers: await layersOf(file, pack, output),
  };
}

async function layersOf(
  { format, path, bytes, weights }: ModelFile,
  { bottleneck, input }: PicturePack,
  output: string,
): Promise<InspectedModel['layers']> {
  const own = bottleneck ? [{ node: bottleneck.nodes[0]!, size: bottleneck.size }] : [];
  if (format === 'onnx') return own;
  const graph = await readGraph(format, [bytes, ...weights.map((each) => each.bytes)], path);
  const nodes = layersToTrainOn(graph, output);
  const sizes = layerSizes({ name: path, format, ...input, input, output: 'bottleneck', nodes }, graph);
  const others = nodes.map((node, i) => ({ node, size: sizes[i]! }));
  return [...own, ...others.filter(({ node }) => node !== own[0]?.node)];
}
