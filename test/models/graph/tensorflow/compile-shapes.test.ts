/** Ops that reshape, cut and join, compiled from TensorFlow graphs, against TensorFlow.js. */

import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { compileTensorFlow } from '../../../../src/models/graph/tensorflow/compile-tensorflow.ts';
import {
  agreement,
  compared,
  ints,
  list,
  node,
  picture,
  placeholder,
  runOnnx,
  toyGraph,
  weights,
  whole,
  windowed,
} from './toy-tensorflow.ts';

const x = picture(2, 4, 3, 5);

/** A value that is held in planes. */
const planes = [weights('w', 2, 2, 5, 4), node('planes', 'Conv2D', ['x', 'w'], windowed('SAME'))];

describe('sizes', () => {
  test.each([[[-1, 48]], [[2, 3, 4, 4]], [[-1]], [[2, -1, 2]], [[4, -1, 6]]])(
    'reshape to %j',
    async (sizes) => {
      expect(
        await compared(
          x,
          [...planes, ints('s', [sizes.length], sizes), node('y', 'Reshape', ['planes', 's'])],
          { shape: [2, 4, 3, 5] },
        ),
      ).toMatchObject(agreement);
    },
  );

  test('a reshape to [-1, many] works for any number of pictures', async () => {
    expect(
      await compared(x, [...planes, ints('s', [2], [-1, 48]), node('y', 'Reshape', ['planes', 's'])]),
    ).toMatchObject(agreement);
  });

  test('a graph that was frozen for one picture means each of them, also after all were one long list', async () => {
    const one = [ints('rows', [2], [-1, 4]), ints('each', [3], [1, -1, 4]), ints('same', [4], [1, 4, 3, 4])];
    const toy = toyGraph(
      placeholder('x', 1, 4, 3, 5),
      ...planes,
      ...one,
      node('list', 'Reshape', ['planes', 'rows']),
      node('apart', 'Reshape', ['list', 'each']),
      node('again', 'Reshape', ['apart', 'same']),
    );
    const { bytes, outputs } = compileTensorFlow(toy, {
      name: 'toy',
      inputs: [{ node: 'x' }],
      outputs: ['list', 'apart', 'again', 'planes'].map((name) => ({ node: name })),
    });
    expect(outputs.map(({ shape }) => shape)).toEqual([
      ['12n', 4],
      ['n', 12, 4],
      ['n', 4, 3, 4],
      ['n', 4, 3, 4],
    ]);
    const found = await runOnnx(bytes, { x: new Tensor('float32', x.values, x.shape) });
    expect(found['list']!.shape).toEqual([24, 4]);
    expect(found['apart']!.shape).toEqual([2, 12, 4]);
    expect(found['again']).toEqual(found['planes']);
  });

  test('the number of pictures may come from Shape', async () => {
    expect(
      await compared(x, [
        ...planes,
        node('shape', 'Shape', ['planes']),
        ints('zero', [1], [0]),
        ints('one', [1], [1]),
        ints('rest', [], [-1]),
        node('n', 'StridedSlice', ['shape', 'zero', 'one', 'one'], { shrink_axis_mask: whole(1) }),
        node('sizes', 'Pack', ['n', 'rest'], { axis: whole(0) }),
        node('flat', 'Reshape', ['planes', 'sizes']),
        weights('dense', 48, 2),
        node('y', 'MatMul', ['flat', 'dense']),
      ]),
    ).toMatchObject(agreement);
  });

  test('dimensions of one come and go, in pooled pictures without turning them', async () => {
    const { differences, ops } = await compared(
      x,
      [
        ...planes,
        node('pool', 'AvgPool', ['planes'], { ...windowed('VALID'), ksize: list(1, 4, 3, 1) }),
        node('y', 'Squeeze', ['pool'], { squeeze_dims: list(1, 2) }),
        ints('last', [], [-1]),
        node('z', 'ExpandDims', ['y', 'last']),
      ],
      { outputs: ['y', 'z'] },
    );
    expect(differences).toEqual([]);
    expect(ops['Transpose']).toBe(1);
  });

  test.each([[[0, 3, 1, 2]], [[3, 2, 1, 0]], [[0, 2, 1, 3]]])('transpose to %j', async (perm) => {
    const constant = [weights('c', 2, 3, 4, 4), node('turned', 'Transpose', ['c', 'perm'])];
    const result = node('y', 'Transpose', ['planes', 'perm']);
    const nodes = [...planes, ...constant, ints('perm', [4], perm), result, node('z', 'Relu', ['turned'])];
    expect(await compared(x, nodes, { outputs: ['y', 'z'] })).toMatchObject(agreement);
  });
});

describe('parts', () => {
  test.each([-1, 1, 2])('join and part again along axis %i', async (axis) => {
    expect(
      await compared(
        x,
        [
          ...planes,
          node('other', 'Relu', ['planes']),
          ints('axis', [], [axis]),
          node('joined', 'ConcatV2', ['planes', 'other', 'planes', 'axis'], { N: whole(3) }),
          node('parts', 'Split', ['axis', 'joined'], { num_split: whole(3) }),
          ints('sizes', [3], [2, -1, 3]),
          node('uneven', 'SplitV', ['joined', 'sizes', 'axis'], { num_split: whole(3) }),
          node('stacked', 'Pack', ['planes', 'other'], { axis: whole(axis) }),
          node('unstacked', 'Unpack', ['planes'], { axis: whole(axis), num: whole([3, 4, 3, 4].at(axis)!) }),
        ],
        { outputs: ['joined', 'parts:1', 'uneven:1', 'uneven:2', 'stacked', 'unstacked', 'unstacked:2'] },
      ),
    ).toMatchObject(agreement);
  });

  test.each([
    { begin: [0, 1, 0, 1], end: [2, 3, 3, 4], strides: [1, 1, 1, 2], masks: {} },
    { begin: [0, -1, 0, 3], end: [0, 0, 0, -5], strides: [1, -2, 1, -1], masks: { begin: 1, end: 7 } },
    { begin: [0, 2], end: [0, 0], strides: [1, 1], masks: { begin: 1, end: 1, shrink: 2 } },
    { begin: [0, 0, 1], end: [0, 0, 3], strides: [1, 1, 1], masks: { ellipsis: 1, newAxis: 2 } },
  ])('slice $begin to $end by $strides', async ({ begin, end, strides, masks }) => {
    const bits: Partial<Record<string, number>> = masks;
    const attributes = {
      begin_mask: whole(bits['begin'] ?? 0),
      end_mask: whole(bits['end'] ?? 0),
      shrink_axis_mask: whole(bits['shrink'] ?? 0),
      ellipsis_mask: whole(bits['ellipsis'] ?? 0),
      new_axis_mask: whole(bits['newAxis'] ?? 0),
    };
    const bounds = { begin, end, strides };
    expect(
      await compared(
        x,
        [
          ...planes,
          ...Object.entries(bounds).map(([name, values]) => ints(name, [values.length], values)),
          node('y', 'StridedSlice', ['planes', 'begin', 'end', 'strides'], attributes),
        ],
        { shape: [2, 4, 3, 5] },
      ),
    ).toMatchObject(agreement);
  });

  test('Slice takes a size, or all there is', async () => {
    const bounds = [ints('from', [4], [0, 1, 0, 2]), ints('sizes', [4], [-1, 2, 3, -1])];
    expect(
      await compared(x, [...planes, ...bounds, node('y', 'Slice', ['planes', 'from', 'sizes'])]),
    ).toMatchObject(agreement);
  });

  test('gather by index along an axis, and by whole places', async () => {
    expect(
      await compared(
        x,
        [
          ...planes,
          ints('rows', [2, 2], [0, 3, 1, 1]),
          ints('places', [2, 3], [0, 1, 2, 1, 3, 0]),
          ints('one', [], [1]),
          ints('three', [], [3]),
          node('y', 'GatherV2', ['planes', 'rows', 'one']),
          node('z', 'GatherNd', ['planes', 'places']),
          node('best', 'ArgMax', ['planes', 'three']),
          node('across', 'ArgMin', ['planes', 'one']),
        ],
        { outputs: ['y', 'z', 'best', 'across'], shape: x.shape },
      ),
    ).toMatchObject(agreement);
  });
});
