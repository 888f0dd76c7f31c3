/** TensorFlow Lite files made in code: floats, integers, what is beside the network, and what is damaged. */

import { zipSync } from 'fflate';
import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { toHalfFloats } from '../../../../src/core/half-float.ts';
import { WhosinError } from '../../../../src/errors.ts';
import { compileTensorFlow } from '../../../../src/models/graph/tensorflow/compile-tensorflow.ts';
import { tensorFlowParts } from '../../../../src/models/graph/tensorflow/tensorflow-parts.ts';
import { tfliteGraph } from '../../../../src/models/graph/tflite/tflite-graph.ts';
import { liteLabels } from '../../../../src/models/graph/tflite/tflite-metadata.ts';
import { runOnnx } from '../tensorflow/toy-tensorflow.ts';
import { flatBuffer, toyTflite, types } from './toy-tflite.ts';

/** A 2×2 picture whose pixels are 1, 2, 3, each channel ten times as much in the next pixel. */
const picture = Float32Array.of(1, 2, 3, 10, 20, 30, 100, 200, 300, 1000, 2000, 3000);

async function answerOf(bytes: Uint8Array, values = picture): Promise<readonly number[]> {
  const graph = tfliteGraph(bytes, 'toy.tflite');
  const { input, output } = tensorFlowParts(graph);
  const compiled = compileTensorFlow(graph, {
    name: 'toy',
    inputs: [{ node: input, name: 'x', shape: ['n', 2, 2, 3] }],
    outputs: [{ node: output, name: 'y' }],
  });
  const { y } = await runOnnx(compiled.bytes, { x: new Tensor('float32', values, [1, 2, 2, 3]) });
  return [...y!.values];
}

const input = { name: 'x', shape: [1, 2, 2, 3] };
const valid = { 0: { byte: 1 }, 1: { int: 1 }, 2: { int: 1 } } as const;

/** A convolution of one pixel that adds up the channels, then all of the picture through a layer. */
function toy(): Uint8Array {
  return toyTflite(
    [
      input,
      { name: 'w', shape: [1, 1, 1, 3], data: Float32Array.of(1, 1, 1) },
      { name: 'b', shape: [1], data: Float32Array.of(-6) },
      { name: 'sums', shape: [1, 2, 2, 1] },
      { name: 'v', shape: [2, 4], data: Float32Array.of(1, 1, 1, 1, 0, 0, 0, 1) },
      { name: 'scores', shape: [1, 2] },
    ],
    [
      { code: 3, inputs: [0, 1, 2], output: 3, options: { ...valid, 3: { byte: 1 } } },
      { code: 9, inputs: [3, 4, -1], output: 5, options: { 0: { byte: 0 } } },
    ],
  );
}

describe('a network of floats', () => {
  test('is calculated with the weights in the order of TensorFlow Lite, and the activation behind', async () => {
    expect(await answerOf(toy())).toEqual([54 + 594 + 5994, 5994]);
  });

  test('so is a depthwise convolution, whose filters lie the other way', async () => {
    const bytes = toyTflite(
      [
        input,
        { name: 'w', shape: [1, 2, 2, 3], data: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0) },
        { name: 'y', shape: [1, 1, 1, 3] },
      ],
      [{ code: 4, inputs: [0, 1, -1], output: 2, options: { ...valid, 3: { int: 1 } } }],
    );
    expect(await answerOf(bytes)).toEqual([1 + 1000, 20, 300]);
  });
});

test('weights that are stored as floats of 16 bits, or as integers, are read through the operator that unpacks them', async () => {
  const half = toHalfFloats([1, 2, 0.5]);
  const bytes = toyTflite(
    [
      input,
      { name: 'stored', shape: [1, 1, 1, 3], type: types.half, data: half },
      { name: 'w', shape: [1, 1, 1, 3] },
      { name: 'stored b', shape: [1], type: types.int8, data: Int8Array.of(-12), scales: [0.5] },
      { name: 'b', shape: [1] },
      { name: 'sums', shape: [1, 2, 2, 1] },
    ],
    [
      { code: 6, inputs: [1], output: 2 },
      { code: 6, inputs: [3], output: 4 },
      { code: 3, inputs: [0, 2, 4], output: 5, options: valid },
    ],
  );
  expect(await answerOf(bytes)).toEqual([6.5 - 6, 65 - 6, 650 - 6, 6500 - 6]);
});

describe('a network of integers', () => {
  /** A layer of bytes on a picture of bytes, with a scale for each value that it gives. */
  const quantised = toyTflite(
    [
      { ...input, type: types.uint8, scales: [1 / 127.5], zeros: [127] },
      {
        name: 'w',
        shape: [2, 12],
        type: types.int8,
        data: Int8Array.from({ length: 24 }, (_, i) => (i % 12 === 0 ? 100 : 0)),
        scales: [0.02, 0.04],
      },
      { name: 'y', shape: [1, 2], type: types.int8, scales: [1 / 64], zeros: [-28] },
    ],
    [{ code: 9, inputs: [0, 1, -1], output: 2 }],
  );

  test('gives numbers of its own steps, cut off where the integers end', async () => {
    const of = (first: number): Promise<readonly number[]> =>
      answerOf(
        quantised,
        Float32Array.from(picture, (_, i) => (i === 0 ? first : 0)),
      );
    expect(await of(0.33)).toEqual([42 / 64, 84 / 64]);
    // The largest integer is 127, and 28 of them are below zero.
    expect(await of(0.99)).toEqual([126 / 64, 155 / 64]);
    // The largest byte that goes in stands for 128/127.5.
    expect(await of(2)).toEqual([129 / 64, 155 / 64]);
  });

  test('tells itself what becomes of the bytes that are put in', () => {
    const { preparation, grounds } = tensorFlowParts(tfliteGraph(quantised, 'toy'));
    expect(preparation).toEqual({ mean: [127, 127, 127], scale: expect.closeTo(1 / 127.5) });
    expect(grounds.range).toBe('file');
  });
});

/** Integers of one step, whose zero is 0, as TensorFlow Lite's interpreter rounds them (XNNPACK's kernels, and its own for means). */
describe('integers are rounded as the interpreter does', () => {
  const whole = { type: types.int8, scales: [1], zeros: [0] };
  const values = Float32Array.of(1, -1, 3, 0, 0, 0, 1, -1, 3, 0, 0, 3);

  test('a mean in the middle of two, away from zero', async () => {
    // The means of the channels: 2/4, −2/4 and 9/4.
    const pool = { 0: { byte: 1 }, 1: { int: 1 }, 2: { int: 1 }, 3: { int: 2 }, 4: { int: 2 } };
    const bytes = toyTflite(
      [
        { ...input, ...whole },
        { name: 'y', shape: [1, 1, 1, 3], ...whole },
      ],
      [{ code: 1, inputs: [0], output: 1, options: pool }],
    );
    expect(await answerOf(bytes, values)).toEqual([1, -1, 2]);
  });

  test('a sum in the middle of two, up', async () => {
    const bytes = toyTflite(
      [
        { ...input, ...whole },
        { name: 'nothing', shape: [1], type: types.int8, scales: [1], zeros: [0], data: Int8Array.of(0) },
        { name: 'y', shape: [1, 2, 2, 3], ...whole, scales: [2] },
      ],
      [{ code: 0, inputs: [0, 1], output: 2 }],
    );
    // 0.5, −0.5 and 1.5 steps of 2.
    expect((await answerOf(bytes, values)).slice(0, 3)).toEqual([2, 0, 4]);
  });

  test('a sigmoid that lies beside the middle of two by a hundred-millionth of a step, to its side', async () => {
    // EfficientNet has these steps: 256 times the sigmoids of 56 and −56 of them are 162.50000016 and 93.49999984.
    const steps = { type: types.int8, scales: [0.009869938716292381], zeros: [0] };
    const bytes = toyTflite(
      [
        { ...input, ...steps },
        { name: 'y', shape: [1, 2, 2, 3], type: types.int8, scales: [1 / 256], zeros: [-128] },
      ],
      [{ code: 14, inputs: [0], output: 1 }],
    );
    const [scale = 0] = steps.scales;
    const [first, second] = await answerOf(
      bytes,
      Float32Array.from(picture, (_, i) => [56, -56, 0][i % 3]! * scale),
    );
    expect([first! * 256, second! * 256]).toEqual([163, 93]);
  });

  test.each([
    { type: types.int8, data: Int8Array.of(1, 2, 3, -1, 0, 100), zeros: [0, 0], scales: [0.25, 0.5] },
    { type: types.uint8, data: Uint8Array.of(201, 202, 203, 199, 200, 255), zeros: [200], scales: [0.5] },
  ])('weights of type $type, with their own zero and scales', async ({ type, data, zeros, scales }) => {
    const bytes = toyTflite(
      [
        { ...input, ...whole },
        { name: 'w', shape: [2, 1, 1, 3], type, data, zeros, scales },
        { name: 'y', shape: [1, 2, 2, 2], ...whole },
      ],
      [{ code: 3, inputs: [0, 1, -1], output: 2, options: valid }],
    );
    // 1·1 − 1·2 + 3·3 = 8, and −1·1 + 3·100 or 3·55, which is more than an integer holds or as much as that.
    const [first, second] = (await answerOf(bytes, values)).slice(0, 2);
    expect([first, second]).toEqual(scales.length === 2 ? [2, 127] : [4, 82]);
  });
});

test('what its maker wrote beside the network counts: the range of the pictures, and the labels in the ZIP behind it', () => {
  const metadata = flatBuffer(
    {
      0: { text: 'toy' },
      3: {
        tables: [
          {
            2: {
              tables: [
                {
                  4: {
                    tables: [{ 0: { byte: 1 }, 1: { table: { 0: { floats: [128] }, 1: { floats: [64] } } } }],
                  },
                },
              ],
            },
            3: { tables: [{ 6: { tables: [{ 0: { text: 'labels.txt' } }] } }] },
          },
        ],
      },
    },
    'M001',
  );
  const model = toyTflite(
    [input, { name: 'y', shape: [1, 2, 2, 3] }],
    [{ code: 19, inputs: [0], output: 1 }],
    metadata,
  );
  expect(tensorFlowParts(tfliteGraph(model, 'toy')).preparation).toEqual({
    mean: [128, 128, 128],
    scale: 1 / 64,
  });
  const zip = zipSync({ 'labels.txt': new TextEncoder().encode('cat\ndog') });
  expect(liteLabels(new Uint8Array(Buffer.concat([model, zip])), 'toy')).toEqual(['cat', 'dog']);
});

describe('what is refused, with a sentence', () => {
  function refusal(bytes: Uint8Array): string {
    try {
      tfliteGraph(bytes, 'toy.tflite');
    } catch (error) {
      if (error instanceof WhosinError) return error.message;
      throw error;
    }
    throw new Error('it was read');
  }

  test('a file that is cut off at any place', () => {
    const whole = toy();
    for (let length = 0; length < whole.length - 40; length += 7) {
      expect(refusal(whole.subarray(0, length))).toMatch(/^toy\.tflite(:| is) .*/);
    }
  });

  test('an operator that the compiler does not know is named', () => {
    const bytes = toyTflite(
      [input, { name: 'lstm/out', shape: [1, 2] }],
      [{ code: 16, inputs: [0], output: 1 }],
    );
    expect(refusal(bytes)).toBe(
      'toy.tflite: operator "lstm/out" is of a kind that whosin\'s compiler does not know (number 16 of the schema); give the model that it was converted from.',
    );
  });

  test('weights whose sizes are not those of their bytes', () => {
    const bytes = toyTflite(
      [
        input,
        { name: 'w', shape: [1, 1, 1, 3000], data: Float32Array.of(1) },
        { name: 'y', shape: [1, 2, 2, 1] },
      ],
      [{ code: 3, inputs: [0, 1], output: 2, options: valid }],
    );
    expect(refusal(bytes)).toMatch(/tensor "w" of shape \[1, 1, 1, 3000\] has 4 bytes/);
  });
});
