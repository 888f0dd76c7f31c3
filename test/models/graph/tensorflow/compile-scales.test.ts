/** Ops that pad, scale and reduce pictures, compiled from TensorFlow graphs, against TensorFlow.js. */

import { describe, expect, test } from 'vitest';
import {
  agreement,
  compared,
  flag,
  floats,
  ints,
  node,
  numbers,
  picture,
  text,
  weights,
  whole,
  windowed,
} from './toy-tensorflow.ts';

const x = picture(2, 4, 3, 5);

/** A value that is held in planes. */
const planes = [weights('w', 2, 2, 5, 4), node('planes', 'Conv2D', ['x', 'w'], windowed('SAME'))];

describe('borders and scales', () => {
  const paddings = ints('p', [4, 2], [0, 0, 1, 2, 0, 1, 2, 0]);

  test('padding with zeros, with a value, and with the picture itself', async () => {
    expect(
      await compared(
        x,
        [
          ...planes,
          paddings,
          floats('value', [], [0.5]),
          node('zeros', 'Pad', ['planes', 'p']),
          node('values', 'PadV2', ['x', 'p', 'value']),
          node('reflected', 'MirrorPad', ['planes', 'p'], { mode: text('REFLECT') }),
          node('mirrored', 'MirrorPad', ['planes', 'p'], { mode: text('SYMMETRIC') }),
          node('mirrored x', 'MirrorPad', ['x', 'p'], { mode: text('SYMMETRIC') }),
        ],
        { outputs: ['zeros', 'values', 'reflected', 'mirrored', 'mirrored x'] },
      ),
    ).toMatchObject(agreement);
  });

  test('channels of zeros before and behind those of a picture', async () => {
    const channels = ints('more', [4, 2], [0, 0, 0, 0, 0, 0, 1, 2]);
    const nodes = [...planes, channels, node('y', 'Pad', ['planes', 'more'])];
    expect(await compared(x, nodes)).toMatchObject(agreement);
  });

  const sizes = [
    [8, 6],
    [7, 5],
    [2, 2],
    [3, 9],
  ] as const;

  test.each(sizes)(
    'a picture of 4 × 3 becomes %i × %i as each attribute of TensorFlow says',
    async (...size) => {
      const corners = { align_corners: flag(true), half_pixel_centers: flag(false) };
      const centres = { align_corners: flag(false), half_pixel_centers: flag(true) };
      const first = { align_corners: flag(false), half_pixel_centers: flag(false) };
      const results = ['ResizeBilinear', 'ResizeNearestNeighbor'].flatMap((op) =>
        [corners, centres, first].map((attributes, i) => node(`${op}${i}`, op, ['x', 'size'], attributes)),
      );
      const nodes = [ints('size', [2], size), ...results];
      const outputs = results.map(({ name }) => name!);
      expect(await compared(x, nodes, { outputs })).toMatchObject(agreement);
      expect(await compared(x, nodes, { outputs, shape: [2, 4, 3, 5] })).toMatchObject(agreement);
    },
  );
});

describe('reductions', () => {
  test.each(['Mean', 'Sum', 'Max', 'Min', 'Prod'])('%s over any axes', async (op) => {
    const axes = [[1, 2], [3], [-1], [1], [2, 3], [0, 1, 2, 3]];
    const results = axes.flatMap((numbersOf, i) => [
      ints(`axes${i}`, [numbersOf.length], numbersOf),
      node(`kept${i}`, op, ['planes', `axes${i}`], { keep_dims: flag(true) }),
      node(`gone${i}`, op, ['planes', `axes${i}`], { keep_dims: flag(false) }),
    ]);
    const outputs = axes.flatMap((_, i) => [`kept${i}`, `gone${i}`]);
    expect(await compared(x, [...planes, ...results], { outputs })).toMatchObject(agreement);
  });

  test('the local norm of early networks', async () => {
    const attributes = { depth_radius: whole(2), bias: { value: { case: 'f' as const, value: 2 } } };
    expect(await compared(x, [...planes, node('y', 'LRN', ['planes'], attributes)])).toMatchObject(agreement);
  });

  test('numbers that only constants lead to are worked out', async () => {
    const { differences, ops } = await compared(x, [
      ints('sizes', [2], [2, 5]),
      floats('half', [], [0.5]),
      floats('c', [2, 1], numbers(2)),
      ints('from', [], [0]),
      ints('to', [], [5]),
      ints('by', [], [1]),
      node('filled', 'Fill', ['sizes', 'half']),
      node('range', 'Range', ['from', 'to', 'by']),
      node('steps', 'Cast', ['range'], { DstT: { value: { case: 'type', value: 1 } } }),
      node('sum', 'AddV2', ['filled', 'steps']),
      node('product', 'Mul', ['sum', 'c']),
      ints('again', [2], [1, 0]),
      ints('columns', [], [1]),
      node('turned', 'Transpose', ['product', 'again']),
      node('picked', 'GatherV2', ['turned', 'again', 'columns']),
      node('back', 'Transpose', ['picked', 'again']),
      node('row', 'StridedSlice', ['back', 'from1', 'one1', 'one1'], { shrink_axis_mask: whole(1) }),
      ints('from1', [1], [0]),
      ints('one1', [1], [1]),
      node('y', 'Add', ['x', 'row']),
    ]);
    expect(differences).toEqual([]);
    expect(ops).toEqual({ Add: 1, Identity: 1 });
  });
});
