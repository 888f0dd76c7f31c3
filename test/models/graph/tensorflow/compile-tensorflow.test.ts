/** The compiler does what can be asked of it, and reports why it cannot do the rest. */

import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { readOnnx } from '../../../../src/models/graph/read-onnx.ts';
import {
  type CompileOptions,
  compileTensorFlow,
} from '../../../../src/models/graph/tensorflow/compile-tensorflow.ts';
import { writeTensorFlow } from '../../../../src/models/graph/tensorflow/write-tensorflow.ts';
import { GraphWriter } from '../../../../src/models/graph/writer.ts';
import {
  floats,
  ints,
  list,
  node,
  opsIn,
  placeholder,
  runOnnx,
  text,
  toyGraph,
  weights,
  windowed,
} from './toy-tensorflow.ts';

const graph = toyGraph(
  placeholder('input', 1, 2, 2, 3),
  floats('w', [1, 1, 3, 2], [1, 0, 0, 1, 0, 1]),
  node('conv', 'Conv2D', ['input', 'w'], windowed('SAME')),
  ints('sizes', [2], [1, 8]),
  node('flat', 'Reshape', ['conv', 'sizes']),
  node('label', 'PlaceholderWithDefault', ['flat']),
  node('unused', 'SparseCross', ['input']),
);

const options: CompileOptions = { name: 'toy', inputs: [{ node: 'input' }], outputs: [{ node: 'label' }] };

const pixels = Uint8Array.from({ length: 24 }, (_, i) => i * 10);

describe('inputs and outputs', () => {
  test('take the names and shapes of the graph, with any number of pictures', async () => {
    const { bytes, ...described } = compileTensorFlow(graph, options);
    expect(described).toEqual({
      inputs: [{ name: 'input', type: 'float32', shape: ['n', 2, 2, 3] }],
      outputs: [{ name: 'label', type: 'float32', shape: ['n', 8] }],
    });
    const input = new Tensor('float32', Float32Array.from(pixels), [2, 2, 2, 3]);
    const { label } = await runOnnx(bytes, { input });
    const wanted = [0, 30, 30, 90, 60, 150, 90, 210, 120, 270, 150, 330, 180, 390, 210, 450];
    expect(label).toEqual({ shape: [2, 8], values: Float32Array.from(wanted) });
  });

  test('may be renamed, given a shape, and prepared from bytes', async () => {
    const { bytes, ...described } = compileTensorFlow(graph, {
      name: 'toy',
      inputs: [
        {
          node: 'input:0',
          name: 'pixels',
          shape: ['n', 4, 1, 3],
          preparation: { mean: [10, 20, 30], scale: 0.5 },
        },
      ],
      outputs: [
        { node: 'conv', name: 'planes' },
        { node: 'conv:0', name: 'mean', pool: 'mean' },
      ],
      metadata: { labels: 'cat\ndog' },
    });
    expect(described).toEqual({
      inputs: [{ name: 'pixels', type: 'uint8', shape: ['n', 4, 1, 3] }],
      outputs: [
        { name: 'planes', type: 'float32', shape: ['n', 4, 1, 2] },
        { name: 'mean', type: 'float32', shape: ['n', 2] },
      ],
    });
    const found = await runOnnx(bytes, { pixels: new Tensor('uint8', pixels.slice(0, 12), [1, 4, 1, 3]) });
    expect([...found['planes']!.values]).toEqual([-5, -10, 10, 20, 25, 50, 40, 80]);
    expect([...found['mean']!.values]).toEqual([17.5, 35]);
    expect(readOnnx(bytes, 'toy.onnx').metadata('labels')).toBe('cat\ndog');
  });

  test('pictures of a network that takes blue first are turned to its order before its means are taken off', async () => {
    const run = async (order: 'rgb' | 'bgr', rgb: readonly number[]): Promise<number[]> => {
      const preparation = { mean: [1, 2, 3], scale: 1, order } as const;
      const inputs = [{ node: 'input', name: 'pixels', shape: ['n', 1, 1, 3], preparation }];
      const { bytes } = compileTensorFlow(graph, { name: 'toy', inputs, outputs: [{ node: 'conv' }] });
      const found = await runOnnx(bytes, { pixels: new Tensor('uint8', Uint8Array.from(rgb), [1, 1, 1, 3]) });
      return [...found['conv']!.values];
    };
    expect(await run('bgr', [10, 20, 40])).toEqual(await run('rgb', [40, 20, 10]));
    expect(await run('bgr', [10, 20, 40])).not.toEqual(await run('rgb', [10, 20, 40]));
  });

  test('a fixed number of pictures stays fixed', () => {
    const inputs = [{ node: 'input', shape: [1, 2, 2, 3] }];
    const { outputs } = compileTensorFlow(graph, { ...options, inputs });
    expect(outputs).toEqual([{ name: 'label', type: 'float32', shape: [1, 8] }]);
  });

  test('a node in the middle can be an input, and what is before it is left out', () => {
    const inputs = [{ node: 'conv', shape: ['n', 2, 2, 2] }];
    const { bytes } = compileTensorFlow(graph, { ...options, inputs });
    expect(opsIn(bytes)).toEqual({ Reshape: 1, Identity: 1 });
  });

  test('what no output needs is left out, unknown ops as well', () => {
    expect(opsIn(compileTensorFlow(graph, options).bytes)).toEqual({
      Transpose: 2,
      Conv: 1,
      Reshape: 1,
      Identity: 1,
    });
  });

  test('the same graph gives the same bytes', () => {
    expect(compileTensorFlow(graph, options).bytes).toEqual(compileTensorFlow(graph, options).bytes);
  });

  test('more can be written behind a graph', async () => {
    const g = new GraphWriter('toy');
    const given = { value: g.input('x', 'float32', ['n', 2, 2, 3]), shape: ['n', 2, 2, 3] } as const;
    const [flat] = writeTensorFlow(g, graph, new Map([['input', { ...given, layout: 'plain' }]]), [
      { node: 'flat' },
    ]);
    expect(flat).toMatchObject({ type: 'float32', shape: ['n', 8] });
    g.output('y', g.node('Neg', [flat!.value]), 'float32', ['n', 8]);
    const x = new Tensor('float32', new Float32Array(12).fill(1), [1, 2, 2, 3]);
    expect([...(await runOnnx(g.toBytes(), { x }))['y']!.values]).toEqual([-1, -2, -1, -2, -1, -2, -1, -2]);
  });
});

function badWeights(message: string): unknown {
  return expect.objectContaining({ code: 'bad-weights', message: expect.stringContaining(message) });
}

describe('what cannot be compiled', () => {
  test('an op that is not known is named with its node', () => {
    const outputs = [{ node: 'unused' }];
    expect(() => compileTensorFlow(graph, { ...options, outputs })).toThrow(
      badWeights('toy.pb: node "unused" (SparseCross) cannot be compiled'),
    );
  });

  test("a node that lacks an input is named, in words that are no engine's", () => {
    // Found by fuzzing: "Cannot read properties of undefined (reading 'shape')".
    const lame = toyGraph(placeholder('input', -1, 2), node('product', 'MatMul', ['input']));
    expect(() => compileTensorFlow(lame, { ...options, outputs: [{ node: 'product' }] })).toThrow(
      badWeights(
        'toy.pb: node "product" (MatMul) cannot be compiled: its inputs or attributes are not those of this op.',
      ),
    );
  });

  test.each([
    ['Fill', [ints('a', [2], [1e5, 1e5]), floats('b', [], [0])]],
    ['Range', [ints('a', [], [0]), ints('b', [], [2e9]), ints('c', [], [1])]],
    ['Add', [floats('a', [4000, 1], Array(4000).fill(1)), floats('b', [1, 4000], Array(4000).fill(1))]],
  ])('a small file that asks for numbers without end is refused: %s', (op, constants) => {
    const names = constants.map(({ name }) => name!);
    const greedy = toyGraph(placeholder('input', -1, 2), ...constants, node('much', op, names));
    expect(() => compileTensorFlow(greedy, { ...options, outputs: [{ node: 'much' }] })).toThrow(
      badWeights(`node "much" (${op}) cannot be compiled: it asks for`),
    );
  });

  test('a name that is not in the graph is answered with those near it', () => {
    const notFound = expect.objectContaining({
      code: 'not-found',
      message: expect.stringContaining('"input"'),
    });
    expect(() => compileTensorFlow(graph, { ...options, inputs: [{ node: 'inputs' }] })).toThrow(notFound);
    expect(() => compileTensorFlow(graph, { ...options, outputs: [{ node: 'imput' }] })).toThrow(notFound);
  });

  test('a name with a line break in it is a name like any other', async () => {
    const broken = toyGraph(
      placeholder('pic\nture', -1, 2),
      floats('one', [2], [1, 1]),
      node('sum', 'AddV2', ['pic\nture:0', 'one']),
    );
    const named = { name: 'toy', inputs: [{ node: 'pic\nture', name: 'x' }], outputs: [{ node: 'sum' }] };
    const { bytes } = compileTensorFlow(broken, named);
    const { sum } = await runOnnx(bytes, { x: new Tensor('float32', [2, 3], [1, 2]) });
    expect([...sum!.values]).toEqual([3, 4]);
  });

  test('an input that nobody named is named', () => {
    expect(() => compileTensorFlow(graph, { ...options, inputs: [] })).toThrow(
      badWeights('node "input" (Placeholder) cannot be compiled: it is an input of the graph'),
    );
  });

  test("a size that is known only when the graph runs is refused, in words that are no engine's", () => {
    // Found by fuzzing: "The number NaN cannot be converted to a BigInt".
    const late = toyGraph(
      placeholder('input', -1, 4),
      node('shape', 'Shape', ['input']),
      node('tiled', 'Tile', ['input', 'shape']),
    );
    expect(() => compileTensorFlow(late, { ...options, outputs: [{ node: 'tiled' }] })).toThrow(
      badWeights(
        'node "tiled" (Tile) cannot be compiled: it needs the number of pictures before the graph runs',
      ),
    );
  });

  test('a second output that the op does not write is refused by its reader', () => {
    expect(() => compileTensorFlow(graph, { ...options, outputs: [{ node: 'conv:1' }] })).toThrow(
      badWeights('the compiler does not write "conv:1"'),
    );
  });

  test('a file that ends before its nodes do is called cut off', () => {
    const cut = toyGraph(placeholder('input', 1, 2, 2, 3), node('conv', 'Conv2D', ['input', 'w']));
    expect(() => compileTensorFlow(cut, { ...options, outputs: [{ node: 'conv' }] })).toThrow(
      badWeights('node "conv" reads "w", which is not in the file: it is cut off'),
    );
  });

  test('a graph that runs in a circle does not run forever', () => {
    const circle = toyGraph(
      node('a', 'Relu', ['b']),
      node('b', 'Relu', ['c']),
      node('c', 'Relu', ['a']),
      placeholder('input', 1, 3),
    );
    expect(() => compileTensorFlow(circle, { ...options, outputs: [{ node: 'a' }] })).toThrow(
      badWeights('toy.pb runs in a circle at node "a"'),
    );
  });

  test('a shape that the file leaves open has to be named', () => {
    const open = toyGraph(placeholder('input', -1, -1, -1, 3), node('label', 'Relu', ['input']));
    const nothing = toyGraph(node('input', 'Placeholder', []), node('label', 'Relu', ['input']));
    expect(() => compileTensorFlow(open, options)).toThrow(badWeights('shape of input "input"'));
    expect(() => compileTensorFlow(nothing, options)).toThrow(badWeights('shape of input "input"'));
  });

  test('RGB pictures do not fit an input of other channels', () => {
    const grey = toyGraph(placeholder('input', 1, 2, 2, 1), node('label', 'Relu', ['input']));
    const inputs = [{ node: 'input', preparation: { mean: [0, 0, 0], scale: 1 } }] as const;
    expect(() => compileTensorFlow(grey, { ...options, inputs })).toThrow(badWeights('[n, 2, 2, 1]'));
  });

  test.each([
    {
      why: 'its data_format is NCHW, not NHWC',
      nodes: [node('label', 'BiasAdd', ['input', 'b'], { data_format: text('NCHW') })],
    },
    { why: 'filters are of shape [3]', nodes: [node('label', 'Conv2D', ['input', 'b'], windowed('SAME'))] },
    {
      why: 'filters [1, 1, 5, 2] on a picture',
      nodes: [weights('v', 1, 1, 5, 2), node('label', 'Conv2D', ['input', 'v'])],
    },
    {
      why: 'makes [n, 2, 2, 3] into [7]',
      nodes: [ints('s', [1], [7]), node('label', 'Reshape', ['input', 's'])],
    },
    { why: 'not constant', nodes: [node('label', 'Reshape', ['input', 'input'])] },
    { why: 'axis 2', nodes: [node('label', 'Squeeze', ['input'], { squeeze_dims: list(2) })] },
    { why: 'do not fit together', nodes: [weights('v', 4), node('label', 'Maximum', ['input', 'v'])] },
    {
      why: 'still training',
      nodes: [
        node('label', 'FusedBatchNorm', ['input', 'b', 'b', 'b', 'b'], {
          is_training: { value: { case: 'b', value: true } },
        }),
      ],
    },
    { why: 'number of pictures', nodes: [node('label', 'Unpack', ['input'])] },
    {
      why: 'name an input with a fixed shape',
      nodes: [node('label', 'Squeeze', ['input'], { squeeze_dims: list(0) })],
    },
    { why: 'is not known before', nodes: [ints('i', [], [0]), node('label', 'Gather', ['input', 'i'])] },
    {
      why: 'attribute padding is 3',
      nodes: [
        weights('v', 1, 1, 3, 2),
        node('label', 'Conv2D', ['input', 'v'], { padding: { value: { case: 'i', value: 3n } } }),
      ],
    },
  ])('a node that does not fit says why: $why', ({ why, nodes }) => {
    const wrong = toyGraph(placeholder('input', 1, 2, 2, 3), weights('b', 3), ...nodes);
    expect(() => compileTensorFlow(wrong, options)).toThrow(badWeights(why));
    expect(() => compileTensorFlow(wrong, options)).toThrow(badWeights('toy.pb: node "label"'));
  });
});
