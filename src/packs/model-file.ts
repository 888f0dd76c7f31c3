/** Model files as people have them: TensorFlow's `.pb`, TensorFlow.js' `model.json`, ONNX; and files of labels. */

import { dirname, extname, join } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';
import { readOnnx } from '../models/graph/reader.ts';
import { readLabels } from '../models/imagenet-labels.ts';
import type { PictureGraph } from '../models/picture-pack.ts';
import { readPlainFile } from '../runtime/plain-file.ts';

export interface ModelFile {
  readonly path: string;
  readonly format: PictureGraph['format'];
  readonly bytes: Uint8Array;
  /** The files of its weights, by their paths below its folder: of TensorFlow.js alone. */
  readonly weights: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  /** The kind of model that whosin wrote into it: `people` or `pictures`. */
  readonly kind?: string;
}

/** Throws `not-found` or `not-a-model`. */
export async function readModelFile(path: string): Promise<ModelFile> {
  const bytes = await readBytes(path);
  const format = formatOf(path, bytes);
  const weights = format === 'tensorflow-js' ? await readShards(path, bytes) : [];
  const kind = format === 'onnx' ? readOnnx(bytes, path).metadata('whosin.kind') : undefined;
  return { path, format, bytes, weights, ...(kind !== undefined && { kind }) };
}

/** One label a line; of the two files of Inception v3, the `.pbtxt` is named and the other lies beside it. */
export async function readLabelsFile(path: string): Promise<readonly string[]> {
  const paths = [path];
  if (extname(path) === '.pbtxt') paths.push(join(dirname(path), 'imagenet_synset_to_human_label_map.txt'));
  return readLabels(
    await Promise.all(
      paths.map(async (file) => ({ path: file, text: new TextDecoder().decode(await readBytes(file)) })),
    ),
  );
}

/** Throws `not-found` where it is no file that can be read whole. */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readPlainFile(path);
  } catch (error) {
    throw new WhosinError('not-found', `Cannot read ${path}: ${reasonOf(error)}.`, { cause: error, path });
  }
}

/** ONNX begins with its version, a GraphDef with its first node, JSON with a brace. */
function formatOf(path: string, bytes: Uint8Array): ModelFile['format'] {
  if (bytes.length === 0) throw WhosinError.about('not-a-model', path, 'is empty (0 bytes)');
  if (bytes[0] === 0x7b) return 'tensorflow-js';
  if (extname(path) === '.pbtxt') {
    throw new WhosinError('not-a-model', `${path} is a graph as text: whosin reads the binary form, .pb.`);
  }
  return bytes[0] === 0x0a || extname(path) === '.pb' ? 'tensorflow' : 'onnx';
}

/** The weight files of a TensorFlow.js model, which lie beside it or below. */
async function readShards(path: string, json: Uint8Array): Promise<ModelFile['weights']> {
  const { weightFiles } = await import('../models/graph/tensorflow/tfjs-graph.ts');
  const paths = weightFiles(new TextDecoder().decode(json), path);
  const isInside = (shard: string): boolean => shard.split('/').every((part) => !/^\.*$|[\\:\0]/.test(part));
  if (!paths.every(isInside)) {
    throw new WhosinError('not-a-model', `${path} names a weight file outside its folder.`);
  }
  return Promise.all(
    paths.map(async (shard) => ({ path: shard, bytes: await readBytes(join(dirname(path), shard)) })),
  );
}
