/** The command that shows what a model file tells about itself; and a sentence for a file that is not whole. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ToyKeras } from '../models/graph/keras/toy-keras.ts';
import { toyGraph, toyLabels } from '../runtime/toy-model.ts';
import { describeWithSharedData, sharedData } from '../shared-data.ts';
import { sharedFolder } from '../shared-folder.ts';
import { setUpCalls } from './call-whosin.ts';

const whosin = setUpCalls();
const files = sharedFolder();
const at = (...parts: readonly string[]): string => join(files.path, ...parts);

beforeAll(async () => {
  const m = new ToyKeras([8, 8, 3]);
  const trunk = m.layer('GlobalAveragePooling2D', {}, m.conv(m.input, 3, 6, { activation: 'relu' }));
  m.dense(m.dense(trunk, 6, 4, 'relu'), 4, 2);
  for (const folder of ['h5', 'keras', 'tfjs', 'pb']) await mkdir(at(folder), { recursive: true });
  await writeFile(at('h5', 'keras_model.h5'), await m.hdf5());
  await writeFile(at('h5', 'labels.txt'), '0 cat\n1 dog\n');
  await writeFile(at('keras', 'model.keras'), await m.archive());
  const { json, weights } = m.layersModel();
  await writeFile(at('tfjs', 'model.json'), json);
  await writeFile(at('tfjs', 'weights.bin'), weights);
  await writeFile(at('pb', 'graph.pb'), toyGraph());
  await writeFile(at('pb', 'labels.txt'), toyLabels.join('\n'));
});

describe('models inspect', () => {
  test('prints format, input, output, labels and the layers that a head can be put on, and how each is known', async () => {
    const { status, stdout, stderr } = await whosin(['models', 'inspect', at('h5')]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').slice(1)).toEqual([
      '  input       inputlayer_0, 8×8, range -1..1 (a guess)',
      '  scores      dense_1, probabilities',
      '  labels      2 (from the file beside it): cat, dog',
      '  layers      globalaveragepooling2d_0, 6 values',
      '              dense_0, 4 values',
      '              conv2d_0, 6 values',
      '',
    ]);
    expect(stdout).toMatch(/^[^\n]*keras_model\.h5: a Keras model in HDF5\n/);
  });

  test.each([
    ['keras/model.keras', 'keras'],
    ['tfjs', 'tensorflow-js'],
    ['pb/graph.pb', 'tensorflow'],
  ])('%s as JSON: what is given counts', async (file, format) => {
    const { status, stdout } = await whosin([
      'models',
      'inspect',
      at(file),
      '--json',
      '--range',
      '0..1',
      '--bgr',
    ]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      format,
      input: { width: 8, height: 8, preparation: { scale: 1 / 255, order: 'bgr' } },
      output: { node: expect.any(String), logits: expect.any(Boolean) },
      layers: [
        { node: expect.any(String), size: expect.any(Number) },
        ...(format === 'tensorflow' ? [] : [{}, {}]),
      ],
      grounds: { range: 'given' },
    });
  });

  test.each(['h5/keras_model.h5', 'keras/model.keras', 'tfjs/model.json', 'pb/graph.pb'])(
    '%s that is cut off: one sentence, status 1',
    async (file) => {
      const whole = await readFile(at(file));
      const cut = at(`cut-${file.replace('/', '-')}`);
      await writeFile(cut, whole.subarray(0, Math.floor(whole.length * 0.6)));
      const { status, stdout, stderr } = await whosin(['models', 'inspect', cut]);
      expect(stderr).toMatch(/^error: [^\n]*cut-[^\n]+\n$/);
      expect([status, stdout]).toEqual([1, '']);
    },
  );
});

describeWithSharedData('models inspect on real files', () => {
  test.each([
    ['tfjs', 'a model of TensorFlow.js', 'Class 1, Class 2'],
    ['keras', 'a Keras model in HDF5', 'Eyes open, Eyes closed'],
    ['savedmodel', 'a SavedModel of TensorFlow', 'Eyes open, Eyes closed'],
    ['tflite', 'a TensorFlow Lite model', 'cat, dog'],
  ])(
    'the %s export of Teachable Machine: its family, its labels, its trunk',
    async (name, format, labels) => {
      const { status, stdout, stderr } = await whosin([
        'models',
        'inspect',
        sharedData('models', 'teachable', name),
      ]);
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toContain(`: ${format}\n`);
      expect(stdout).toContain('224×224, range -1..1 (as Teachable Machine has it), the middle of the photo');
      expect(stdout).toContain(`labels      2 (from the file beside it): ${labels}\n`);
      expect(stdout).toMatch(/ layers {6}\S+, 1280 values\n/);
    },
  );

  test.each([
    ['customvision.onnx', /labels {6}3: /],
    ['meta-classes.onnx', /range imagenet \(a guess\)\n.*\n {2}labels {6}3: /],
    ['fixed8.onnx', /labels {6}none/],
    ['tiny-opset6.onnx', /labels {6}none/],
  ])('%s of another exporter', async (name, said) => {
    const { status, stdout } = await whosin(['models', 'inspect', sharedData('cases', 'onnx', name)]);
    expect([status, stdout]).toEqual([0, expect.stringMatching(said)]);
  });
});
