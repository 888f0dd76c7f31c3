/**
 * The model file for whole pictures: a retrained last layer as one ONNX file. Input `bottleneck` float32 [n, d],
 * what the backbone named in the metadata makes of a picture; output `probabilities` float32 [n, labels].
 */

import type { SpaceId } from '../core/embedding.ts';
import { WhosinError } from '../errors.ts';
import { type Head, softmax } from '../learn/layer/head.ts';
import { logitsOf } from '../learn/layer/labelled-vectors.ts';
import { type NoneOfThese, probabilityOfNone } from '../learn/layer/none-of-these.ts';
import { type OnnxFile, readOnnx } from '../models/graph/read-onnx.ts';
import { GraphWriter, type Value } from '../models/graph/writer.ts';

export interface PictureModel {
  /** The name of the pack that the layer was put on. */
  readonly backbone: string;
  /** The space of the bottlenecks: the backbone's name alone does not identify its weights. */
  readonly space: SpaceId;
  /** Exactly as the folders were called, in the order of the outputs. */
  readonly labels: readonly string[];
  /** The calibrated layer: softmax of its values are the probabilities. */
  readonly head: Head;
  /** Tells pictures that show none of the labels, where it was taught some. */
  readonly none?: NoneOfThese;
  /** The training report, as JSON. */
  readonly report: unknown;
}

const kind = 'pictures';

/** Raised where a file of this version could not be read by an earlier one. */
const schema = '1';

/** The name of the last answer of a model that can answer "none of these". */
export const noneOfThese = 'none of these';

/** The labels, and `noneOfThese` last where the model knows that. */
export function answersOf({ labels, none }: PictureModel): readonly string[] {
  return none ? [...labels, noneOfThese] : labels;
}

/** One probability for each of `answersOf`; together 1. */
export function answerOf({ head, none }: PictureModel, bottleneck: Float32Array): Float32Array {
  const p = softmax(logitsOf(head, bottleneck));
  if (none === undefined) return Float32Array.from(p);
  const share = probabilityOfNone(none, bottleneck);
  return Float32Array.from([...p.map((value) => value * (1 - share)), share]);
}

export function writePictureModel(model: PictureModel): Uint8Array {
  const g = new GraphWriter('whosin-pictures');
  const size = model.head.weights.length / model.labels.length;
  writeAnswer(g, model, g.input('bottleneck', 'float32', ['n', size]));
  return g.toBytes();
}

/**
 * Adds the layer behind the bottleneck, [n, size], with `probabilities` [n, answers] as the graph's output, and
 * what is known of the model as the file's metadata.
 */
export function writeAnswer(g: GraphWriter, model: PictureModel, bottleneck: Value): void {
  const named = g.node('Softmax', [writeLayer(g, 'head', model.head, bottleneck)], { axis: 1 });
  const answer = model.none ? writeNone(g, model.none, bottleneck, named) : named;
  g.output('probabilities', answer, 'float32', ['n', answersOf(model).length]);
  describePictureModel(g, model);
}

/** @returns logits, [n, outputs] */
function writeLayer(g: GraphWriter, name: string, { weights, bias }: Head, input: Value): Value {
  const outputs = bias.length;
  const w = g.floats([outputs, weights.length / outputs], weights, `${name}.weights`);
  return g.node('Gemm', [input, w, g.floats([outputs], bias, `${name}.bias`)], { transB: 1 });
}

function writeNone(
  g: GraphWriter,
  { head, scale, offset }: NoneOfThese,
  bottleneck: Value,
  named: Value,
): Value {
  const logits = writeLayer(g, 'none', head, bottleneck);
  const last = head.bias.length - 1;
  const columns = (from: number, to: number): Value =>
    g.node('Slice', [logits, g.ints([1], [from]), g.ints([1], [to]), g.ints([1], [1])]);
  const any = g.node('ReduceLogSumExp', [columns(0, last)], { axes: [1], keepdims: 1 });
  const score = g.node('Sub', [columns(last, last + 1), any]);
  const odds = g.node('Add', [g.node('Mul', [score, g.floats([], [scale])]), g.floats([], [offset])]);
  const none = g.node('Sigmoid', [odds]);
  const rest = g.node('Mul', [named, g.node('Sub', [g.floats([], [1]), none])]);
  return g.node('Concat', [rest, none], { axis: 1 });
}

function describePictureModel(g: GraphWriter, model: PictureModel): void {
  g.metadata('whosin.schema', schema);
  g.metadata('whosin.kind', kind);
  g.metadata('whosin.backbone', model.backbone);
  g.metadata('whosin.space', model.space);
  g.metadata('whosin.labels', JSON.stringify(model.labels));
  const { none } = model;
  if (none) g.metadata('whosin.none', JSON.stringify({ scale: none.scale, offset: none.offset }));
  g.metadata('whosin.report', JSON.stringify(model.report));
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
  const head = readLayer(onnx, 'head');
  if (!isNames(labels) || head?.bias.length !== labels.length) throw misfit(file);
  const none = readNone(onnx, head, file);
  return {
    backbone: onnx.metadata('whosin.backbone') ?? '',
    space: onnx.metadata('whosin.space') ?? '',
    labels,
    head,
    ...(none && { none }),
    report: json(onnx.metadata('whosin.report') ?? 'null', file),
  };
}

function misfit(file: string): WhosinError {
  return new WhosinError('not-a-model', `${file} is damaged: its labels and its layer do not fit together.`);
}

/** undefined if it is no layer of numbers */
function readLayer(onnx: OnnxFile, name: string): Head | undefined {
  const weights = onnx.tensor(`${name}.weights`);
  const bias = onnx.tensor(`${name}.bias`).data;
  const [rows, size] = weights.shape;
  const isLayer = weights.shape.length === 2 && rows === bias.length && size! > 0;
  const areNumbers = [weights.data, bias].every((values) => values.every(Number.isFinite));
  return isLayer && areNumbers ? { weights: weights.data, bias } : undefined;
}

function readNone(onnx: OnnxFile, known: Head, file: string): NoneOfThese | undefined {
  const text = onnx.metadata('whosin.none');
  if (text === undefined) return undefined;
  const { scale, offset } = (json(text, file) ?? {}) as Partial<NoneOfThese>;
  const head = readLayer(onnx, 'none');
  const size = known.weights.length / known.bias.length;
  const fits = head?.bias.length === known.bias.length + 1 && head.weights.length === size * head.bias.length;
  if (!fits || !Number.isFinite(scale) || !Number.isFinite(offset)) throw misfit(file);
  return { head, scale: scale!, offset: offset! };
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
