import { fromBinary } from '@bufbuild/protobuf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { conv, depthwise, prepareRgb, relu6 } from '../../../src/models/graph/layers.ts';
import { ModelProtoSchema } from '../../../src/models/graph/onnx_pb.ts';
import { convolutionsOf, floatsOf, isLast } from '../../../src/models/graph/quantisable.ts';
import { type ActivationRanges, quantise } from '../../../src/models/graph/quantise.ts';
import { GraphWriter } from '../../../src/models/graph/writer.ts';

/** Numbers between −1 and 1 that follow from their place. */
const made = (shape: readonly number[], seed: number) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float32Array.from({ length: size }, (_, i) => Math.sin((i + 1) * (seed + 0.37))) };
};

/** Bytes of photos, three convolutions, a sum that goes around the second, and an answer. */
function network(): Uint8Array {
  const g = new GraphWriter('toy');
  const photos = g.input('photos', 'uint8', ['n', 8, 8, 3]);
  const first = relu6(
    g,
    conv(g, prepareRgb(g, photos, [127.5, 127.5, 127.5], 1 / 127.5), made([3, 3, 3, 8], 1)),
  );
  const second = depthwise(g, first, made([3, 3, 8, 1], 2), { bias: new Float32Array(8).fill(0.3) });
  const sum = g.node('Relu', [g.node('Add', [first, second])]);
  const third = relu6(g, conv(g, sum, made([1, 1, 8, 8], 3), { stride: 2 }));
  g.output('answer', conv(g, third, made([1, 1, 8, 4], 4)), 'float32', ['n', 4, 4, 4]);
  return g.toBytes();
}

const graphOf = (bytes: Uint8Array) => fromBinary(ModelProtoSchema, bytes).graph!;
const kinds = (bytes: Uint8Array) => graphOf(bytes).node.map(({ opType }) => opType);
const photos = Uint8Array.from({ length: 2 * 8 * 8 * 3 }, (_, i) => (i * 7919) % 256);

async function run(bytes: Uint8Array): Promise<Float32Array> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const { answer } = await session.run({ photos: new Tensor('uint8', photos, [2, 8, 8, 3]) });
  return answer!.data as Float32Array;
}

/** Of everything but the answer; the toy's values lie within these. */
function rangesOf(bytes: Uint8Array): ActivationRanges {
  const graph = graphOf(bytes);
  const inner = convolutionsOf(graph).filter((convolution) => !isLast(convolution, graph));
  const range = ({ activations }: { activations: readonly unknown[] }) =>
    activations.length > 0 ? ([0, 6] as const) : ([-12, 12] as const);
  return Object.fromEntries([
    ...inner.map(({ input }) => [input, [-1, 12] as const]),
    ...inner.map((convolution) => [convolution.output, range(convolution)]),
  ]);
}

describe('a network of 8 bits', () => {
  test('answers nearly what it answers with 32 bits', async () => {
    const bytes = network();
    const [exact, near] = [await run(bytes), await run(quantise(bytes, rangesOf(bytes), 'toy'))];
    const spread = Math.max(...exact) - Math.min(...exact);
    const errors = exact.map((value, i) => Math.abs(value - near[i]!) / spread);
    expect(Math.max(...errors)).toBeLessThan(0.035);
    expect(errors.reduce((a, b) => a + b) / errors.length).toBeLessThan(0.008);
    expect(near).not.toEqual(exact);
  });

  test('keeps 32 bits for the answer, and for what lies between convolutions', () => {
    const bytes = network();
    expect(kinds(quantise(bytes, rangesOf(bytes), 'toy'))).toEqual([
      // The photo's bytes are used as they are: nothing casts, centres or scales them.
      'Transpose',
      'QLinearConv',
      'DequantizeLinear',
      'QLinearConv',
      'DequantizeLinear',
      'Add',
      'Relu',
      'QuantizeLinear',
      'QLinearConv',
      'DequantizeLinear',
      'Conv',
      'Identity',
    ]);
  });

  /** With each weight rounded by itself the boxes of real faces moved more than twice as far (docs/ACCURACY.md). */
  test('keeps what a depthwise filter makes of an even area', () => {
    const bytes = network();
    const tensors = new Map(
      graphOf(quantise(bytes, rangesOf(bytes), 'toy')).initializer.map((tensor) => [tensor.name, tensor]),
    );
    const exact = convolutionsOf(graphOf(bytes)).find(({ weights }) => weights.dims[1] === 1n)!;
    const weights = floatsOf(exact.weights);
    const levels = new Int8Array(tensors.get(`${exact.output}_weights`)!.rawData);
    const scales = floatsOf(tensors.get(`${exact.output}_weight_scales`)!);
    for (const [channel, scale] of scales.entries()) {
      const sum = (of: ArrayLike<number>) =>
        Array.from({ length: 9 }, (_, i) => of[channel * 9 + i]!).reduce((a, b) => a + b);
      expect(Math.abs(sum(levels) - sum(weights) / scale)).toBeLessThan(0.501);
    }
    expect(scales).toHaveLength(8);
  });

  test('a convolution whose values were never seen stays as it is', async () => {
    const bytes = network();
    expect(kinds(quantise(bytes, {}, 'toy'))).toEqual(kinds(bytes));
    expect(await run(quantise(bytes, {}, 'toy'))).toEqual(await run(bytes));
  });

  test('the same graph and ranges give the same bytes', () => {
    const bytes = network();
    expect(quantise(bytes, rangesOf(bytes), 'toy')).toEqual(quantise(bytes, rangesOf(bytes), 'toy'));
  });
});
