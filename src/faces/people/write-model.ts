/** Writes the model file of people. */

import { unchanged } from '../../learn/odds/recalibration.ts';
import { writeProjection } from '../../learn/odds/write-projection.ts';
import { GraphWriter, type Value } from '../../models/graph/writer.ts';
import { type ModelSettings, modelSchema, type PeopleModel } from './model-file.ts';

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
