/** Keras files that are damaged, of another kind, or hold what the compiler does not know: a sentence each. */

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { zipSync } from 'fflate';
import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { WhosinError } from '../../../../src/errors.ts';
import { inHdf5Library } from '../../../../src/models/graph/keras/hdf5-library.ts';
import { readKerasConfig } from '../../../../src/models/graph/keras/keras-config.ts';
import { type ReadableFormat, readGraph } from '../../../../src/models/graph/read-graph.ts';
import { compileTensorFlow } from '../../../../src/models/graph/tensorflow/compile-tensorflow.ts';
import { tensorFlowParts } from '../../../../src/models/graph/tensorflow/tensorflow-parts.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { runOnnx } from '../tensorflow/toy-tensorflow.ts';
import { ToyKeras } from './toy-keras.ts';

function toy(): ToyKeras {
  const m = new ToyKeras([8, 8, 3]);
  m.dense(m.layer('GlobalAveragePooling2D', {}, m.conv(m.input, 3, 4)), 4, 2);
  return m;
}

async function refusal(format: ReadableFormat, ...files: readonly Uint8Array[]): Promise<WhosinError> {
  const error: unknown = await readGraph(format, files, 'model').catch((e: unknown) => e);
  expect(error).toBeInstanceOf(WhosinError);
  return error as WhosinError;
}

describe('a file that is cut off at any place', () => {
  const formats = ['keras-hdf5', 'keras'] as const;
  test.each(formats)('%s is answered with a sentence', async (format) => {
    const whole = await (format === 'keras' ? toy().archive() : toy().hdf5());
    for (let i = 0; i < 40; i++) {
      const cut = whole.subarray(0, Math.floor((whole.length * i) / 40));
      expect((await refusal(format, cut)).message).toMatch(/^model (is|describes|has).*cut off|^model: /);
    }
  });

  test('model.json of a layers model', async () => {
    const { json, weights } = toy().layersModel();
    expect((await refusal('tensorflow-js', Buffer.from(json.slice(0, -9)), weights)).message).toMatch(
      /is not JSON, or it is cut off/,
    );
    expect((await refusal('tensorflow-js', Buffer.from(json), weights.subarray(4))).message).toMatch(
      /ends before tensor/,
    );
  });
});

test('bytes that are changed anywhere never crash, and are read or answered with a sentence', async () => {
  const whole = await toy().hdf5();
  for (let i = 0; i < 60; i++) {
    const changed = Uint8Array.from(whole);
    changed[(i * 7919) % whole.length]! ^= 0xff;
    const answer: unknown = await readGraph('keras-hdf5', [changed], 'model').catch((e: unknown) => e);
    expect(answer instanceof WhosinError || !(answer instanceof Error)).toBe(true);
  }
});

// The HDF5 library once was busy for ever with such a heap, and the program with it: so another process reads it.
test('a heap of texts with an object of no size is answered in time, and a whole file after it is read', async () => {
  const whole = await toy().hdf5();
  const damaged = Buffer.from(whole);
  damaged.writeBigUInt64LE(0n, freeObject(damaged) + 8);
  const folder = await temporaryFolder();
  const paths = [join(folder, 'damaged.h5'), join(folder, 'whole.h5')];
  await Promise.all([damaged, whole].map((bytes, i) => writeFile(paths[i]!, bytes)));
  const program = fileURLToPath(new URL('read-in-child.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), program, ...paths],
    { timeout: 60_000, killSignal: 'SIGKILL' },
  );
  expect(JSON.parse(stdout)).toEqual([
    expect.stringMatching(/^model is not an HDF5 file that can be read.* took more than 10 seconds\)\.$/),
    expect.stringMatching(/^\d+ nodes$/),
  ]);
});

test('no file is read with what an error in another one left behind', async () => {
  const whole = await toy().hdf5();
  const first = await inHdf5Library(whole, ({ library }) => library);
  expect(await inHdf5Library(whole, ({ library }) => library)).not.toBe(first);
});

/** The beginning of the free space of a heap, which is its object 0. The others lie before it, in steps of 8 bytes. */
function freeObject(hdf5: Buffer): number {
  let at = hdf5.indexOf('GCOL') + 16;
  while (hdf5.readUInt16LE(at) !== 0) at += 16 + Math.ceil(Number(hdf5.readBigUInt64LE(at + 8)) / 8) * 8;
  return at;
}

describe('what is no model of layers', () => {
  test.each([
    [
      'an HDF5 file of weights',
      'keras-hdf5',
      async () => weightsOf(),
      /holds weights without their network: save the whole model/,
    ],
    [
      'a ZIP of something else',
      'keras',
      async () => zipSync({ 'a.txt': new Uint8Array(3) }),
      /is a ZIP archive, but no .keras model: unpack it/,
    ],
    [
      'a subclass of Model',
      'tensorflow-js',
      async () => subclass(),
      /a subclass of Model holds its network in Python code/,
    ],
  ] as const)('%s', async (_what, format, make, message) => {
    const error = await refusal(format, await make());
    expect(error.message).toMatch(message);
    expect(error.code).toBe('not-a-model');
  });

  async function weightsOf(): Promise<Uint8Array> {
    const { unzipSync } = await import('fflate');
    return unzipSync(await toy().archive())['model.weights.h5']!;
  }

  function subclass(): Uint8Array {
    const modelTopology = { class_name: 'MyModel', config: { units: 3 } };
    return Buffer.from(JSON.stringify({ modelTopology, weightsManifest: [] }));
  }
});

describe('a layer that the compiler does not know', () => {
  test('is named with its kind, and so is the way out', async () => {
    const m = toy();
    m.layer('LSTM', { units: 3 }, 'dense_0');
    expect((await refusal('keras-hdf5', await m.hdf5())).message).toBe(
      'model: layer "lstm_0" of kind LSTM is none that whosin\'s compiler knows; convert the model to ONNX (tf2onnx), and give that file.',
    );
  });

  test('so is a setting that it does not know', async () => {
    const m = toy();
    m.layer('Activation', { activation: 'my_activation' }, 'dense_0');
    expect((await refusal('keras-hdf5', await m.hdf5())).message).toBe(
      'model: layer "activation_0" of kind Activation cannot be compiled: its activation is my_activation.',
    );
  });

  test('networks in networks without end do not fill the stack', () => {
    let model: object = { class_name: 'Sequential', config: [] };
    for (let i = 0; i < 5000; i++) model = { class_name: 'Sequential', config: { layers: [model] } };
    expect(() => readKerasConfig(model, 'model')).toThrow(WhosinError);
  });
});

describe('functions of TensorFlow in the place of layers', () => {
  /** The value that a graph of one layer gives for a pixel of 1, 2, 3. */
  async function valueOf(layer: object): Promise<readonly number[]> {
    const layers = [
      {
        class_name: 'InputLayer',
        name: 'x',
        config: { name: 'x', batch_input_shape: [null, 1, 1, 3] },
        inbound_nodes: [],
      },
      layer,
      { class_name: 'Flatten', name: 'y', config: { name: 'y' }, inbound_nodes: [[['f', 0, 0, {}]]] },
    ];
    const config = { name: 'm', layers, input_layers: [['x', 0, 0]], output_layers: [['y', 0, 0]] };
    const modelTopology = { model_config: { class_name: 'Functional', config }, keras_version: '2.9.0' };
    const json = Buffer.from(JSON.stringify({ modelTopology, weightsManifest: [] }));
    const graph = await readGraph('tensorflow-js', [json], 'model');
    const { input, output } = tensorFlowParts(graph);
    const { bytes } = compileTensorFlow(graph, {
      name: 'm',
      inputs: [{ node: input, name: 'x' }],
      outputs: [{ node: output, name: 'y' }],
    });
    const { y } = await runOnnx(bytes, { x: new Tensor('float32', Float32Array.of(1, 2, 3), [1, 1, 1, 3]) });
    return [...y!.values];
  }

  const lambda = (name: string, named: object, input: readonly unknown[] = ['x', 0, 0]): object => ({
    class_name: 'TFOpLambda',
    name: 'f',
    config: { name: 'f', function: name },
    inbound_nodes: [[...input, named]],
  });

  test.each([
    [
      'preprocess_input: x / 127.5',
      lambda('math.truediv', { y: 127.5, name: null }),
      [1 / 127.5, 2 / 127.5, 3 / 127.5],
    ],
    ['x + 3, as MobileNet v3 has it', lambda('__operators__.add', { y: 3 }), [4, 5, 6]],
    ['a number first', lambda('math.subtract', { y: ['x', 0, 0] }, ['_CONSTANT_VALUE', -1, 10]), [9, 8, 7]],
    ['one number for each channel', lambda('nn.bias_add', { bias: null, y: [-1, -2, -3] }), [0, 0, 0]],
    [
      'channels turned around',
      lambda('__operators__.getitem', { slice_spec: ['...', { start: null, stop: null, step: -1 }] }),
      [3, 2, 1],
    ],
    [
      'the node itself, of TensorFlow 2.1 to 2.3',
      {
        class_name: 'TensorFlowOpLayer',
        name: 'f',
        config: { name: 'f', node_def: JSON.stringify({ op: 'Mul' }), constants: { 1: 2 } },
        inbound_nodes: [[['x', 0, 0, {}]]],
      },
      [2, 4, 6],
    ],
    [
      'an operator of Keras 3',
      {
        module: 'keras.src.ops.numpy',
        class_name: 'Add',
        name: 'f',
        config: { name: 'f' },
        inbound_nodes: [
          {
            args: [{ class_name: '__keras_tensor__', config: { keras_history: ['x', 0, 0] } }, 3],
            kwargs: {},
          },
        ],
      },
      [4, 5, 6],
    ],
    [
      'a learnt norm of inputs, of EfficientNet',
      {
        class_name: 'Normalization',
        name: 'f',
        config: { name: 'f', axis: [3], mean: [1, 1, 1], variance: [4, 4, 0.25] },
        inbound_nodes: [[['x', 0, 0, {}]]],
      },
      [0, 0.5, 4],
    ],
  ])('%s', async (_what, layer, wanted) => {
    expect(await valueOf(layer)).toEqual(wanted.map((value) => expect.closeTo(value, 5)));
  });
});
