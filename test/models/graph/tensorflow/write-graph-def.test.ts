import { readFile } from 'node:fs/promises';
import { fromBinary, toBinary, toJson } from '@bufbuild/protobuf';
import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../src/core/random.ts';
import { measure } from '../../../../src/learn/layer/labelled-vectors.ts';
import { compileTensorFlow } from '../../../../src/models/graph/tensorflow/compile-tensorflow.ts';
import { readGraphDef } from '../../../../src/models/graph/tensorflow/tensorflow-graph.ts';
import {
  graphOutline,
  type RetrainedHead,
  writeRetrainedGraph,
} from '../../../../src/models/graph/tensorflow/write-graph-def.ts';
import { type GraphDef, GraphDefSchema } from '../../../../src/models/graph/tensorflow_pb.ts';
import { describeWithSharedData, sharedData } from '../../../shared-data.ts';
import { openTensorFlowJs } from './tensorflow-js.ts';
import { floats, graphDef, ints, node, numbers, placeholder, runOnnx, weights } from './toy-tensorflow.ts';

const random = seededRandom(5);
const someNumbers = (count: number, scale: number): Float32Array =>
  Float32Array.from({ length: count }, () => scale * (2 * random() - 1));

/** A head of three labels on five values. */
const head: RetrainedHead = {
  bottleneck: 'features',
  size: 5,
  weights: someNumbers(15, 1),
  bias: someNumbers(3, 1),
  output: 'final_result',
};

const trunk = [
  placeholder('picture', -1, 4),
  weights('w', 4, 5),
  node('features', 'MatMul', ['picture', 'w']),
  weights('old', 5, 7),
  node('old_logits', 'MatMul', ['features', 'old']),
];

function written(...nodes: Parameters<typeof graphDef>): GraphDef {
  return fromBinary(GraphDefSchema, bytesOf(...nodes));
}

function bytesOf(...nodes: Parameters<typeof graphDef>): Uint8Array {
  return writeRetrainedGraph(toBinary(GraphDefSchema, graphDef(...nodes)), 'toy.pb', head);
}

function json({ node: nodes }: GraphDef): readonly unknown[] {
  return nodes.map((one) => {
    const { value: _value, dilations: _dilations, ...attr } = one.attr;
    return { name: one.name, op: one.op, input: one.input, attr: Object.keys(attr).toSorted() };
  });
}

describe('a graph with a retrained head', () => {
  test('keeps the nodes that the answer needs, as they were, and adds those of retrain.py', () => {
    const { node: nodes } = written(...trunk);
    expect(nodes.map(({ name }) => name)).toEqual([
      'picture',
      'w',
      'features',
      'input/BottleneckInputPlaceholder',
      'final_training_ops/weights/final_weights',
      'final_training_ops/weights/final_weights/read',
      'final_training_ops/biases/final_biases',
      'final_training_ops/biases/final_biases/read',
      'final_training_ops/Wx_plus_b/MatMul',
      'final_training_ops/Wx_plus_b/add',
      'final_result',
    ]);
    expect(nodes.slice(0, 3)).toEqual(graphDef(...trunk).node.slice(0, 3));
  });

  test('keeps nodes that only set an order, because TensorFlow refuses a graph that names missing ones', () => {
    const { node: nodes } = written(
      placeholder('picture', -1, 4),
      node('check', 'CheckNumerics', ['picture']),
      node('also', 'NoOp', []),
      weights('w', 4, 5),
      node('features', 'MatMul', ['picture:0', 'w', '^check', '^also']),
    );
    expect(nodes.map(({ name }) => name)).toEqual(expect.arrayContaining(['check', 'also']));
  });

  test('keeps the decoding of photos that Inception of 2015 begins with: classify.py puts files in there', () => {
    const { node: nodes } = written(
      node('DecodeJpeg/contents', 'Const', []),
      node('DecodeJpeg', 'DecodeJpeg', ['DecodeJpeg/contents']),
      node('ResizeBilinear', 'ResizeBilinear', ['DecodeJpeg', 'size']),
      ints('size', [2], [299, 299]),
      node('features', 'Mul', ['ResizeBilinear', 'ResizeBilinear']),
      node('softmax', 'Softmax', ['features']),
    );
    const names = nodes.map(({ name }) => name);
    expect(names.slice(0, 5)).toEqual([
      'DecodeJpeg/contents',
      'DecodeJpeg',
      'ResizeBilinear',
      'size',
      'features',
    ]);
    expect(names).toContain('input/BottleneckInputPlaceholder');
    expect(names).not.toContain('softmax');
  });

  test('counts on where the name of a scope is taken, as TensorFlow does', () => {
    const inputs = ['input', 'input_1/x'].map((name) => placeholder(name, -1, 4));
    const graph = written(...inputs, weights('w', 4, 5), node('features', 'MatMul', ['input', 'w']));
    expect(graph.node.map(({ name }) => name)).toContain('input_2/BottleneckInputPlaceholder');
  });

  test('is the same to the byte each time', () => {
    expect(bytesOf(...trunk)).toEqual(bytesOf(...trunk));
  });

  test('gives the probabilities of the head, in ONNX Runtime and in TensorFlow.js', async () => {
    const bytes = bytesOf(...trunk);
    const picture = Float32Array.from(numbers(8));
    const compiled = compileTensorFlow(readGraphDef(bytes, 'written.pb'), {
      name: 'written',
      inputs: [{ node: 'picture' }],
      outputs: [{ node: 'features' }, { node: 'final_result' }],
    });
    const { features, final_result: found } = await runOnnx(compiled.bytes, {
      picture: new Tensor('float32', picture, [2, 4]),
    });
    const inputs = [0, 1].map((i) => features!.values.slice(i * 5, i * 5 + 5) as Float32Array);
    const { probabilities } = measure(head, { inputs, labels: [0, 0] });
    const wanted = Array.from(probabilities, (p): unknown => expect.closeTo(p, 6));
    expect([...found!.values]).toEqual(wanted);
    const reference = await (await openTensorFlowJs('cpu')).openGraph(fromBinary(GraphDefSchema, bytes));
    const [result] = reference.run({ picture: { shape: [2, 4], values: picture } }, ['final_result']);
    expect([...result!.values]).toEqual(wanted);
    reference.close();
  });

  test('is refused where there is no such layer, where the name is taken, and where it is no graph', () => {
    const bytes = toBinary(GraphDefSchema, graphDef(...trunk));
    const refusal = (changes: Partial<RetrainedHead>, from: Uint8Array = bytes): (() => void) => {
      return () => void writeRetrainedGraph(from, 'toy.pb', { ...head, ...changes });
    };
    expect(refusal({ bottleneck: 'pool_3' })).toThrow(/toy\.pb has no node "pool_3"/);
    expect(refusal({ output: 'features' })).toThrow(/has a node "features" already/);
    expect(refusal({}, bytesOf(...trunk))).toThrow(/retrained before/);
    expect(refusal({}, bytes.subarray(0, 50))).toThrow(/not a frozen TensorFlow graph|cut off/);
  });

  test('has an outline for TensorBoard: every node, no weights', () => {
    const big = [...trunk, floats('big', [1000], numbers(1000)), node('y', 'Add', ['features', 'big'])];
    const bytes = toBinary(GraphDefSchema, graphDef(...big));
    const outline = fromBinary(GraphDefSchema, graphOutline(bytes));
    expect(json(outline)).toEqual(json(graphDef(...big)));
    expect(graphOutline(bytes).length).toBeLessThan(1000);
  });
});

describeWithSharedData('beside the graphs that retrain.py wrote', () => {
  test.each([
    { real: 'glasses', base: 'mobilenet_v1_0.25_224', labels: 2 },
    { real: 'parts', base: 'mobilenet_v1_0.25_128', labels: 6 },
  ])('$real: every node has the name, the op, the inputs and the attributes of ours', async (graph) => {
    const read = (...parts: string[]): Promise<Uint8Array> => readFile(sharedData('models', ...parts));
    const base = await read('tf-slim', graph.base, 'frozen_graph.pb');
    const bytes = writeRetrainedGraph(base, 'frozen_graph.pb', {
      bottleneck: 'MobilenetV1/Predictions/Reshape',
      size: 1001,
      weights: new Float32Array(1001 * graph.labels),
      bias: new Float32Array(graph.labels),
      output: 'final_result',
    });
    const real = fromBinary(GraphDefSchema, await read('retrained', graph.real, 'retrained_graph.pb'));
    const own = fromBinary(GraphDefSchema, bytes);
    // Newer TensorFlows add dilations of 1 when they read a graph; older ones do not know them.
    expect(json(own)).toEqual(json(real));
    const added = (from: GraphDef): unknown => {
      const last = { ...from, node: from.node.slice(-8) };
      const { node: nodes, ...rest } = toJson(GraphDefSchema, last) as {
        node: { attr: { value?: { tensor: { tensorContent?: string } } } }[];
      };
      for (const { attr } of nodes) delete attr.value?.tensor.tensorContent;
      return { ...rest, nodes };
    };
    expect(added(own)).toEqual(added(real));
  });

  test('the head that TensorFlow trained, written by us, gives the file that TensorFlow wrote', async () => {
    const read = (...parts: string[]): Promise<Uint8Array> => readFile(sharedData('models', ...parts));
    const real = fromBinary(GraphDefSchema, await read('retrained/glasses/retrained_graph.pb'));
    const contentOf = (graph: GraphDef, name: string): Uint8Array => {
      const value = graph.node.find((one) => one.name === name)!.attr['value']!.value;
      return value.case === 'tensor' ? value.value.tensorContent : new Uint8Array(0);
    };
    const names = ['final_training_ops/weights/final_weights', 'final_training_ops/biases/final_biases'];
    const [byInput, bias] = names.map(
      (name) => new Float32Array(new Uint8Array(contentOf(real, name)).buffer),
    );
    const bytes = writeRetrainedGraph(await read('tf-slim/mobilenet_v1_0.25_224/frozen_graph.pb'), 'f.pb', {
      bottleneck: 'MobilenetV1/Predictions/Reshape',
      size: 1001,
      weights: Float32Array.from(byInput!, (_, i) => byInput![(i % 1001) * 2 + Math.floor(i / 1001)]!),
      bias: bias!,
      output: 'final_result',
    });
    const own = fromBinary(GraphDefSchema, bytes);
    for (const name of names) expect([...contentOf(own, name)]).toEqual([...contentOf(real, name)]);
  });
});
