/**
 * Networks of tf.keras.applications, compiled from each format, beside the answers of Keras and of TensorFlow Lite's interpreter to the same
 * ten pictures.
 *
 *   python bench/support/write-applications.py FOLDER
 *   npx tsx bench/applications.ts FOLDER
 */

import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type ReadableFormat, readGraph } from '../src/models/graph/read-graph.ts';
import { compileTensorFlow } from '../src/models/graph/tensorflow/compile-tensorflow.ts';
import { tensorFlowParts } from '../src/models/graph/tensorflow/tensorflow-parts.ts';
import { places, type Row, report } from './support/results.ts';

const [folder] = places;
if (folder === undefined) throw new Error('Usage: npx tsx bench/applications.ts FOLDER');

/** The file of each format, and the answers that it is held to. */
const formats: readonly (readonly [title: string, format: ReadableFormat, file: string, answers: string])[] =
  [
    ['.h5', 'keras-hdf5', 'model.h5', 'y.bin'],
    ['.keras', 'keras', 'model.keras', 'y.bin'],
    ['SavedModel', 'saved-model', 'saved_model', 'y.bin'],
    ['.tflite, floats', 'tflite', 'model.tflite', 'model.y.bin'],
  ];
const [rows, integers]: [Row[], Row[]] = [[], []];
for (const name of (await readdir(folder)).toSorted()) {
  const place = join(folder, name);
  const row: Record<string, string> = { network: name };
  for (const [title, format, file, answers] of formats) {
    const path = join(place, file);
    row[title] = (await isThere(path))
      ? largest(await answersOf(place, format, path), await floats(join(place, answers))).toExponential(1)
      : 'not written';
  }
  rows.push(row);
  for (const kind of ['dynamic', 'integers']) {
    const path = join(place, `${kind}.tflite`);
    if (await isThere(path)) integers.push(await heldToBoth(name, place, kind, path));
  }
}
await report('applications', {
  title: `Networks of tf.keras.applications, ${rows.length} of them: the largest difference of a probability`,
  rows,
  notes: [
    'Held to Keras 3.15.1 on TensorFlow 2.21 (.h5, .keras, SavedModel), and to TensorFlow Lite’s interpreter of the same release (.tflite).',
  ],
});
await report('applications', {
  title: 'Networks of integers in TensorFlow Lite: the largest difference of a probability',
  rows: integers,
  notes: [
    'Held to the interpreter of TensorFlow 2.21 as it comes, which calculates with XNNPACK; beside it the interpreter with its own kernels, held to the same.',
    'Equal: of the probabilities, those with a difference below 1e-6. If values are integers, a probability is a multiple of 1/256.',
  ],
});

/** How far whosin is from the interpreter, and how far the interpreter is from itself with its other kernels. */
async function heldToBoth(network: string, place: string, kind: string, path: string): Promise<Row> {
  const wanted = await floats(join(place, `${kind}.y.bin`));
  const other = await floats(join(place, `${kind}.other.bin`));
  const found = await answersOf(place, 'tflite', path);
  const equal = (values: Float32Array): string =>
    `${values.filter((value, i) => Math.abs(value - wanted[i]!) < 1e-6).length} of ${wanted.length}`;
  return {
    network,
    integers: kind === 'dynamic' ? 'weights' : 'weights and values',
    whosin: largest(found, wanted).toExponential(1),
    equal: equal(found),
    'same label': await sameLabels(place, found, wanted),
    'other kernels': largest(other, wanted).toExponential(1),
    'equal ': equal(other),
    'same label ': await sameLabels(place, other, wanted),
  };
}

async function sameLabels(place: string, found: Float32Array, wanted: Float32Array): Promise<string> {
  const [pictures = 0] = await shapeOf(place);
  const classes = wanted.length / pictures;
  const labels = (values: Float32Array): number[] =>
    Array.from({ length: pictures }, (_, i) => {
      const one = values.subarray(i * classes, (i + 1) * classes);
      return one.indexOf(Math.max(...one));
    });
  const [mine, theirs] = [labels(found), labels(wanted)];
  return `${mine.filter((label, i) => label === theirs[i]).length} of ${pictures}`;
}

function largest(found: Float32Array, wanted: Float32Array): number {
  if (found.length !== wanted.length) throw new Error(`${found.length} values, not ${wanted.length}`);
  return Math.max(...wanted.map((value, i) => Math.abs(value - found[i]!)));
}

async function shapeOf(place: string): Promise<readonly number[]> {
  return JSON.parse(await readFile(join(place, 'shape.json'), 'utf8')) as number[];
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function answersOf(place: string, format: ReadableFormat, path: string): Promise<Float32Array> {
  const shape = await shapeOf(place);
  const graph = await readGraph(format, await filesOf(path, format), path);
  const { input, output } = tensorFlowParts(graph, { size: { width: shape[2]!, height: shape[1]! } });
  const { bytes } = compileTensorFlow(graph, {
    name: 'application',
    inputs: [{ node: input, name: 'x', shape: ['n', ...shape.slice(1)] }],
    outputs: [{ node: output, name: 'y' }],
  });
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const { y } = await session.run({ x: new Tensor('float32', await floats(join(place, 'x.bin')), shape) });
  const found = Float32Array.from(y!.data as Float32Array);
  await session.release();
  return found;
}

async function filesOf(path: string, format: ReadableFormat): Promise<readonly Uint8Array[]> {
  if (format !== 'saved-model') return [await readFile(path)];
  const variables = join(path, 'variables');
  const data = (await readdir(variables)).filter((name) => name.includes('.data-')).toSorted();
  return Promise.all([
    readFile(join(path, 'saved_model.pb')),
    readFile(join(variables, 'variables.index')),
    ...data.map((name) => readFile(join(variables, name))),
  ]);
}

async function floats(path: string): Promise<Float32Array> {
  const { buffer, byteOffset, length } = await readFile(path);
  return new Float32Array(buffer.slice(byteOffset, byteOffset + length));
}
