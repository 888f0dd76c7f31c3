/** Model files as people have them: of TensorFlow, TensorFlow.js, Keras, ONNX; and files of labels. */

import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';
import { readOnnx } from '../models/graph/read-onnx.ts';
import { parseOnnx } from '../models/graph/reader.ts';
import { isTflite } from '../models/graph/tflite/tflite-model.ts';
import { readLabels } from '../models/imagenet-labels.ts';
import { labelText } from '../models/label-list.ts';
import type { PictureGraph } from '../models/picture-pack.ts';
import { readPlainFile } from '../runtime/plain-file.ts';
import { modelIn } from './model-folder.ts';

export interface ModelFile {
  readonly path: string;
  readonly format: PictureGraph['format'];
  readonly bytes: Uint8Array;
  /** The files of its weights, by their paths below its folder: of formats that have them apart. */
  readonly weights: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  /** The kind of model that whosin wrote into it: `people` or `pictures`. */
  readonly kind?: string;
}

/** @param given a file, or a folder that holds one model; throws `not-found`, `not-a-model`, or `usage` */
export async function readModelFile(given: string): Promise<ModelFile> {
  const path = await modelIn(given);
  const bytes = await readBytes(path);
  const format = formatOf(path, bytes);
  const weights = await readWeightFiles(path, format, bytes);
  const kind = format === 'onnx' ? readOnnx(bytes, path).metadata('whosin.kind') : undefined;
  return { path, format, bytes, weights, ...(kind !== undefined && { kind }) };
}

/** Reads a list; of the two files of Inception v3, the `.pbtxt` is named and the other lies beside it. */
export async function readLabelsFile(path: string): Promise<readonly string[]> {
  const paths = [path];
  if (extname(path) === '.pbtxt') paths.push(join(dirname(path), 'imagenet_synset_to_human_label_map.txt'));
  return readLabels(
    await Promise.all(paths.map(async (file) => ({ path: file, text: labelText(await readBytes(file)) }))),
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

/** The first bytes of HDF5, and of a ZIP. */
const signatures = { 'keras-hdf5': [0x89, 0x48, 0x44, 0x46], keras: [0x50, 0x4b, 0x03, 0x04] } as const;

/** ONNX begins with its version, a GraphDef with its first node, JSON with a brace. */
function formatOf(path: string, bytes: Uint8Array): ModelFile['format'] {
  if (bytes.length === 0) throw WhosinError.about('not-a-model', path, 'is empty (0 bytes)');
  for (const format of ['keras-hdf5', 'keras'] as const) {
    if (signatures[format].every((byte, i) => bytes[i] === byte)) return format;
  }
  if (bytes[0] === 0x7b) return 'tensorflow-js';
  if (isTflite(bytes)) return 'tflite';
  if (basename(path) === 'saved_model.pb') return 'saved-model';
  if (extname(path) === '.pbtxt') {
    throw new WhosinError('not-a-model', `${path} is a graph as text: whosin reads the binary form, .pb.`);
  }
  return bytes[0] === 0x0a || extname(path) === '.pb' ? 'tensorflow' : 'onnx';
}

async function readWeightFiles(
  path: string,
  format: ModelFile['format'],
  bytes: Uint8Array,
): Promise<ModelFile['weights']> {
  if (format === 'tensorflow-js') return readShards(path, bytes);
  if (format === 'saved-model') return readVariables(path);
  return format === 'onnx' ? readExternal(path, bytes) : [];
}

/** Weights of an ONNX file that lie beside it. */
async function readExternal(path: string, bytes: Uint8Array): Promise<ModelFile['weights']> {
  const { externalFiles } = await import('../models/graph/onnx-external.ts');
  return Promise.all(
    externalFiles(parseOnnx(bytes, path), path).map(async (name) => ({
      path: name,
      bytes: await readBytes(join(dirname(path), name)),
    })),
  );
}

/** The variables of a SavedModel: their list, then their bytes; none if it is frozen. */
async function readVariables(path: string): Promise<ModelFile['weights']> {
  const names: readonly string[] = await readdir(join(dirname(path), 'variables')).catch(() => []);
  const data = names.filter((name) => name.startsWith('variables.data-')).toSorted();
  if (!names.includes('variables.index')) return [];
  return Promise.all(
    ['variables.index', ...data].map(async (name) => ({
      path: `variables/${name}`,
      bytes: await readBytes(join(dirname(path), 'variables', name)),
    })),
  );
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
