/**
 * The model file: one ONNX file that holds everything learnt from a folder, and that any ONNX runtime can run
 * as it is. Input `embeddings` float32 [n, d] (unit length, of the space named in the metadata), output
 * `probabilities` float32 [n, people + 1]: each person's, and last that of "none of them".
 */

import type { SpaceId } from '../../core/embedding.ts';
import type { Head } from '../../learn/layer/head.ts';
import { type Recalibration, unchanged } from '../../learn/odds/recalibration.ts';
import type { StrangerRates } from '../../learn/odds/stranger-rates.ts';
import type { Template, TwoCovariance } from '../../learn/odds/two-covariance.ts';
import { writeProjection } from '../../learn/odds/write-projection.ts';
import { GraphWriter, type Value } from '../../models/graph/writer.ts';

export interface PeopleModel {
  readonly space: SpaceId;
  /** Exactly as the folders were called, in the order of the outputs. */
  readonly people: readonly string[];
  readonly background: TwoCovariance;
  /** One for each person. */
  readonly templates: readonly Template[];
  /** Scale and offset of the templates' odds on this folder; the odds stay as they are if left out. */
  readonly recalibration?: Recalibration;
  /** Tells the people of this model apart; all zeros where the templates alone did best. */
  readonly head: Head;
  /** The enrolled faces: [embeddings × d] and the index of each one's person. */
  readonly gallery: readonly EnrolledEmbedding[];
  /** Probability, before looking, that a face is none of the people. */
  readonly priorUnknown: number;
  /** A name is given from this probability up. */
  readonly minProbability: number;
  /** How often strangers are given a name; left out where it could not be measured. */
  readonly strangerRates?: StrangerRates;
  /** The training report, as JSON; null once a person was renamed or removed. */
  readonly report: unknown;
}

export interface EnrolledEmbedding {
  /** Index of the person. */
  readonly person: number;
  /** [d] */
  readonly embedding: Float32Array;
  /** How clear the face is, 0 to 1; models of version 0.1 did not store it, and their faces count as clear. */
  readonly quality?: number;
}

/** Raised where a file of this version could not be read by an earlier one. */
export const modelSchema = '2';

export function writePeopleModel(model: PeopleModel): Uint8Array {
  const { background, templates, head, gallery } = model;
  const d = background.mean.length;
  const k = background.between.length;
  const people = model.people.length;
  const g = new GraphWriter('whosin-people');
  const embeddings = g.input('embeddings', 'float32', ['n', d]);
  const z = writeProjection(g, background, embeddings);
  const rows = templates.flatMap((t, person) => t.components.map((c) => ({ ...c, person })));
  const vectors = (name: 'quadratic' | 'linear'): Value =>
    g.floats([rows.length, k], flat(rows.map((row) => row[name])), `templates.${name}`);
  const numbers = (name: 'constant' | 'weight' | 'person'): Value =>
    g.floats(
      [rows.length],
      rows.map((row) => row[name]),
      `templates.${name}`,
    );
  const squares = g.node('Gemm', [g.node('Mul', [z, z]), vectors('quadratic'), numbers('constant')], {
    transB: 1,
  });
  const linear = g.node('Gemm', [z, vectors('linear')], { transB: 1 });
  const terms = g.node('Add', [g.node('Add', [squares, linear]), g.node('Log', [numbers('weight')])]);
  const plain = sumInLogs(g, terms, numbers('person'), people);
  const { scale, offset } = model.recalibration ?? unchanged;
  const odds = g.node('Add', [g.node('Mul', [plain, g.floats([], [scale])]), g.floats([], [offset])]);

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
  if (gallery.some(({ quality }) => quality !== undefined)) {
    const clear = gallery.map(({ quality = 1 }) => quality);
    g.floats([gallery.length], clear, 'gallery.quality');
  }
  g.floats([k], background.between, 'background.between');
  g.metadata('whosin.schema', modelSchema);
  g.metadata('whosin.kind', 'people');
  g.metadata('whosin.space', model.space);
  g.metadata('whosin.people', JSON.stringify(model.people));
  g.metadata('whosin.settings', JSON.stringify(settingsOf(model)));
  g.metadata('whosin.report', JSON.stringify(model.report));
  return g.toBytes();
}

/**
 * Adds up exp(terms) over the components of each person: [n, components] → [n, people]. In logarithms, from the
 * highest term of the face down; a person e⁸⁰ less likely than the best one counts as that.
 */
function sumInLogs(g: GraphWriter, terms: Value, person: Value, people: number): Value {
  const highest = g.node('ReduceMax', [terms], { axes: [1], keepdims: 1 });
  const powers = g.node('Exp', [g.node('Sub', [terms, highest])]);
  const owners = g.node('Expand', [g.node('Cast', [person], { to: 7 }), g.node('Shape', [powers])]);
  const none = g.node('Mul', [
    g.node('Slice', [powers, g.ints([1], [0]), g.ints([1], [1]), g.ints([1], [1])]),
    g.floats([1, people], new Float32Array(people)),
  ]);
  const sums = g.node('ScatterElements', [none, owners, powers], { axis: 1, reduction: 'add' });
  const floor = g.node('Max', [sums, g.floats([], [Math.exp(-80)])]);
  return g.node('Add', [g.node('Log', [floor]), highest]);
}

export interface ModelSettings {
  readonly scale: number;
  readonly offset: number;
  readonly priorUnknown: number;
  readonly minProbability: number;
  readonly recalibration?: Recalibration;
  readonly strangerRates?: StrangerRates;
}

function settingsOf(model: PeopleModel): ModelSettings {
  const { background, priorUnknown, minProbability, recalibration, strangerRates } = model;
  return {
    scale: background.scale,
    offset: background.offset,
    priorUnknown,
    minProbability,
    ...(recalibration && { recalibration }),
    ...(strangerRates && { strangerRates }),
  };
}

function flat(rows: readonly Float32Array[]): Float32Array {
  const length = rows[0]?.length ?? 0;
  const out = new Float32Array(rows.length * length);
  for (const [i, row] of rows.entries()) out.set(row, i * length);
  return out;
}
