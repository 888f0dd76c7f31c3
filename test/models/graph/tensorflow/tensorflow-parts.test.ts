/** Inputs and outputs of a graph without a manual. */

import { describe, expect, test } from 'vitest';
import { type PictureParts, preparations } from '../../../../src/models/graph/picture-parts.ts';
import type { Preparation } from '../../../../src/models/graph/tensorflow/preparation.ts';
import { tensorFlowParts } from '../../../../src/models/graph/tensorflow/tensorflow-parts.ts';
import { DataType } from '../../../../src/models/graph/tensorflow_pb.ts';
import { constant, floats, ints, list, node, placeholder, toyGraph, weights } from './toy-tensorflow.ts';

const raw = { mean: [0, 0, 0], scale: 1 };
const signed = { mean: [127.5, 127.5, 127.5], scale: 1 / 127.5 };
const tail = (from: string): ReturnType<typeof node>[] => [
  ints('axes', [2], [1, 2]),
  node('pool', 'Mean', [from, 'axes']),
  weights('w', 3, 4),
  node('logits/MatMul', 'MatMul', ['pool', 'w']),
  weights('bias', 4),
  node('logits', 'BiasAdd', ['logits/MatMul', 'bias']),
];
const inception = [
  node('DecodeJpeg/contents', 'Placeholder', []),
  node('DecodeJpeg', 'DecodeJpeg', ['DecodeJpeg/contents']),
  ints('ResizeBilinear/size', [2], [299, 299]),
  node('ResizeBilinear', 'ResizeBilinear', ['DecodeJpeg', 'ResizeBilinear/size']),
  floats('Sub/y', [], [128]),
  node('Sub', 'Sub', ['ResizeBilinear', 'Sub/y']),
  node('pool_3/_reshape', 'Identity', ['Sub']),
  ...tail('pool_3/_reshape'),
];

describe('the parts of a graph', () => {
  test('Inception v3 of 2015 takes pictures behind its own resize, and prepares them itself', () => {
    expect(tensorFlowParts(toyGraph(...inception, node('softmax', 'Softmax', ['logits'])))).toEqual({
      input: 'ResizeBilinear',
      size: { width: 299, height: 299 },
      preparation: raw,
      output: 'softmax',
      logits: false,
      bottleneck: 'pool_3/_reshape',
      grounds: { size: 'file', range: 'file' },
    });
  });

  test('a graph that retrain.py wrote gives final_result, whatever else nobody reads', () => {
    const parts = tensorFlowParts(
      toyGraph(
        ...inception,
        node('softmax', 'Softmax', ['logits']),
        node('final_result', 'Softmax', ['logits']),
      ),
    );
    expect(parts).toMatchObject({ output: 'final_result', input: 'ResizeBilinear' });
  });

  test('a graph that scales photos to a size that makes no sense asks for the size', () => {
    // Found by fuzzing: both ended in JavaScript's own errors.
    for (const size of [[], ['size']]) {
      const graph = toyGraph(
        node('contents', 'Placeholder', []),
        node('DecodeJpeg', 'DecodeJpeg', ['contents']),
        constant('size', DataType.DT_INT32, [2], Uint8Array.of(1, 2, 3)),
        node('ResizeBilinear', 'ResizeBilinear', ['DecodeJpeg', ...size]),
        ...tail('ResizeBilinear'),
      );
      expect(() => tensorFlowParts(graph)).toThrow(
        expect.objectContaining({ code: 'usage', message: expect.stringContaining('give it with --size') }),
      );
    }
  });

  test('a last layer without inputs has no bottleneck', () => {
    const graph = toyGraph(
      placeholder('x', -1, 20, 30, 3),
      node('y', 'Identity', ['x']),
      node('logits', 'MatMul', []),
    );
    expect(tensorFlowParts(graph, { output: 'logits', input: 'x' })).not.toHaveProperty('bottleneck');
  });

  test('a graph that was fed behind its preparation has that of retrain.py', () => {
    const graph = toyGraph(
      node('Mul', 'Placeholder', []),
      node('pool_3/_reshape', 'Identity', ['Mul']),
      ...tail('Mul'),
      node('final_result', 'Softmax', ['logits']),
    );
    expect(tensorFlowParts(graph)).toMatchObject({
      input: 'Mul',
      size: { width: 299, height: 299 },
      preparation: { mean: [128, 128, 128], scale: 1 / 128 },
    });
  });

  test('any other has one placeholder, one end, and a last layer; a softmax is missing where it ends in logits', () => {
    expect(tensorFlowParts(toyGraph(placeholder('x', -1, 20, 30, 3), ...tail('x')))).toEqual({
      input: 'x',
      size: { width: 30, height: 20 },
      preparation: signed,
      output: 'logits',
      logits: true,
      bottleneck: 'pool',
      grounds: { size: 'file', range: 'guess' },
    });
  });

  test('a MobileNet whose sizes were stripped has that of its last pool', () => {
    const pool = node('MobilenetV1/Logits/AvgPool_1a/AvgPool', 'AvgPool', ['input'], {
      ksize: list(1, 5, 5, 1),
    });
    const graph = toyGraph(
      node('input', 'Placeholder', []),
      pool,
      ...tail(pool.name!),
      node('y', 'Softmax', ['logits']),
    );
    expect(tensorFlowParts(graph).size).toEqual({ width: 160, height: 160 });
  });

  test('what is said counts for more than what is read off', () => {
    const graph = toyGraph(placeholder('x', -1, 20, 30, 3), ...tail('x'));
    const size = { width: 7, height: 7 };
    const known = {
      input: 'x',
      size,
      preparation: { mean: [1, 2, 3], scale: 4 },
      output: 'pool',
      bottleneck: 'pool',
    } as const;
    expect(tensorFlowParts(graph, known)).toEqual({
      ...known,
      logits: true,
      grounds: { size: 'given', range: 'given' },
    });
  });

  test('what a graph does to its pictures first tells the values that it takes', () => {
    const prepared = (op: string, values: readonly number[]): Preparation =>
      tensorFlowParts(
        toyGraph(
          placeholder('x', -1, 20, 30, 3),
          floats('by', values.length === 1 ? [] : [values.length], values),
          node('prepared', op, ['x', 'by']),
          ...tail('prepared'),
        ),
      ).preparation;
    expect(prepared('RealDiv', [127.5])).toEqual(preparations['0..255']);
    expect(prepared('Sub', [123.68, 116.779, 103.939])).toEqual(preparations['0..255']);
    // Hubs' modules take fractions, and make −1 to 1 of them themselves.
    expect(prepared('Mul', [2])).toEqual(preparations['0..1']);
  });

  test('a family is known by the names of its layers, and the values that it takes with it', () => {
    const named = (...names: string[]): PictureParts =>
      tensorFlowParts(
        toyGraph(
          placeholder('x', -1, 20, 30, 3),
          ...names.map((name, i) => node(name, 'Relu', [names[i - 1] ?? 'x'])),
          ...tail(names.at(-1)!),
        ),
      );
    expect(named('block1_conv1', 'block5_conv3')).toMatchObject({
      preparation: { order: 'bgr', mean: [103.939, 116.779, 123.68] },
      grounds: { range: 'family VGG' },
    });
    expect(named('net/block_1_expand/Conv2D', 'net/block_16_project/Conv2D').grounds.range).toBe(
      'family MobileNet v2',
    );
    const teachable = named('block_16_project', 'global_average_pooling2d_GlobalAveragePooling2D1');
    expect(teachable).toMatchObject({ crop: 'centre', grounds: { crop: 'family Teachable Machine' } });
  });

  test('colours that are blue first turn the range of the family around, and not what was turned already', () => {
    const of = (order: 'bgr'): Preparation =>
      tensorFlowParts(toyGraph(placeholder('x', -1, 20, 30, 3), ...tail('x')), { order }).preparation;
    expect(of('bgr')).toEqual({ ...signed, order: 'bgr' });
  });

  test('a head of several layers is not the trunk: that ends in the mean over the picture', () => {
    const graph = toyGraph(
      placeholder('x', -1, 20, 30, 3),
      ints('axes', [2], [1, 2]),
      node('trunk', 'Mean', ['x', 'axes']),
      weights('w', 3, 4),
      node('hidden', 'MatMul', ['trunk', 'w']),
      node('relu', 'Relu', ['hidden']),
      weights('v', 4, 2),
      node('scores', 'MatMul', ['relu', 'v']),
      node('y', 'Softmax', ['scores']),
    );
    expect(tensorFlowParts(graph)).toMatchObject({ bottleneck: 'trunk', output: 'y', logits: false });
  });
});

describe('what is not there to be read', () => {
  test.each([
    [
      'the size',
      toyGraph(node('x', 'Placeholder', []), ...tail('x')),
      'toy.pb does not store the size of its pictures: give it with --size',
    ],
    [
      'the input',
      toyGraph(
        placeholder('a', -1, 8, 8, 3),
        placeholder('b', -1, 8, 8, 3),
        node('ab', 'Add', ['a', 'b']),
        ...tail('ab'),
      ),
      'name the node that takes pictures with --input: "a", "b"',
    ],
    [
      'the output',
      toyGraph(placeholder('x', -1, 8, 8, 3), ...tail('x'), node('other', 'Relu', ['x'])),
      'name the node that gives the scores with --output; none reads "logits", "other"',
    ],
  ])('%s is asked for', (_what, graph, message) => {
    expect(() => tensorFlowParts(graph)).toThrow(message);
  });
});
