/**
 * Networks of tf.keras.applications, compiled from each format, beside the answers of Keras and of TensorFlow Lite's interpreter to the same
 * two pictures.
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
    ['.tflite, weights of integers', 'tflite', 'dynamic.tflite', 'dynamic.y.bin'],
  ];
const rows: Row[] = [];
let names = 0;
for (const name of (await readdir(folder)).toSorted()) {
  names++;
  const row: Record<string, string> = { network: name };
  for (const [title, format, file, answers] of formats) {
    const path = join(folder, name, file);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    row[title] = isThere
      ? (await difference(join(folder, name), format, path, answers)).toExponential(1)
      : 'not written';
  }
  rows.push(row);
}
await report('applications', {
  title: `${names} networks of tf.keras.applications in each format: the largest difference of a probability`,
  rows,
  notes: [
    'Held to Keras 3.15.1 on TensorFlow 2.21 (.h5, .keras, SavedModel), and to TensorFlow Lite’s interpreter of the same release (.tflite).',
    'If weights are integers and values are not, the interpreter rounds the values of each layer; whosin does not.',
  ],
});

async function difference(
  place: string,
  format: ReadableFormat,
  path: string,
  answers: string,
): Promise<number> {
  const shape = JSON.parse(await readFile(join(place, 'shape.json'), 'utf8')) as number[];
  const graph = await readGraph(format, await filesOf(path, format), path);
  const { input, output } = tensorFlowParts(graph, { size: { width: shape[2]!, height: shape[1]! } });
  const { bytes } = compileTensorFlow(graph, {
    name: 'application',
    inputs: [{ node: input, name: 'x', shape: ['n', ...shape.slice(1)] }],
    outputs: [{ node: output, name: 'y' }],
  });
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const { y } = await session.run({ x: new Tensor('float32', await floats(join(place, 'x.bin')), shape) });
  const wanted = await floats(join(place, answers));
  const found = y!.data as Float32Array;
  await session.release();
  if (found.length !== wanted.length)
    throw new Error(`${path} gives ${found.length} values, not ${wanted.length}`);
  return Math.max(...wanted.map((value, i) => Math.abs(value - found[i]!)));
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
