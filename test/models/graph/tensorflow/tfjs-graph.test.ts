import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { compileTensorFlow } from '../../../../src/models/graph/tensorflow/compile-tensorflow.ts';
import { readTfjsGraph } from '../../../../src/models/graph/tensorflow/tfjs-graph.ts';
import { readWeightGroups } from '../../../../src/models/graph/weights-manifest.ts';
import { runOnnx } from './toy-tensorflow.ts';

const topology = {
  node: [
    {
      name: 'x',
      op: 'Placeholder',
      attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim: [{ size: '-1' }, { size: '2' }] } } },
    },
    { name: 'half', op: 'Const', attr: { value: { tensor: { dtype: 'DT_FLOAT', tensorShape: {} } } } },
    { name: 'sizes', op: 'Const', attr: { dtype: { type: 3 } } },
    // Attributes that the reader has no name for are passed over.
    {
      name: 'added',
      op: 'AddV2',
      input: ['x', 'half'],
      attr: { T: { type: 'DT_FLOAT' }, _own: { func: {} } },
    },
    { name: 'y', op: 'Reshape', input: ['added', 'sizes'] },
  ],
  versions: { producer: 716 },
  library: {},
};

const weightsManifest = [
  {
    paths: ['1.bin'],
    weights: [
      {
        name: 'half',
        shape: [2],
        dtype: 'float32',
        quantization: { dtype: 'float16', original_dtype: 'float32' },
      },
    ],
  },
  { paths: ['2.bin'], weights: [{ name: 'sizes', shape: [3], dtype: 'int32' }] },
];

const weights = Buffer.concat([
  new Uint8Array(Uint16Array.of(0x3800, 0xc200).buffer),
  new Uint8Array(Int32Array.of(-1, 2, 1).buffer),
]);

function modelJson(changes: object = {}): string {
  return JSON.stringify({ format: 'graph-model', modelTopology: topology, weightsManifest, ...changes });
}

function notAModel(message: RegExp): unknown {
  return expect.objectContaining({ code: 'not-a-model', message: expect.stringMatching(message) });
}

describe('readTfjsGraph', () => {
  test('joins the nodes of the JSON and the constants of the weight files', async () => {
    const graph = readTfjsGraph(modelJson(), weights, 'model.json');
    const { bytes } = compileTensorFlow(graph, {
      name: 'toy',
      inputs: [{ node: 'x' }],
      outputs: [{ node: 'y' }],
    });
    const { y } = await runOnnx(bytes, { x: new Tensor('float32', Float32Array.of(1, 2, 3, 4), [2, 2]) });
    expect(y).toEqual({ shape: [2, 2, 1], values: Float32Array.of(1.5, -1, 3.5, 1) });
  });

  test('a layers model, another JSON and a JSON that was cut off are refused', () => {
    const layers = JSON.stringify({
      format: 'layers-model',
      modelTopology: { keras_version: '2' },
      weightsManifest,
    });
    expect(() => readTfjsGraph(layers, weights, 'model.json')).toThrow(notAModel(/^model\.json is not/));
    for (const other of ['{}', '[]', 'null', '"text"', modelJson({ weightsManifest: {} })]) {
      expect(() => readTfjsGraph(other, weights, 'model.json')).toThrow(
        notAModel(/is not a TensorFlow\.js graph/),
      );
    }
    expect(() => readTfjsGraph(modelJson().slice(0, -9), weights, 'model.json')).toThrow(
      notAModel(/^model\.json is not JSON, or it is cut off: /),
    );
    const wrong = modelJson({ modelTopology: { node: [{ name: 'x', op: 7 }] } });
    expect(() => readTfjsGraph(wrong, weights, 'model.json')).toThrow(
      notAModel(/is not a TensorFlow\.js graph/),
    );
  });

  test('a weight file that was cut off, or of another model, is refused', () => {
    const badWeights = expect.objectContaining({ code: 'bad-weights' });
    expect(() => readTfjsGraph(modelJson(), weights.subarray(0, -1), 'model.json')).toThrow(badWeights);
    expect(() => readTfjsGraph(modelJson(), Buffer.concat([weights, weights]), 'model.json')).toThrow(
      badWeights,
    );
  });

  test('a constant without weights is named when it is needed', () => {
    const graph = readTfjsGraph(modelJson({ weightsManifest: [] }), new Uint8Array(0), 'model.json');
    expect(() =>
      compileTensorFlow(graph, { name: 'toy', inputs: [{ node: 'x' }], outputs: [{ node: 'y' }] }),
    ).toThrow('"half"');
  });
});

describe('readWeightGroups', () => {
  test('gives tensors the types that they had before quantisation', () => {
    const entries = [
      { name: 'flags', shape: [3], dtype: 'bool' },
      { name: 'whole', shape: [2], dtype: 'int32', quantization: { dtype: 'uint8', scale: 1.3, min: -4 } },
      { name: 'half', shape: [1], dtype: 'float32', quantization: { dtype: 'float16' } },
    ];
    const tensors = readWeightGroups(
      [{ weights: entries }],
      Uint8Array.of(1, 0, 1, 0, 5, 0, 0x3c),
      'toy.bin',
    );
    expect(tensors('flags')).toEqual({ type: 'bool', shape: [3], data: Float64Array.of(1, 0, 1) });
    expect(tensors('whole')).toEqual({ type: 'int', shape: [2], data: Float64Array.of(-4, 3) });
    expect(tensors('half')).toEqual({ type: 'float', shape: [1], data: Float32Array.of(1) });
  });
});
