/** Layers with weights, compiled from TensorFlow graphs, against TensorFlow.js. */

import { describe, expect, test } from 'vitest';
import {
  agreement,
  compared,
  flag,
  floats,
  ints,
  list,
  node,
  numbers,
  picture,
  real,
  texts,
  weights,
  whole,
  windowed,
} from './toy-tensorflow.ts';

const x = picture(2, 7, 6, 3);

const windows = ['SAME', 'VALID'].flatMap((padding) =>
  [
    { stride: 1, dilation: 1 },
    { stride: 2, dilation: 1 },
    { stride: 3, dilation: 1 },
    { stride: 1, dilation: 2 },
  ].map((window) => ({ padding, ...window })),
);

describe('convolutions', () => {
  test.each(windows)('$padding, stride $stride, dilation $dilation', async (window) => {
    const attributes = windowed(window.padding, window.stride, window.dilation);
    expect(
      await compared(x, [weights('w', 3, 2, 3, 4), node('y', 'Conv2D', ['x', 'w'], attributes)]),
    ).toMatchObject(agreement);
    const separate = [weights('w', 2, 2, 3, 2), node('y', 'DepthwiseConv2dNative', ['x', 'w'], attributes)];
    expect(await compared(x, separate)).toMatchObject(agreement);
  });

  test('explicit padding is kept as it stands', async () => {
    const attributes = { ...windowed('EXPLICIT', 2), explicit_paddings: list(0, 0, 1, 2, 0, 1, 0, 0) };
    const { differences, ops } = await compared(x, [
      weights('w', 3, 3, 3, 2),
      node('y', 'Conv2D', ['x', 'w'], attributes),
    ]);
    expect(differences).toEqual([]);
    expect(ops).toEqual({ Transpose: 2, Conv: 1, Identity: 1 });
  });

  test('a bias, a scale and a norm of later nodes go into the weights, by any spelling', async () => {
    const channels = (name: string): ReturnType<typeof floats> => floats(name, [4], numbers(4));
    const { differences, ops } = await compared(x, [
      weights('w', 3, 3, 3, 4),
      ...['bias', 'mean', 'gamma', 'beta'].map(channels),
      floats('variance', [4], [0.5, 1, 2, 3]),
      floats('epsilon', [], [0.001]),
      floats('half', [], [0.5]),
      node('conv', 'Conv2D', ['x', 'w'], windowed('SAME', 1)),
      node('biased', 'BiasAdd', ['conv', 'bias']),
      // Batch norm as tf.nn.batch_normalization spells it out.
      node('safe', 'Add', ['variance', 'epsilon']),
      node('rsqrt', 'Rsqrt', ['safe']),
      node('scale', 'Mul', ['rsqrt', 'gamma']),
      node('scaled', 'Mul', ['biased', 'scale']),
      node('shift', 'Mul', ['mean', 'scale']),
      node('rest', 'Sub', ['beta', 'shift']),
      node('normed', 'Add', ['scaled', 'rest']),
      node('fused', 'FusedBatchNormV3', ['normed', 'gamma', 'beta', 'mean', 'variance'], {
        epsilon: real(0.01),
        is_training: flag(false),
      }),
      node('halved', 'RealDiv', ['fused', 'half']),
      node('y', 'Sub', ['half', 'halved']),
    ]);
    expect(differences).toEqual([]);
    expect(ops).toEqual({ Transpose: 2, Conv: 1, Identity: 1 });
  });

  test('what two nodes read is not changed for one of them', async () => {
    expect(
      await compared(x, [
        weights('w', 1, 1, 3, 3),
        floats('b', [3], numbers(3)),
        node('conv', 'Conv2D', ['x', 'w'], windowed('SAME', 1)),
        node('same', 'Identity', ['conv']),
        node('biased', 'BiasAdd', ['same', 'b']),
        node('twice', 'Mul', ['same', 'biased']),
        node('y', 'Mul', ['twice', 'biased']),
      ]),
    ).toMatchObject(agreement);
  });
});

describe('fused layers of TensorFlow.js', () => {
  const fused = { ...windowed('SAME', 1), num_args: whole(1) };

  const ends = ['Relu', 'Relu6', 'Elu', 'LeakyRelu', 'nothing'];
  const ending = (name: string): Record<string, ReturnType<typeof texts>> => ({
    ...fused,
    fused_ops: name === 'nothing' ? texts('BiasAdd') : texts('BiasAdd', name),
    leakyrelu_alpha: real(0.3),
  });
  const inputs = ['x', 'w', 'b'];

  test.each(ends)('a convolution ends in %s', async (name) => {
    const layer = node('y', '_FusedConv2D', inputs, ending(name));
    const nodes = [weights('w', 3, 3, 3, 2), floats('b', [2], [3, -0.1]), layer];
    expect(await compared(x, nodes)).toMatchObject(agreement);
  });

  // TensorFlow.js loses the slope of a LeakyRelu here.
  test.each(ends.filter((name) => name !== 'LeakyRelu'))('a depthwise one ends in %s', async (name) => {
    const layer = node('y', 'FusedDepthwiseConv2dNative', inputs, ending(name));
    const nodes = [weights('w', 3, 3, 3, 1), floats('b', [3], [3, -0.1, 0]), layer];
    expect(await compared(x, nodes)).toMatchObject(agreement);
  });

  test.each(ends)('a dense layer ends in %s', async (name) => {
    const layer = node('y', '_FusedMatMul', inputs, { ...ending(name), transpose_a: flag(false) });
    const nodes = [weights('w', 5, 4), floats('b', [4], [3, -0.1, 0, 1]), layer];
    expect(await compared(picture(2, 5), nodes)).toMatchObject(agreement);
  });

  test('end in Prelu, with its slopes as the last input', async () => {
    const attributes = { ...fused, num_args: whole(2), fused_ops: texts('BiasAdd', 'Prelu') };
    expect(
      await compared(x, [
        weights('w', 3, 3, 3, 2),
        floats('b', [2], [0.1, -0.1]),
        floats('slopes', [1, 1, 2], [0.2, 0.4]),
        node('y', '_FusedConv2D', ['x', 'w', 'b', 'slopes'], attributes),
      ]),
    ).toMatchObject(agreement);
  });
});

describe('dense layers', () => {
  test.each([true, false])('weights turned: %s', async (turned) => {
    const { differences, ops } = await compared(picture(3, 5), [
      turned ? weights('w', 4, 5) : weights('w', 5, 4),
      floats('b', [4], numbers(4)),
      node('product', 'MatMul', ['x', 'w'], { transpose_b: flag(turned) }),
      node('y', 'Add', ['product', 'b']),
    ]);
    expect(differences).toEqual([]);
    expect(ops).toEqual({ Gemm: 1, Identity: 1 });
  });

  test('two computed values are multiplied', async () => {
    expect(
      await compared(picture(3, 3), [
        node('squares', 'Square', ['x']),
        node('y', 'MatMul', ['x', 'squares'], { transpose_b: flag(true) }),
      ]),
    ).toMatchObject(agreement);
  });
});

describe('pools', () => {
  test.each(windows.filter(({ dilation }) => dilation === 1))('$padding, stride $stride', async (window) => {
    const attributes = { ...windowed(window.padding, window.stride), ksize: list(1, 3, 2, 1) };
    expect(await compared(x, [node('y', 'MaxPool', ['x'], attributes)])).toMatchObject(agreement);
    expect(await compared(x, [node('y', 'AvgPool', ['x'], attributes)])).toMatchObject(agreement);
  });

  test.each(['MaxPool', 'AvgPool'])(
    '%s takes a border of zeros for values, before negative ones',
    async (pool) => {
      const attributes = { ...windowed('VALID', 2), ksize: list(1, 3, 3, 1) };
      const below = await compared(x, [
        weights('w', 3, 3, 3, 4),
        ints('border', [4, 2], [0, 0, 1, 1, 1, 1, 0, 0]),
        node('conv', 'Conv2D', ['x', 'w'], windowed('SAME', 1)),
        node('squares', 'Square', ['conv']),
        node('below', 'Neg', ['squares']),
        node('padded', 'Pad', ['below', 'border']),
        node('y', pool, ['padded'], attributes),
      ]);
      // ResNet v2 has it: ONNX Runtime joined the border to the pool, which passed over it.
      expect(below).toMatchObject(agreement);
    },
  );
});
