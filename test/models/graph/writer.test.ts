import { fromBinary } from '@bufbuild/protobuf';
import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { ModelProtoSchema } from '../../../src/models/graph/onnx_pb.ts';
import { float, GraphWriter } from '../../../src/models/graph/writer.ts';
import { count, floats, runGraph, toyGraph } from './toy-graph.ts';

describe('graphs in ONNX Runtime', () => {
  test('a convolution with SAME_UPPER pads odd remainders below and on the right', async () => {
    const bytes = toyGraph([1, 1, 4, 4], [1, 1, 2, 2], (g, x) =>
      g.node('Conv', [x, g.floats([1, 1, 3, 3], Array<number>(9).fill(1))], {
        kernel_shape: [3, 3],
        strides: [2, 2],
        auto_pad: 'SAME_UPPER',
      }),
    );
    const { values } = await runGraph(bytes, floats([1, 1, 4, 4], count(16)));
    // Sums of the 3×3 windows whose top left corners are (0,0), (0,2), (2,0), (2,2) of the 4×4 numbers 1 to 16.
    expect(values).toEqual([
      1 + 2 + 3 + 5 + 6 + 7 + 9 + 10 + 11,
      3 + 4 + 7 + 8 + 11 + 12,
      9 + 10 + 11 + 13 + 14 + 15,
      11 + 12 + 15 + 16,
    ]);
  });

  test('a matrix product with a bias gives the numbers worked out by hand, for any batch', async () => {
    const bytes = toyGraph(['n', 2], ['n', 3], (g, x) =>
      g.node('Gemm', [x, g.floats([2, 3], [1, 2, 3, 4, 5, 6]), g.floats([3], [0.5, 0, -0.5])], {
        alpha: float(2),
      }),
    );
    const { shape, values } = await runGraph(bytes, floats([2, 2], [1, 1, 10, 0]));
    expect(shape).toEqual([2, 3]);
    expect(values).toEqual([10.5, 14, 17.5, 20.5, 40, 59.5]);
  });

  test('integer constants, scalars and axes reach the runtime as they were given', async () => {
    const bytes = toyGraph(['n', 3], ['n'], (g, x) => {
      const last = g.node('Gather', [x, g.ints([], [-1])], { axis: 1 });
      return g.node('Mul', [last, g.floats([], [0.5])]);
    });
    expect(await runGraph(bytes, floats([2, 3], [1, 2, 3, 4, 5, 6]))).toEqual({
      shape: [2],
      values: [1.5, 3],
    });
  });

  test('bytes go in as uint8', async () => {
    const g = new GraphWriter('toy');
    const x = g.input('x', 'uint8', ['n']);
    g.output('y', g.node('Cast', [x], { to: 1 }), 'float32', ['n']);
    const { values } = await runGraph(g.toBytes(), new Tensor('uint8', Uint8Array.of(0, 128, 255), [3]));
    expect(values).toEqual([0, 128, 255]);
  });

  test('one value can feed several nodes', async () => {
    const bytes = toyGraph([2], [2], (g, x) => {
      const twice = g.node('Add', [x, x]);
      return g.node('Mul', [twice, g.node('Add', [twice, x])]);
    });
    expect((await runGraph(bytes, floats([2], [1, 2]))).values).toEqual([6, 24]);
  });
});

function build(bias: number): Uint8Array {
  const g = new GraphWriter('toy');
  const x = g.input('x', 'float32', ['n', 2]);
  g.metadata('labels', 'ants\nbees');
  g.output('y', g.node('Add', [x, g.floats([1, 2], [bias, 1], 'bias')]), 'float32', ['n', 2]);
  return g.toBytes();
}

describe('the bytes of a graph', () => {
  test('the same calls give the same bytes, other numbers give others', () => {
    expect(build(1)).toEqual(build(1));
    expect(build(1)).not.toEqual(build(2));
  });

  test('hold opset 17, IR 8, names, shapes and metadata as ONNX writes them', () => {
    const model = fromBinary(ModelProtoSchema, build(1));
    expect(model.irVersion).toBe(8n);
    expect(model.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 17n]]);
    expect(model.metadataProps.map(({ key, value }) => [key, value])).toEqual([['labels', 'ants\nbees']]);
    expect(model.graph?.input.map(({ name }) => name)).toEqual(['x']);
    expect(model.graph?.output.map(({ name }) => name)).toEqual(['y']);
    expect(model.graph?.initializer.map(({ name, dims }) => [name, dims])).toEqual([['bias', [1n, 2n]]]);
  });

  test('data that does not fill its shape is refused at once', () => {
    const g = new GraphWriter('toy');
    expect(() => g.floats([2, 3], [1, 2, 3, 4, 5])).toThrow('5 values for shape [2, 3]');
    expect(() => g.ints([2], [1, 2, 3])).toThrow(RangeError);
    expect(() => g.floats([], [])).toThrow(RangeError);
  });

  test('data that changes after it was given does not change the graph', () => {
    const values = Float32Array.of(1, 2);
    const g = new GraphWriter('toy');
    g.output('y', g.node('Add', [g.input('x', 'float32', [2]), g.floats([2], values)]), 'float32', [2]);
    const before = g.toBytes();
    values.fill(9);
    expect(g.toBytes()).toEqual(before);
  });
});
