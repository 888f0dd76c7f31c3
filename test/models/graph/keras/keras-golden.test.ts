/** Keras models of each format against TensorFlow.js, which runs the layers themselves. */

import { Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ReadableFormat, readGraph } from '../../../../src/models/graph/read-graph.ts';
import { compileTensorFlow } from '../../../../src/models/graph/tensorflow/compile-tensorflow.ts';
import { tensorFlowParts } from '../../../../src/models/graph/tensorflow/tensorflow-parts.ts';
import { openTensorFlowJs, type TensorFlowJs } from '../tensorflow/tensorflow-js.ts';
import { picture, runOnnx } from '../tensorflow/toy-tensorflow.ts';
import { toyApplications } from './toy-applications.ts';

let tensorFlow: TensorFlowJs;

beforeAll(async () => {
  tensorFlow = await openTensorFlowJs('cpu');
});

async function answersOf(
  format: ReadableFormat,
  files: readonly Uint8Array[],
  x: ReturnType<typeof picture>,
): Promise<readonly number[]> {
  const graph = await readGraph(format, files, 'toy');
  const { input, output } = tensorFlowParts(graph, { size: { width: 32, height: 32 } });
  const { bytes } = compileTensorFlow(graph, {
    name: 'toy',
    inputs: [{ node: input, name: 'x', shape: ['n', ...x.shape.slice(1)] }],
    outputs: [{ node: output, name: 'y' }],
  });
  const { y } = await runOnnx(bytes, { x: new Tensor('float32', x.values, x.shape) });
  return [...y!.values];
}

describe.each(Object.entries(toyApplications))('%s', (_name, make) => {
  test('is what TensorFlow.js computes, from model.json, .h5 and .keras', async () => {
    const toy = make();
    const { json, weights } = toy.layersModel();
    const x = picture(2, ...toy.shape);
    const reference = await tensorFlow.openLayers(json, weights);
    const wanted = [...reference.run(x).values];
    reference.close();
    // A network that gives the same for every picture would agree with anything.
    expect(wanted.slice(0, 5)).not.toEqual(wanted.slice(5));
    const close = wanted.map((value) => expect.closeTo(value, 5));
    expect(await answersOf('tensorflow-js', [Buffer.from(json), weights], x)).toEqual(close);
    expect(await answersOf('keras-hdf5', [await toy.hdf5()], x)).toEqual(close);
    expect(await answersOf('keras', [await toy.archive()], x)).toEqual(close);
  });
});
