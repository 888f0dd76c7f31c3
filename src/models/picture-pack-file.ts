/**
 * A pack as a file, `pack.json` in its own folder. People may edit it, to name labels in their own language say,
 * so nothing in it is believed before it is used.
 */

import { reasonOf, WhosinError } from '../errors.ts';
import type { Preparation } from './graph/tensorflow/write-tensorflow.ts';
import type { FolderFile } from './pack.ts';
import type { PictureGraph, PictureInput, PicturePack } from './picture-pack.ts';

/** Raised where a file of this version could not be read by an earlier one. */
const schema = 1;

/** Larger pictures than any classifier takes, smaller than what would fill memory. */
const maxSide = 4096;

export function writePicturePack({ graph, ...pack }: PicturePack): string {
  const files = graph.files.map(({ path, sha256 }) => ({ path, sha256 }));
  return `${JSON.stringify({ schema, ...pack, graph: { ...graph, files } }, undefined, 1)}\n`;
}

/**
 * @param folder the folder of the file, which its paths are below
 * @throws WhosinError `bad-weights` naming the field that makes no sense
 */
export function readPicturePack(json: string, folder: string, file: string): PicturePack {
  const bad = (field: string): WhosinError =>
    new WhosinError(
      'bad-weights',
      `${file} is damaged: its "${field}" makes no sense. Pull or add the model again.`,
    );
  let pack: Fields;
  try {
    pack = fieldsOf(JSON.parse(json));
  } catch (error) {
    throw new WhosinError(
      'bad-weights',
      `${file} is damaged: ${reasonOf(error)}. Pull or add the model again.`,
      {
        cause: error,
      },
    );
  }
  const facesUse = {
    'face-embedder': 'embeds faces: it goes with whosin train',
    'face-detector': 'finds faces: it goes with --detector',
  };
  const use = facesUse[pack['kind'] as keyof typeof facesUse];
  if (use !== undefined) {
    const named = JSON.stringify(pack['name']);
    throw new WhosinError('usage', `The model ${named} ${use}, not with whole pictures.`);
  }
  if (pack['schema'] !== schema) throw bad('schema');
  const text = (field: string): string => {
    const value = pack[field];
    if (typeof value !== 'string') throw bad(field);
    return value;
  };
  const graph = graphOf(fieldsOf(pack['graph']), folder);
  if (graph === undefined) throw bad('graph');
  const input = inputOf(fieldsOf(pack['input']));
  if (input === undefined) throw bad('input');
  const { nodes, size } = fieldsOf(pack['bottleneck']);
  if (pack['bottleneck'] !== undefined && !(isTexts(nodes) && isSize(size, 1e6))) throw bad('bottleneck');
  const { node, labels, logits } = fieldsOf(pack['scores']);
  if (pack['scores'] !== undefined && !(typeof node === 'string' && isTexts(labels))) throw bad('scores');
  return {
    name: text('name'),
    licence: text('licence'),
    source: text('source'),
    graph,
    input,
    ...(pack['bottleneck'] !== undefined && {
      bottleneck: { nodes: nodes as string[], size: size as number },
    }),
    ...(pack['scores'] !== undefined && {
      scores: { node: node as string, labels: labels as string[], ...(logits === true && { logits }) },
    }),
  };
}

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function graphOf({ format, files }: Fields, folder: string): PictureGraph | undefined {
  if (!Array.isArray(files)) return undefined;
  const read = files.map((file) => fileOf(fieldsOf(file), folder));
  const [first, second] = read;
  if (first === undefined) return undefined;
  if (format === 'tensorflow-js')
    return second && read.length === 2 ? { format, files: [first, second] } : undefined;
  return (format === 'tensorflow' || format === 'onnx') && read.length === 1
    ? { format, files: [first] }
    : undefined;
}

/** A file of the pack; nothing where the fields name none, or one elsewhere. */
export function fileOf({ path, sha256 }: Fields, folder: string): FolderFile | undefined {
  if (typeof path !== 'string' || typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256))
    return undefined;
  return isInside(path) ? { folder, path, sha256 } : undefined;
}

/** Below the pack's own folder, on every system. */
function isInside(path: string): boolean {
  return path.split('/').every((part) => part !== '' && !/^\.+$|[\\:\0]/.test(part));
}

function inputOf({ node, width, height, preparation, resize }: Fields): PictureInput | undefined {
  if (typeof node !== 'string' || !isSize(width, maxSide) || !isSize(height, maxSide)) return undefined;
  if (resize !== 'bilinear' && resize !== 'lanczos') return undefined;
  const prepared = preparationOf(fieldsOf(preparation));
  return prepared && { node, width, height, preparation: prepared, resize };
}

export function preparationOf({ mean, scale, order }: Fields): Preparation | undefined {
  if (!isTriple(mean) || !(isNumber(scale) || isTriple(scale))) return undefined;
  return { mean, scale, ...(order === 'bgr' && { order }) };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

function isTriple(value: unknown): value is [number, number, number] {
  return Array.isArray(value) && value.length === 3 && value.every(isNumber);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function isSize(value: unknown, most: number): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) <= most;
}
