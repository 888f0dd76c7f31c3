/**
 * The model file: one ONNX file that holds everything learnt from a folder, and that any ONNX runtime can run
 * as it is. Input `embeddings` float32 [n, d] (unit length, of the space named in the metadata), output
 * `probabilities` float32 [n, people + 1]: each person's, and last that of "none of them".
 */

import type { SpaceId } from '../core/embedding.ts';
import { WhosinError } from '../errors.ts';
import { type OnnxFile, readOnnx } from '../models/graph/reader.ts';
import { GraphWriter, type Tensor } from '../models/graph/writer.ts';
import type { Head } from './head.ts';
import type { Template, TwoCovariance } from './two-covariance.ts';

export interface PeopleModel {
  readonly space: SpaceId;
  /** Exactly as the folders were called, in the order of the outputs. */
  readonly people: readonly string[];
  readonly background: TwoCovariance;
  /** One for each person. */
  readonly templates: readonly Template[];
  /** Tells the people of this model apart; all zeros where the templates alone did best. */
  readonly head: Head;
  /** The enrolled faces: [embeddings × d] and the index of each one's person. */
  readonly gallery: readonly { readonly person: number; readonly embedding: Float32Array }[];
  /** Probability, before looking, that a face is none of the people. */
  readonly priorUnknown: number;
  /** A name is given from this probability up. */
  readonly minProbability: number;
  /** What training saw and measured, as JSON. */
  readonly report: unknown;
}

const schema = '1';

export function writePeopleModel(model: PeopleModel): Uint8Array {
  const { background, templates, head, gallery } = model;
  const d = background.mean.length;
  const k = background.between.length;
  const people = model.people.length;
  const g = new GraphWriter('whosin-people');
  const embeddings = g.input('embeddings', 'float32', ['n', d]);
  const mean = g.floats([d], background.mean, 'background.mean');
  const basis = g.floats([d, k], background.basis, 'background.basis');
  const z = g.node('MatMul', [g.node('Sub', [embeddings, mean]), basis]);
  const quadratic = g.floats([people, k], flat(templates.map((t) => t.quadratic)), 'gallery.quadratic');
  const linear = g.floats([people, k], flat(templates.map((t) => t.linear)), 'gallery.linear');
  const constant = g.floats(
    [people],
    templates.map((t) => t.constant),
    'gallery.constant',
  );
  const squares = g.node('Gemm', [g.node('Mul', [z, z]), quadratic, constant], { transB: 1 });
  const odds = g.node('Add', [squares, g.node('Gemm', [z, linear], { transB: 1 })]);

  const logPrior = Math.log((1 - model.priorUnknown) / people);
  const named = g.node('Add', [odds, g.floats([], [logPrior])]);
  const anyone = g.node('ReduceLogSumExp', [named], { axes: [1], keepdims: 1 });
  const known = g.node('Sigmoid', [g.node('Sub', [anyone, g.floats([], [Math.log(model.priorUnknown)])])]);
  const weights = g.floats([people, k], head.weights, 'head.weights');
  const bias = g.floats([people], head.bias, 'head.bias');
  const closed = g.node('Add', [odds, g.node('Gemm', [z, weights, bias], { transB: 1 })]);
  const who = g.node('Mul', [g.node('Softmax', [closed], { axis: 1 }), known]);
  const none = g.node('Sub', [g.floats([], [1]), known]);
  g.output('probabilities', g.node('Concat', [who, none], { axis: 1 }), 'float32', ['n', people + 1]);

  g.floats([gallery.length, d], flat(gallery.map((face) => face.embedding)), 'gallery.embeddings');
  g.floats(
    [gallery.length],
    gallery.map((face) => face.person),
    'gallery.person',
  );
  g.floats([k], background.between, 'background.between');
  g.metadata('whosin.schema', schema);
  g.metadata('whosin.kind', 'people');
  g.metadata('whosin.space', model.space);
  g.metadata('whosin.people', JSON.stringify(model.people));
  g.metadata('whosin.settings', JSON.stringify(settingsOf(model)));
  g.metadata('whosin.report', JSON.stringify(model.report));
  return g.toBytes();
}

/**
 * @param file for messages
 * @throws WhosinError `not-a-model` where it is another kind of file, was cut off or is of a later version
 */
export function readPeopleModel(bytes: Uint8Array, file: string): PeopleModel {
  const onnx = readOnnx(bytes, file);
  const kind = onnx.metadata('whosin.kind');
  const found = onnx.metadata('whosin.schema');
  if (kind !== 'people') {
    throw new WhosinError(
      'not-a-model',
      `${file} is not a model of people. Make one with: whosin train photos/ -o people.onnx`,
    );
  }
  if (found !== schema) {
    throw new WhosinError(
      'not-a-model',
      `${file} was written by another version of whosin (schema ${found}, this one reads ${schema}): train it again.`,
    );
  }
  const json = <T>(key: string): T => JSON.parse(onnx.metadata(key) ?? 'null') as T;
  const people = json<string[]>('whosin.people');
  const { scale, offset, priorUnknown, minProbability } = json<Settings>('whosin.settings');
  const between = onnx.tensor('background.between').data;
  const k = between.length;
  const rows = (name: string): Float32Array[] => rowsOf(onnx.tensor(name), name, file);
  const quadratic = rows('gallery.quadratic');
  const linear = rows('gallery.linear');
  const constant = onnx.tensor('gallery.constant').data;
  const person = onnx.tensor('gallery.person').data;
  const sound =
    quadratic.length === people.length &&
    linear.length === people.length &&
    constant.length === people.length &&
    linear.every((row) => row.length === k);
  if (!sound) throw new WhosinError('not-a-model', `${file}: its names and its gallery do not fit together.`);
  return {
    space: onnx.metadata('whosin.space') ?? '',
    people,
    background: {
      mean: vector(onnx, 'background.mean'),
      basis: vector(onnx, 'background.basis'),
      between,
      scale,
      offset,
    },
    templates: people.map((_, i) => ({
      quadratic: quadratic[i]!,
      linear: linear[i]!,
      constant: constant[i]!,
    })),
    head: { weights: vector(onnx, 'head.weights'), bias: vector(onnx, 'head.bias') },
    gallery: rows('gallery.embeddings').map((embedding, i) => ({ embedding, person: person[i]! })),
    priorUnknown,
    minProbability,
    report: json('whosin.report'),
  };
}

interface Settings {
  readonly scale: number;
  readonly offset: number;
  readonly priorUnknown: number;
  readonly minProbability: number;
}

function settingsOf({ background, priorUnknown, minProbability }: PeopleModel): Settings {
  return { scale: background.scale, offset: background.offset, priorUnknown, minProbability };
}

function vector(onnx: OnnxFile, name: string): Float32Array {
  return onnx.tensor(name).data;
}

function rowsOf({ shape, data }: Tensor, name: string, file: string): Float32Array[] {
  const [count, length] = shape;
  if (shape.length !== 2 || count === undefined || length === undefined) {
    throw new WhosinError('not-a-model', `${file}: tensor "${name}" is not a table.`);
  }
  return Array.from({ length: count }, (_, i) => data.subarray(i * length, (i + 1) * length));
}

function flat(rows: readonly Float32Array[]): Float32Array {
  const length = rows[0]?.length ?? 0;
  const out = new Float32Array(rows.length * length);
  for (const [i, row] of rows.entries()) out.set(row, i * length);
  return out;
}
