import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { finalNodes, findOutput, placeholders } from '../../../../src/models/graph/tensorflow/graph-names.ts';
import { type NumberTensor, readTensor } from '../../../../src/models/graph/tensorflow/tensor-proto.ts';
import { nodeOutput, readGraphDef } from '../../../../src/models/graph/tensorflow/tensorflow-graph.ts';
import { DataType, GraphDefSchema, TensorProtoSchema } from '../../../../src/models/graph/tensorflow_pb.ts';
import { GraphWriter } from '../../../../src/models/graph/writer.ts';
import {
  flag,
  floats,
  graphDef,
  ints,
  list,
  node,
  placeholder,
  real,
  text,
  texts,
  toyGraph,
  type,
} from './toy-tensorflow.ts';

function tensor(init: Omit<MessageInitShape<typeof TensorProtoSchema>, '$typeName'>, ...sizes: number[]) {
  const dim = sizes.map((size) => ({ size: BigInt(size) }));
  return readTensor(create(TensorProtoSchema, { ...init, tensorShape: { dim } }));
}

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer as ArrayBuffer);
}

describe('constants', () => {
  test.each([
    { name: 'DT_FLOAT', bytes: bytesOf(Float32Array.of(0.5, -3)), type: 'float', values: [0.5, -3] },
    { name: 'DT_DOUBLE', bytes: bytesOf(Float64Array.of(0.5, -3)), type: 'float', values: [0.5, -3] },
    { name: 'DT_HALF', bytes: bytesOf(Uint16Array.of(0x3800, 0xc200)), type: 'float', values: [0.5, -3] },
    { name: 'DT_BFLOAT16', bytes: bytesOf(Uint16Array.of(0x3f00, 0xc040)), type: 'float', values: [0.5, -3] },
    { name: 'DT_INT32', bytes: bytesOf(Int32Array.of(70_000, -3)), type: 'int', values: [70_000, -3] },
    {
      name: 'DT_INT64',
      bytes: bytesOf(BigInt64Array.of(2n ** 40n, -3n)),
      type: 'int',
      values: [2 ** 40, -3],
    },
    { name: 'DT_UINT8', bytes: Uint8Array.of(255, 3), type: 'int', values: [255, 3] },
    { name: 'DT_QUINT8', bytes: Uint8Array.of(255, 3), type: 'int', values: [255, 3] },
    { name: 'DT_QINT8', bytes: Uint8Array.of(255, 3), type: 'int', values: [-1, 3] },
    { name: 'DT_QINT32', bytes: bytesOf(Int32Array.of(70_000, -3)), type: 'int', values: [70_000, -3] },
    { name: 'DT_BOOL', bytes: Uint8Array.of(1, 0), type: 'bool', values: [1, 0] },
  ] as const)('$name is read from its bytes', ({ name, bytes, type: kind, values }) => {
    const read = tensor({ dtype: DataType[name], tensorContent: bytes }, 2);
    expect(read).toMatchObject({ type: kind, shape: [2] });
    expect([...read.data]).toEqual(values);
  });

  test.each([
    { what: 'floats', init: { dtype: DataType.DT_FLOAT, floatVal: [1, 0.5] }, values: [1, 0.5, 0.5, 0.5] },
    { what: 'halves', init: { dtype: DataType.DT_HALF, halfVal: [0x3800] }, values: [0.5, 0.5, 0.5, 0.5] },
    { what: 'integers', init: { dtype: DataType.DT_INT32, intVal: [7, -1] }, values: [7, -1, -1, -1] },
    { what: 'long integers', init: { dtype: DataType.DT_INT64, int64Val: [5n] }, values: [5, 5, 5, 5] },
    { what: 'small integers', init: { dtype: DataType.DT_QUINT8, intVal: [9] }, values: [9, 9, 9, 9] },
    { what: 'flags', init: { dtype: DataType.DT_BOOL, boolVal: [true] }, values: [1, 1, 1, 1] },
    { what: 'nothing', init: { dtype: DataType.DT_FLOAT }, values: [0, 0, 0, 0] },
  ])('a list of $what that is too short repeats its last value', ({ init, values }) => {
    expect([...tensor(init, 2, 2).data]).toEqual(values);
  });

  test('bytes and list of the same type hold the same halves, down to the smallest and up to infinity', () => {
    const bits = [0x0001, 0x03ff, 0x0400, 0x7bff, 0x7c00, 0xfc00, 0x8000];
    const values = [2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65504, Infinity, -Infinity, -0];
    const read = tensor({ dtype: DataType.DT_HALF, tensorContent: bytesOf(Uint16Array.from(bits)) }, 7);
    expect([...read.data]).toEqual(values);
    expect([...tensor({ dtype: DataType.DT_HALF, halfVal: bits }, 7).data]).toEqual(values);
    expect((tensor({ dtype: DataType.DT_HALF, halfVal: [0x7e00] }) as NumberTensor).data[0]).toBeNaN();
  });

  test('text is read as text', () => {
    const stringVal = [new TextEncoder().encode('été')];
    expect(tensor({ dtype: DataType.DT_STRING, stringVal }, 1)).toMatchObject({
      type: 'text',
      data: ['été'],
    });
  });

  test('sizes that do not fit the values, or would fill the memory, are refused', () => {
    const short = { dtype: DataType.DT_FLOAT, tensorContent: new Uint8Array(7) };
    expect(() => tensor(short, 2)).toThrow('a constant of shape [2] that holds 7 bytes');
    expect(() => tensor({ dtype: DataType.DT_FLOAT, floatVal: [1, 2, 3] }, 2)).toThrow('holds 3 values');
    expect(() => tensor({ dtype: DataType.DT_FLOAT, floatVal: [1] }, 2 ** 20, 2 ** 20)).toThrow('[1048576,');
    expect(() => tensor({ dtype: DataType.DT_FLOAT }, -1)).toThrow('[-1]');
    expect(() => tensor({ dtype: DataType.DT_VARIANT }, 1)).toThrow('a constant of type DT_VARIANT');
  });
});

describe('readGraphDef', () => {
  test('gives nodes with their inputs and attributes, and leaves out what is only an order', () => {
    const attributes = { a: real(0.5), b: flag(true), c: text('SAME'), d: list(1, 2), e: texts('x', 'y') };
    const { nodes } = toyGraph(
      placeholder('x', -1, 3),
      node('y', 'Op', ['x', 'other:2', '^guard'], { ...attributes, f: type(DataType.DT_HALF) }),
    );
    expect(nodes.get('y')).toMatchObject({
      inputs: [
        { node: 'x', index: 0 },
        { node: 'other', index: 2 },
      ],
    });
    expect(Object.fromEntries(nodes.get('y')!.attributes)).toEqual({
      a: 0.5,
      b: true,
      c: 'SAME',
      d: [1, 2],
      e: ['x', 'y'],
      f: 'DT_HALF',
    });
    expect(nodes.get('x')!.attributes.get('shape')).toEqual({ shape: [-1, 3] });
  });

  const bytes = toBinary(GraphDefSchema, graphDef(placeholder('x', -1, 3), floats('c', [3], [1, 2, 3])));

  test('a file that was cut off is no graph', () => {
    const notAModel = expect.objectContaining({
      code: 'not-a-model',
      message: expect.stringMatching(/^toy\.pb is not a frozen TensorFlow graph/),
    });
    expect(() => readGraphDef(bytes.subarray(0, -3), 'toy.pb')).toThrow(notAModel);
    expect(() => readGraphDef(bytes.subarray(0, 9), 'toy.pb')).toThrow(notAModel);
    expect(() => readGraphDef(new Uint8Array(0), 'toy.pb')).toThrow(notAModel);
  });

  test('neither text, nor a picture, nor an ONNX file is a graph', () => {
    const g = new GraphWriter('toy');
    g.output('y', g.input('x', 'float32', [1]), 'float32', [1]);
    const others = [new TextEncoder().encode('a: 1\n'), Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), g.toBytes()];
    for (const other of others) {
      expect(() => readGraphDef(other, 'toy.pb')).toThrow(expect.objectContaining({ code: 'not-a-model' }));
    }
  });

  test('two nodes of one name are refused', () => {
    expect(() => toyGraph(node('y', 'Op', []), node('y', 'Op', []))).toThrow(
      'toy.pb has two nodes of the name "y"',
    );
  });
});

describe('names', () => {
  const graph = toyGraph(
    placeholder('input', 1, 224, 224, 3),
    ints('shape', [2], [1, 1001]),
    node('MobilenetV1/Predictions/Reshape', 'Reshape', ['input', 'shape']),
    node('MobilenetV1/Predictions/Softmax', 'Softmax', ['MobilenetV1/Predictions/Reshape']),
    node('init', 'NoOp', []),
  );

  test('a name may say which output it means', () => {
    expect(nodeOutput('pool_3/_reshape:0')).toEqual({ node: 'pool_3/_reshape', index: 0 });
    expect(nodeOutput('split:2')).toEqual({ node: 'split', index: 2 });
    expect(nodeOutput('a:b')).toEqual({ node: 'a:b', index: 0 });
  });

  test('a graph without a manual says what goes in and what comes out', () => {
    expect(placeholders(graph)).toEqual([{ name: 'input', type: 'DT_FLOAT', shape: [1, 224, 224, 3] }]);
    expect(finalNodes(graph)).toEqual(['MobilenetV1/Predictions/Softmax']);
  });

  test('a name that is not there is answered with those near it', () => {
    expect(() => findOutput(graph, 'MobileNetV1/Predictions/Reshap:0')).toThrow(
      expect.objectContaining({
        code: 'not-found',
        message: expect.stringMatching(
          /^toy\.pb has no node "MobileNetV1\/Predictions\/Reshap"\. Near it: "MobilenetV1\/Predictions\/Reshape", /,
        ),
      }),
    );
  });
});
