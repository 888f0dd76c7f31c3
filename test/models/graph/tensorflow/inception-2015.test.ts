/**
 * A small network with the ops, the node names and the oddities of TensorFlow's Inception v3 of December 2015
 * (classify_image_graph_def.pb): it decodes and scales the photo itself, is frozen for one picture, and uses a
 * batch norm of its own.
 */

import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import {
  type CompiledGraph,
  compileTensorFlow,
} from '../../../../src/models/graph/tensorflow/compile-tensorflow.ts';
import type { TensorFlowGraph } from '../../../../src/models/graph/tensorflow/tensorflow-graph.ts';
import { openTensorFlowJs } from './tensorflow-js.ts';
import {
  flag,
  floats,
  graphDef,
  ints,
  list,
  node,
  numbers,
  opsIn,
  placeholder,
  real,
  runOnnx,
  toyGraph,
  weights,
  whole,
  windowed,
} from './toy-tensorflow.ts';

const channels = 6;
const norm = {
  mean: numbers(channels),
  variance: numbers(channels).map((v) => Math.abs(v) + 0.5),
  beta: numbers(channels),
};

const front = [
  node('DecodeJpeg', 'DecodeJpeg', ['DecodeJpeg/contents'], { channels: whole(3) }),
  node('DecodeJpeg/contents', 'Placeholder', []),
  node('Cast', 'Cast', ['DecodeJpeg']),
  ints('ExpandDims/dim', [], [0]),
  node('ExpandDims', 'ExpandDims', ['Cast', 'ExpandDims/dim']),
  ints('ResizeBilinear/size', [2], [17, 17]),
  node('ResizeBilinear', 'ResizeBilinear', ['ExpandDims', 'ResizeBilinear/size']),
  floats('Sub/y', [], [128]),
  node('Sub', 'Sub', ['ResizeBilinear', 'Sub/y']),
  floats('Mul/y', [], [1 / 128]),
  node('Mul', 'Mul', ['Sub', 'Mul/y']),
];

/** The batch norm of 2015 and CheckNumerics are not known to TensorFlow.js. */
function trunk(batchNorm: '2015' | 'FusedBatchNorm'): ReturnType<typeof node>[] {
  const values = [
    floats('conv/batchnorm/moving_mean', [channels], norm.mean),
    floats('conv/batchnorm/moving_variance', [channels], norm.variance),
    floats('conv/batchnorm/beta', [channels], norm.beta),
    floats(
      'conv/batchnorm/gamma',
      [channels],
      Array.from(norm.mean, () => 1),
    ),
  ];
  const [mean, variance, beta, gamma] = values.map(({ name }) => name!) as [string, string, string, string];
  const normed =
    batchNorm === '2015'
      ? node(
          'conv/batchnorm',
          'BatchNormWithGlobalNormalization',
          ['conv/Conv2D', mean, variance, beta, gamma],
          { variance_epsilon: real(0.001), scale_after_normalization: flag(false) },
        )
      : node('conv/batchnorm', 'FusedBatchNorm', ['conv/Conv2D', gamma, beta, mean, variance], {
          epsilon: real(0.001),
          is_training: flag(false),
        });
  return [
    node('conv/Conv2D', 'Conv2D', ['Mul', 'conv/conv2d_params'], windowed('VALID', 2)),
    ...values,
    normed,
    node('conv/CheckNumerics', batchNorm === '2015' ? 'CheckNumerics' : 'Identity', ['conv/batchnorm']),
    node('conv/control_dependency', 'Identity', ['conv/batchnorm', '^conv/CheckNumerics']),
    node('conv', 'Relu', ['conv/control_dependency']),
    node('pool', 'MaxPool', ['conv'], { ...windowed('VALID', 2), ksize: list(1, 2, 2, 1) }),
    node('mixed/tower/conv', 'Conv2D', ['pool', 'mixed/tower/conv/conv2d_params'], windowed('SAME')),
    node('mixed/tower/pool', 'AvgPool', ['pool'], { ...windowed('SAME'), ksize: list(1, 3, 3, 1) }),
    ints('mixed/join/concat_dim', [], [3]),
    node('pool_3', 'AvgPool', ['mixed/join'], { ...windowed('VALID'), ksize: list(1, 4, 4, 1) }),
    ints('pool_3/_reshape/shape', [2], [1, channels + 5]),
    node('pool_3/_reshape', 'Reshape', ['pool_3', 'pool_3/_reshape/shape']),
    node('softmax/logits/MatMul', 'MatMul', ['pool_3/_reshape', 'softmax/weights']),
    node('softmax/logits', 'BiasAdd', ['softmax/logits/MatMul', 'softmax/biases']),
    node('softmax', 'Softmax', ['softmax/logits']),
  ];
}

const parameters = [
  weights('conv/conv2d_params', 3, 3, 3, channels),
  weights('mixed/tower/conv/conv2d_params', 1, 1, channels, 5),
  weights('softmax/weights', channels + 5, 4),
  floats('softmax/biases', [4], numbers(4)),
];

const join = ['mixed/tower/pool', 'mixed/tower/conv'];
const graph = toyGraph(
  ...front,
  ...parameters,
  ...trunk('2015'),
  node('mixed/join', 'Concat', ['mixed/join/concat_dim', ...join], { N: whole(2) }),
);
const reference = graphDef(
  placeholder('ResizeBilinear', -1, 17, 17, 3),
  ...front.filter(({ name }) => /^(Sub|Mul)/.test(name!)),
  ...parameters,
  ...trunk('FusedBatchNorm'),
  node('mixed/join', 'ConcatV2', [...join, 'mixed/join/concat_dim'], { N: whole(2) }),
);

const raw = { mean: [0, 0, 0], scale: 1 } as const;
const outputs = [{ node: 'pool_3/_reshape:0' }, { node: 'softmax:0' }];

function compileFrom(toy: TensorFlowGraph, from: string, preparation: typeof raw | undefined): CompiledGraph {
  const inputs = [{ node: from, name: 'x', shape: ['n', 17, 17, 3], ...(preparation && { preparation }) }];
  return compileTensorFlow(toy, { name: 'inception', inputs, outputs });
}

describe('a network that decodes and scales its own photos', () => {
  const photos = Uint8Array.from(numbers(2 * 17 * 17 * 3), (v) => 128 + 127 * v);

  test('is entered behind its own resize, for any number of pictures, and agrees with TensorFlow.js', async () => {
    const { bytes } = compileFrom(graph, 'ResizeBilinear:0', raw);
    const found = await runOnnx(bytes, { x: new Tensor('uint8', photos, [2, 17, 17, 3]) });
    const model = await (await openTensorFlowJs('cpu')).openGraph(reference);
    const size = photos.length / 2;
    const wanted = [0, 1].map((i) => {
      const values = Float32Array.from(photos.subarray(i * size, (i + 1) * size));
      return model.run({ ResizeBilinear: { shape: [1, 17, 17, 3], values } }, ['pool_3/_reshape', 'softmax']);
    });
    for (const [o, { node: name }] of outputs.entries()) {
      const near = wanted.flatMap((one) => Array.from(one[o]!.values, (v): unknown => expect.closeTo(v, 5)));
      expect([...found[name]!.values]).toEqual(near);
    }
    expect(found['pool_3/_reshape:0']!.shape).toEqual([2, channels + 5]);
    expect(found['softmax:0']!.shape).toEqual([2, 4]);
  });

  test('is entered behind its own preparation, as retrain.py does it', async () => {
    const floatsOf = Float32Array.from(photos, (v) => (v - 128) / 128);
    const x = { x: new Tensor('float32', floatsOf, [2, 17, 17, 3]) };
    const found = await runOnnx(compileFrom(graph, 'Mul', undefined).bytes, x);
    const pixels = { x: new Tensor('uint8', photos, [2, 17, 17, 3]) };
    const wanted = await runOnnx(compileFrom(graph, 'ResizeBilinear', raw).bytes, pixels);
    const near = Array.from(wanted['softmax:0']!.values, (v): unknown => expect.closeTo(v, 6));
    expect([...found['softmax:0']!.values]).toEqual(near);
  });

  test('keeps neither its norms nor its layout in the file', () => {
    expect(opsIn(compileFrom(graph, 'ResizeBilinear', raw).bytes)).toEqual({
      // The pixels become planes once; nothing turns them back.
      Cast: 1,
      Transpose: 1,
      // Sub and Mul of the input, as one scale and one shift.
      Mul: 1,
      Add: 1,
      Conv: 2,
      Relu: 1,
      MaxPool: 1,
      AveragePool: 2,
      Concat: 1,
      Reshape: 1,
      Gemm: 1,
      Softmax: 1,
      Identity: 2,
    });
  });

  test('cannot be entered at the file itself, and says what to do', () => {
    expect(() => compileFrom(graph, 'DecodeJpeg/contents', undefined)).toThrow(
      'toy.pb: node "DecodeJpeg" (DecodeJpeg) cannot be compiled: whosin\'s compiler does not know this op; ' +
        'name a node behind it as the input',
    );
  });
});
