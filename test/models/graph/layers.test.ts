/** The layers against TensorFlow's definitions, worked out the slow way. */

import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import {
  batchNorm,
  conv,
  dense,
  depthwise,
  prepareRgb,
  relu,
  relu6,
} from '../../../src/models/graph/layers.ts';
import { GraphWriter, type Tensor as Weight } from '../../../src/models/graph/writer.ts';
import { count, floats, runGraph, toyGraph } from './toy-graph.ts';

const random = seededRandom(5);

function weight(...shape: number[]): Weight {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float32Array.from({ length: size }, () => random() * 2 - 1) };
}

interface Planes {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: readonly number[];
}

/** tf.nn.conv2d on one picture of planes; `depthwise` is the case of one filter for each channel. */
function slowConv(x: Planes, filters: Weight, stride: number, same: boolean, isDepthwise = false): number[] {
  const [kh, kw, inputs, perInput] = filters.shape as [number, number, number, number];
  const outputs = isDepthwise ? inputs : perInput;
  // https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2
  const size = (n: number, k: number): number =>
    same ? Math.ceil(n / stride) : Math.ceil((n - k + 1) / stride);
  const before = (n: number, k: number): number =>
    same ? Math.floor(Math.max(0, (size(n, k) - 1) * stride + k - n) / 2) : 0;
  const out: number[] = [];
  for (let o = 0; o < outputs; o++) {
    for (let y = 0; y < size(x.height, kh); y++) {
      for (let column = 0; column < size(x.width, kw); column++) {
        let sum = 0;
        for (let i = 0; i < inputs; i++) {
          if (isDepthwise && i !== o) continue;
          for (let ky = 0; ky < kh; ky++) {
            for (let kx = 0; kx < kw; kx++) {
              const sy = y * stride + ky - before(x.height, kh);
              const sx = column * stride + kx - before(x.width, kw);
              if (sy < 0 || sx < 0 || sy >= x.height || sx >= x.width) continue;
              const f = ((ky * kw + kx) * inputs + i) * perInput + (isDepthwise ? 0 : o);
              sum += x.data[(i * x.height + sy) * x.width + sx]! * filters.data[f]!;
            }
          }
        }
        out.push(sum);
      }
    }
  }
  return out;
}

function near(wanted: readonly number[]): unknown[] {
  return wanted.map((value): unknown => expect.closeTo(value, 4));
}

const picture: Planes = { channels: 2, height: 5, width: 6, data: count(60).map(() => random()) };
const input = floats([1, 2, 5, 6], picture.data);
const shape = [1, 2, 5, 6] as const;
const free = ['n', 'c', 'h', 'w'] as const;

describe('convolutions', () => {
  test.each([
    { stride: 1, padding: 'same' },
    { stride: 2, padding: 'same' },
    { stride: 1, padding: 'valid' },
    { stride: 2, padding: 'valid' },
  ] as const)('match TensorFlow at stride $stride with $padding padding', async ({ stride, padding }) => {
    const filters = weight(3, 3, 2, 4);
    const full = await runGraph(
      toyGraph(shape, free, (g, x) => conv(g, x, filters, { stride, padding })),
      input,
    );
    expect(full.values).toEqual(near(slowConv(picture, filters, stride, padding === 'same')));
    const separate = weight(3, 3, 2, 1);
    const deep = toyGraph(shape, free, (g, x) => depthwise(g, x, separate, { stride, padding }));
    const { values } = await runGraph(deep, input);
    expect(values).toEqual(near(slowConv(picture, separate, stride, padding === 'same', true)));
  });

  test('a folded batch norm equals the batch norm after the convolution and its bias', async () => {
    const filters = weight(1, 1, 2, 3);
    const bias = weight(3);
    const [gamma, beta, mean] = [weight(3), weight(3), weight(3)];
    const variance = { shape: [3], data: Float32Array.of(0.5, 1, 2) };
    const affine = batchNorm(gamma, beta, mean, variance, 0.001);
    const graph = toyGraph(shape, free, (g, x) => conv(g, x, filters, { affine, bias: bias.data }));
    const wanted = slowConv(picture, filters, 1, true).map((value, at) => {
      const o = Math.floor(at / 30);
      const centred = (value + bias.data[o]! - mean.data[o]!) / Math.sqrt(variance.data[o]! + 0.001);
      return centred * gamma.data[o]! + beta.data[o]!;
    });
    expect((await runGraph(graph, input)).values).toEqual(near(wanted));
  });

  test('a filter without four dimensions is refused', () => {
    const g = new GraphWriter('toy');
    expect(() => conv(g, g.input('x', 'float32', shape), weight(3, 3, 2))).toThrow('[3, 3, 2]');
  });
});

describe('other layers', () => {
  test('rectifiers cut below 0, and at 6 where asked', async () => {
    const values = floats([4], [-2, 0.5, 6, 9]);
    expect((await runGraph(toyGraph([4], [4], relu), values)).values).toEqual([0, 0.5, 6, 9]);
    expect((await runGraph(toyGraph([4], [4], relu6), values)).values).toEqual([0, 0.5, 6, 6]);
  });

  test('a dense layer is x·weights + bias', async () => {
    const weights = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
    const bias = { shape: [2], data: Float32Array.of(10, 20) };
    const plain = toyGraph(['n', 2], ['n', 2], (g, x) => dense(g, x, weights));
    expect((await runGraph(plain, floats([1, 2], [1, 10]))).values).toEqual([31, 42]);
    const biased = toyGraph(['n', 2], ['n', 2], (g, x) => dense(g, x, weights, bias));
    expect((await runGraph(biased, floats([1, 2], [1, 10]))).values).toEqual([41, 62]);
  });

  test('bytes of RGB become centred, scaled planes, red first', async () => {
    const g = new GraphWriter('toy');
    const photos = g.input('x', 'uint8', ['n', 'h', 'w', 3]);
    g.output('y', prepareRgb(g, photos, [10, 20, 30], 0.5), 'float32', ['n', 3, 'h', 'w']);
    const pixels = new Tensor('uint8', Uint8Array.of(10, 20, 30, 12, 24, 36), [1, 1, 2, 3]);
    expect(await runGraph(g.toBytes(), pixels)).toEqual({ shape: [1, 3, 1, 2], values: [0, 1, 0, 2, 0, 3] });
  });
});
