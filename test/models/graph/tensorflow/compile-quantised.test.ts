/** Weights and values of few bits against the numbers that TensorFlow 2.21 gives for the same nodes. */

import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { compileTensorFlow } from '../../../../src/models/graph/tensorflow/compile-tensorflow.ts';
import { DataType } from '../../../../src/models/graph/tensorflow_pb.ts';
import {
  constant,
  flag,
  floats,
  node,
  opsIn,
  placeholder,
  runOnnx,
  text,
  toyGraph,
  type,
  whole,
} from './toy-tensorflow.ts';

const unsigned = Uint8Array.of(0, 1, 127, 255);
const signed = Int8Array.of(-128, -127, 63, 127);
const wide = new Uint8Array(Int32Array.of(-2147483648, 0, 1073741823, 2147483647).buffer);

const cases = [
  { mode: 'MIN_COMBINED', name: 'DT_QUINT8', bytes: unsigned, values: [-1.37, -1.356353, 0.363176, 2.11] },
  { mode: 'MIN_COMBINED', name: 'DT_QINT8', bytes: signed, values: [-1.37, -1.356353, 1.236588, 2.11] },
  { mode: 'MIN_COMBINED', name: 'DT_QINT32', bytes: wide, values: [-1.37, 0.37, 1.24, 2.11] },
  {
    mode: 'MIN_FIRST',
    name: 'DT_QUINT8',
    bytes: unsigned,
    values: [-1.364706, -1.351059, 0.368471, 2.115294],
  },
  { mode: 'MIN_FIRST', name: 'DT_QINT8', bytes: signed, values: [-1.364706, -1.351059, 1.241882, 2.115294] },
  { mode: 'SCALED', name: 'DT_QUINT8', bytes: unsigned, values: [0, 0.008275, 1.050863, 2.11] },
  { mode: 'SCALED', name: 'DT_QINT8', bytes: signed, values: [-2.126614, -2.11, 1.046693, 2.11] },
] as const;

describe('Dequantize', () => {
  test.each(cases)('$mode of $name is worked out', async ({ mode, name, bytes, values }) => {
    const dtype = DataType[name];
    const graph = toyGraph(
      placeholder('x', -1, 4),
      constant('q', dtype, [4], new Uint8Array(bytes.buffer)),
      floats('min', [], [-1.37]),
      floats('max', [], [2.11]),
      node('weights', 'Dequantize', ['q', 'min', 'max'], { mode: text(mode), T: type(dtype) }),
      node('y', 'Add', ['x', 'weights']),
    );
    const options = { name: 'toy', inputs: [{ node: 'x' }], outputs: [{ node: 'y' }] };
    const { bytes: onnx } = compileTensorFlow(graph, options);
    const { y } = await runOnnx(onnx, { x: new Tensor('float32', new Float32Array(4), [1, 4]) });
    expect([...y!.values]).toEqual(values.map((value): unknown => expect.closeTo(value, 5)));
    expect(opsIn(onnx)).toEqual({ Add: 1, Identity: 1 });
  });

  test('of what the graph computes is refused by the name of the node', () => {
    const graph = toyGraph(
      placeholder('x', -1, 4),
      floats('min', [], [0]),
      node('integers', 'Dequantize', ['x', 'min', 'min']),
    );
    expect(() =>
      compileTensorFlow(graph, {
        name: 'toy',
        inputs: [{ node: 'x' }],
        outputs: [{ node: 'integers' }],
      }),
    ).toThrow('toy.pb: node "integers" (Dequantize) cannot be compiled: it reads integers');
  });
});

describe('FakeQuantWithMinMaxVars', () => {
  const values = [-3, -0.7, -0.001, 0.3, 1, 4];

  test.each([
    { bits: 8, narrow: false, wanted: [-1.49451, -0.696471, 0, 0.304706, 1.00118, 2.20549] },
    { bits: 8, narrow: true, wanted: [-1.50039, -0.699213, 0, 0.305906, 1.00512, 2.19961] },
    { bits: 3, narrow: false, wanted: [-1.58571, -0.528571, 0, 0.528571, 1.05714, 2.11429] },
  ])('rounds to $bits bits, values and constants alike', async ({ bits, narrow, wanted }) => {
    const attributes = { num_bits: whole(bits), narrow_range: flag(narrow) };
    const graph = toyGraph(
      placeholder('x', -1, 6),
      floats('min', [], [-1.5]),
      floats('max', [], [2.2]),
      floats('c', [6], values),
      node('y', 'FakeQuantWithMinMaxVars', ['x', 'min', 'max'], attributes),
      node('constant', 'FakeQuantWithMinMaxVars', ['c', 'min', 'max'], attributes),
      node('sum', 'Add', ['y', 'constant']),
    );
    const { bytes } = compileTensorFlow(graph, {
      name: 'toy',
      inputs: [{ node: 'x' }],
      outputs: [{ node: 'y' }, { node: 'sum' }],
    });
    const x = new Tensor('float32', Float32Array.from(values), [1, 6]);
    const { y, sum } = await runOnnx(bytes, { x });
    expect([...y!.values]).toEqual(wanted.map((value): unknown => expect.closeTo(value, 4)));
    expect([...sum!.values]).toEqual(wanted.map((value): unknown => expect.closeTo(2 * value, 4)));
  });
});
