/** A model file that came without a manual, as a pack: TensorFlow's `.pb`, TensorFlow.js' `model.json`, ONNX. */

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';
import { layerSizes } from '../models/graph/compile-picture.ts';
import { onnxParts } from '../models/graph/onnx-parts.ts';
import type { KnownParts, PictureParts } from '../models/graph/picture-parts.ts';
import { readOnnx } from '../models/graph/reader.ts';
import { readGraphDef } from '../models/graph/tensorflow/tensorflow-graph.ts';
import { tensorFlowParts } from '../models/graph/tensorflow/tensorflow-parts.ts';
import { readTfjsGraph } from '../models/graph/tensorflow/tfjs-graph.ts';
import { readInceptionLabels, readLabelLines } from '../models/imagenet-labels.ts';
import type { PicturePack } from '../models/picture-pack.ts';

export interface ModelFile {
  readonly path: string;
  readonly format: PicturePack['graph']['format'];
  /** The file, and for TensorFlow.js its weights as one. */
  readonly contents: readonly [Uint8Array] | readonly [Uint8Array, Uint8Array];
  /** What whosin wrote into it: `people` or `pictures`. */
  readonly kind?: string;
}

/** Node reads no larger file at once. */
const maxBytes = 2 ** 31 - 1;

/** Throws `not-found` or `not-a-model`. */
export async function readModelFile(path: string): Promise<ModelFile> {
  const bytes = await readBytes(path);
  const format = formatOf(path, bytes);
  if (format === 'tensorflow-js') return { path, format, contents: [bytes, await readShards(path, bytes)] };
  const kind = format === 'onnx' ? readOnnx(bytes, path).metadata('whosin.kind') : undefined;
  return { path, format, contents: [bytes], ...(kind !== undefined && { kind }) };
}

export interface ForeignOptions {
  /** For files of its name, and for messages. */
  readonly name: string;
  readonly labels?: readonly string[];
  readonly known?: KnownParts;
  /** Look for the layer that a new head could be put on: takes a moment with large graphs. */
  readonly bottleneck?: boolean;
}

/** Throws `usage`, `not-found` or `bad-weights` where the graph does not say enough, or not what it should. */
export function foreignPack(file: ModelFile, options: ForeignOptions): PicturePack {
  const { name, labels, known } = options;
  const parts = partsOf(file, known);
  const files = file.contents.map((bytes, i) => ({
    folder: dirname(file.path),
    path: i === 0 ? basename(file.path) : 'weights.bin',
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));
  const { input, size, preparation, output, logits, bottleneck, bottleneckSize } = parts;
  const pack: PicturePack = {
    name,
    licence: 'not known to whosin',
    source: file.path,
    graph: { format: file.format, files } as unknown as PicturePack['graph'],
    // TensorFlow's networks of that time were trained with its bilinear resize, PyTorch's with one that skips nothing.
    input: {
      node: input,
      ...size,
      preparation,
      resize: file.format === 'tensorflow' ? 'bilinear' : 'lanczos',
    },
    ...(labels && { scores: { node: output, labels, ...(logits && { logits }) } }),
  };
  if (!options.bottleneck || bottleneck === undefined) return pack;
  const nodes = [bottleneck];
  const width = bottleneckSize ?? layerSizes(pack, file.contents, nodes);
  return { ...pack, bottleneck: { nodes, size: width } };
}

function partsOf(
  file: ModelFile,
  known: KnownParts | undefined,
): PictureParts & { readonly bottleneckSize?: number } {
  const { path, format, contents } = file;
  const [bytes, weights] = contents;
  if (format === 'onnx') return onnxParts(bytes, path, known);
  const graph =
    format === 'tensorflow'
      ? readGraphDef(bytes, path)
      : readTfjsGraph(new TextDecoder().decode(bytes), weights!, path);
  return tensorFlowParts(graph, known);
}

/** One label a line; of the two files of Inception v3, the `.pbtxt` is named and the other lies beside it. */
export async function readLabelsFile(path: string): Promise<readonly string[]> {
  const read = async (file: string): Promise<string> => new TextDecoder().decode(await readBytes(file));
  const text = await read(path);
  if (extname(path) !== '.pbtxt') return readLabelLines(text, path);
  return readInceptionLabels(text, await read(join(dirname(path), 'imagenet_synset_to_human_label_map.txt')));
}

/** ONNX begins with its version, a GraphDef with its first node, JSON with a brace. */
function formatOf(path: string, bytes: Uint8Array): ModelFile['format'] {
  if (bytes.length === 0) throw new WhosinError('not-a-model', `${path} is empty (0 bytes).`);
  if (bytes[0] === 0x7b) return 'tensorflow-js';
  if (extname(path) === '.pbtxt') {
    throw new WhosinError('not-a-model', `${path} is a graph as text: whosin reads the binary form, .pb.`);
  }
  return bytes[0] === 0x0a || extname(path) === '.pb' ? 'tensorflow' : 'onnx';
}

/** The weight files of a TensorFlow.js model, which lie beside it or below. */
async function readShards(path: string, json: Uint8Array): Promise<Uint8Array> {
  let paths: unknown[];
  try {
    const { weightsManifest } = JSON.parse(new TextDecoder().decode(json)) as {
      weightsManifest: { paths: unknown[] }[];
    };
    paths = weightsManifest.flatMap((group) => group.paths);
  } catch (cause) {
    throw new WhosinError('not-a-model', `${path} is not a TensorFlow.js model, or it is cut off.`, {
      cause,
    });
  }
  const inside = (shard: unknown): shard is string =>
    typeof shard === 'string' && shard.split('/').every((part) => !/^\.*$|[\\:\0]/.test(part));
  const shards = paths.map((shard) => {
    if (!inside(shard))
      throw new WhosinError('not-a-model', `${path} names a weight file outside its folder.`);
    return readBytes(join(dirname(path), shard));
  });
  return Buffer.concat(await Promise.all(shards));
}

export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) throw new Error('it is a folder: name the file in it');
    if (info.size > maxBytes) throw new Error('it is larger than 2 GB');
    return await readFile(path);
  } catch (error) {
    throw new WhosinError('not-found', `Cannot read ${path}: ${reasonOf(error)}.`, { cause: error });
  }
}
