/**
 * The model file for whole pictures: a retrained last layer as one ONNX file. Input `bottleneck` float32 [n, d],
 * what the backbone named in the metadata makes of a picture; output `probabilities` float32 [n, labels].
 */

import type { SpaceId } from '../core/embedding.ts';
import { WhosinError } from '../errors.ts';
import { readOnnx } from '../models/graph/reader.ts';
import { GraphWriter, type Value } from '../models/graph/writer.ts';
import type { Head } from './head.ts';

export interface PictureModel {
  /** The name of the pack that the layer was put on. */
  readonly backbone: string;
  /** Of the bottlenecks: the backbone's name alone does not say which weights it has. */
  readonly space: SpaceId;
  /** Exactly as the folders were called, in the order of the outputs. */
  readonly labels: readonly string[];
  /** The calibrated layer: softmax of its values are the probabilities. */
  readonly head: Head;
  /** What training saw and measured, as JSON. */
  readonly report: unknown;
}

const kind = 'pictures';

/** Raised where a file of this version could not be read by an earlier one. */
const schema = '1';

export function writePictureModel(model: PictureModel): Uint8Array {
  const g = new GraphWriter('whosin-pictures');
  const size = model.head.weights.length / model.labels.length;
  const bottleneck = g.input('bottleneck', 'float32', ['n', size]);
  writeHead(g, model.head, bottleneck);
  describePictureModel(g, model);
  return g.toBytes();
}

/** Adds the layer behind the bottleneck, [n, size], with `probabilities` as the graph's output. */
export function writeHead(g: GraphWriter, { weights, bias }: Head, bottleneck: Value): void {
  const labels = bias.length;
  const w = g.floats([labels, weights.length / labels], weights, 'head.weights');
  const logits = g.node('Gemm', [bottleneck, w, g.floats([labels], bias, 'head.bias')], { transB: 1 });
  g.output('probabilities', g.node('Softmax', [logits], { axis: 1 }), 'float32', ['n', labels]);
}

export function describePictureModel(g: GraphWriter, model: PictureModel): void {
  g.metadata('whosin.schema', schema);
  g.metadata('whosin.kind', kind);
  g.metadata('whosin.backbone', model.backbone);
  g.metadata('whosin.space', model.space);
  g.metadata('whosin.labels', JSON.stringify(model.labels));
  g.metadata('whosin.report', JSON.stringify(model.report));
}

/** Whether the bytes say that they are such a file; `readPictureModel` says whether they are a sound one. */
export function isPictureModel(bytes: Uint8Array): boolean {
  try {
    return readOnnx(bytes, '').metadata('whosin.kind') === kind;
  } catch {
    return false;
  }
}

/**
 * The file may come from anywhere: names, sizes and numbers are checked against each other.
 *
 * @throws WhosinError `not-a-model`
 */
export function readPictureModel(bytes: Uint8Array, file: string): PictureModel {
  const onnx = readOnnx(bytes, file);
  if (onnx.metadata('whosin.kind') !== kind) {
    throw new WhosinError(
      'not-a-model',
      `${file} is not a model of pictures. Make one with: whosin train folder/ --on picture -o model.onnx`,
    );
  }
  const version = onnx.metadata('whosin.schema');
  if (version !== schema) {
    throw new WhosinError(
      'not-a-model',
      `${file} was written by another version of whosin (schema ${version}, this one reads ${schema}): train it again.`,
    );
  }
  const labels = json(onnx.metadata('whosin.labels'), file);
  const weights = onnx.tensor('head.weights');
  const bias = onnx.tensor('head.bias');
  const [rows, size] = weights.shape;
  const fits =
    isNames(labels) &&
    weights.shape.length === 2 &&
    rows === labels.length &&
    bias.data.length === labels.length &&
    size! > 0 &&
    [...weights.data, ...bias.data].every(Number.isFinite);
  if (!fits) {
    throw new WhosinError('not-a-model', `${file} is damaged: its labels and its layer do not fit together.`);
  }
  return {
    backbone: onnx.metadata('whosin.backbone') ?? '',
    space: onnx.metadata('whosin.space') ?? '',
    labels,
    head: { weights: weights.data, bias: bias.data },
    report: json(onnx.metadata('whosin.report') ?? 'null', file),
  };
}

function isNames(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((name) => typeof name === 'string') &&
    new Set(value).size === value.length
  );
}

function json(text: string | undefined, file: string): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch (error) {
    throw new WhosinError('not-a-model', `${file} is cut off or damaged: its metadata cannot be read.`, {
      cause: error,
    });
  }
}
