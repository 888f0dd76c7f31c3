/** Arithmetic and activations, compiled from TensorFlow graphs, against TensorFlow.js. */

import { describe, expect, test } from 'vitest';
import { DataType } from '../../../../src/models/graph/tensorflow_pb.ts';
import {
  agreement,
  compared,
  flag,
  floats,
  ints,
  node,
  numbers,
  picture,
  real,
  type,
  weights,
  windowed,
} from './toy-tensorflow.ts';

const x = picture(2, 4, 3, 5);

/** A value that is held in planes. */
const planes = [
  weights('w', 2, 2, 5, 4),
  node('planes', 'Conv2D', ['x', 'w'], windowed('SAME')),
  node('busy', 'Relu', ['planes']),
];

const arithmetic = ['Add', 'AddV2', 'Sub', 'Mul', 'RealDiv', 'Maximum', 'Minimum', 'SquaredDifference'];

/** Shapes that fit [2, 4, 3, 4] by repetition. */
const partners = [[], [1], [4], [1, 1, 4], [3, 4], [3, 1], [4, 3, 4], [1, 4, 3, 4], [1, 4, 1, 1]];

describe('arithmetic of pictures and constants', () => {
  test.each(arithmetic)('%s with constants of every shape that fits, on both sides', async (op) => {
    const constants = partners.map((shape, i) => {
      const count = shape.reduce((a, b) => a * b, 1);
      // Away from 0, for divisions.
      return floats(
        `c${i}`,
        shape,
        numbers(count).map((v) => v + Math.sign(v)),
      );
    });
    const results = partners.flatMap((_, i) => [
      node(`right${i}`, op, ['busy', `c${i}`]),
      ...(op === 'RealDiv' ? [] : [node(`left${i}`, op, [`c${i}`, 'busy'])]),
    ]);
    const outputs = results.map(({ name }) => name!);
    expect(await compared(x, [...planes, ...constants, ...results], { outputs })).toMatchObject(agreement);
  });

  test.each(arithmetic)('%s of two computed values, one of them smaller', async (op) => {
    const results = [
      node('a', op, ['x', 'mean']),
      node('b', op, ['mean', 'x']),
      node('c', op, ['x', 'row']),
      node('d', op, ['other', 'x']),
    ];
    expect(
      await compared(
        picture(2, 4, 3, 3),
        [
          ints('axes', [2], [1, 2]),
          ints('all', [3], [0, 1, 2]),
          weights('f', 1, 1, 3, 3),
          node('mean', 'Mean', ['x', 'axes'], { keep_dims: { value: { case: 'b', value: true } } }),
          node('row', 'Max', ['x', 'all']),
          node('conv', 'Conv2D', ['x', 'f'], windowed('SAME')),
          node('other', 'Exp', ['conv']),
          ...results,
        ],
        { outputs: ['a', 'b', 'c', ...(op === 'RealDiv' ? [] : ['d'])] },
      ),
    ).toMatchObject(agreement);
  });

  test('scalings behind each other become one, and pictures are not turned for them', async () => {
    const { differences, ops } = await compared(x, [
      ...planes,
      floats('a', [4], numbers(4)),
      floats('b', [], [3]),
      node('scaled', 'Mul', ['busy', 'a']),
      node('shifted', 'Add', ['b', 'scaled']),
      node('again', 'Mul', ['shifted', 'b']),
      node('y', 'Relu', ['again']),
    ]);
    expect(differences).toEqual([]);
    expect(ops).toEqual({ Transpose: 2, Conv: 1, Relu: 2, Mul: 1, Add: 1, Identity: 1 });
  });

  test('AddN adds any number of values', async () => {
    expect(
      await compared(x, [node('twice', 'AddV2', ['x', 'x']), node('y', 'AddN', ['x', 'twice', 'x', 'x'])]),
    ).toMatchObject(agreement);
  });

  test('divisions round down, also below zero', async () => {
    const six = { shape: [6], values: Float32Array.of(7, -7, 6, -6, 1, -1) };
    expect(
      await compared(
        six,
        [
          floats('four', [], [4]),
          ints('whole', [], [4]),
          node('integers', 'Cast', ['x'], { DstT: type(DataType.DT_INT32) }),
          node('a', 'FloorMod', ['x', 'four']),
          node('b', 'FloorDiv', ['x', 'four']),
          node('c', 'FloorMod', ['integers', 'whole']),
          node('d', 'FloorDiv', ['integers', 'whole']),
        ],
        { outputs: ['a', 'b', 'c', 'd'], shape: [6] },
      ),
    ).toMatchObject(agreement);
  });

  test('comparisons give ones and zeros', async () => {
    const names = ['Equal', 'Greater', 'GreaterEqual', 'Less', 'LessEqual'];
    expect(
      await compared(
        x,
        [
          ...planes,
          node('mirror', 'Maximum', ['busy', 'planes']),
          ...names.map((op) => node(op, op, ['mirror', 'planes'])),
          ...names.map((op) => node(`${op}/float`, 'Cast', [op], { DstT: type(DataType.DT_FLOAT) })),
          node('not', 'LogicalNot', ['Equal']),
          node('both', 'LogicalOr', ['not', 'Less']),
          node('chosen', 'SelectV2', ['both', 'busy', 'planes']),
        ],
        { outputs: [...names.map((op) => `${op}/float`), 'both', 'chosen'] },
      ),
    ).toMatchObject(agreement);
  });
});

describe('hard-swish, as MobileNet v3 has it', () => {
  const sixth = floats('sixth', [], [1 / 6]);
  const wide = { ...x, values: x.values.map((v) => v * 8) };
  const gate = [
    ...planes,
    sixth,
    floats('three', [], [3]),
    node('moved', 'AddV2', ['planes', 'three']),
    node('gate', 'Relu6', ['moved']),
  ];

  test('a sixth of the gate: one hard sigmoid and a product', async () => {
    const nodes = [...gate, node('part', 'Mul', ['gate', 'sixth']), node('y', 'Mul', ['planes', 'part'])];
    const { differences, ops } = await compared(wide, nodes);
    expect(differences).toEqual([]);
    expect(ops).toMatchObject({ Conv: 1, HardSigmoid: 1, Mul: 1 });
  });

  test('a sixth of the picture, kept as a half float: what remains goes into the convolution behind', async () => {
    const nodes = [
      ...gate,
      floats('nearly', [], [0.1666259765625]),
      node('part', 'Mul', ['planes', 'nearly']),
      node('swish', 'Mul', ['part', 'gate']),
      weights('next', 3, 3, 4, 2),
      floats('bias', [2], [0.5, -0.5]),
      node('conv', 'Conv2D', ['swish', 'next'], windowed('SAME')),
      node('y', 'BiasAdd', ['conv', 'bias']),
    ];
    const { differences, ops } = await compared(wide, nodes);
    expect(differences).toEqual([]);
    expect(ops).toMatchObject({ Conv: 2, HardSigmoid: 1, Mul: 1 });
  });

  test('numbers that differ between channels, and one factor of a smaller value, stay what they are', async () => {
    const nodes = [
      ...gate,
      floats('each', [4], [1, -2, 0.5, 3]),
      node('scaled', 'Mul', ['busy', 'each']),
      node('clipped', 'Relu6', ['scaled']),
      ints('rows and columns', [2], [1, 2]),
      node('mean', 'Mean', ['busy', 'rows and columns'], { keep_dims: flag(true) }),
      node('small', 'Mul', ['mean', 'sixth']),
      node('y', 'Mul', ['clipped', 'small']),
    ];
    expect(await compared(wide, nodes)).toMatchObject(agreement);
  });
});

describe('functions of one value', () => {
  const plain = ['Abs', 'Ceil', 'Elu', 'Exp', 'Floor', 'Neg', 'Relu', 'Relu6', 'Round', 'Selu', 'Sigmoid'];
  const others = ['Softplus', 'Square', 'Tanh', 'Erf'];

  test.each([...plain, ...others])('%s', async (op) => {
    const wide = { ...x, values: x.values.map((v) => v * 8) };
    expect(await compared(wide, [node('y', op, ['x'])])).toMatchObject(agreement);
  });

  test.each(['Log', 'Reciprocal', 'Rsqrt', 'Sqrt'])('%s of what is above zero', async (op) => {
    expect(
      await compared({ ...x, values: x.values.map((v) => Math.abs(v) + 0.1) }, [node('y', op, ['x'])]),
    ).toMatchObject(agreement);
  });

  test('LeakyRelu, Prelu, Softmax and LogSoftmax of pictures', async () => {
    expect(
      await compared(
        x,
        [
          ...planes,
          floats('slopes', [4, 3, 4], numbers(48)),
          node('leaky', 'LeakyRelu', ['planes'], { alpha: real(0.3) }),
          node('prelu', 'Prelu', ['planes', 'slopes']),
          node('softmax', 'Softmax', ['busy']),
          node('log', 'LogSoftmax', ['busy']),
          node('softmax of rows', 'Softmax', ['x']),
        ],
        { outputs: ['leaky', 'prelu', 'softmax', 'log', 'softmax of rows'] },
      ),
    ).toMatchObject(agreement);
  });

  test.each([
    ['of at most 1', [0.25, -0.5, 1, 0]],
    ['above 1 among them', [0.25, -0.5, 1.5, 0]],
  ])('Prelu with one slope for each channel, %s', async (_, slopes) => {
    const nodes = [...planes, floats('slopes', [1, 1, 4], slopes), node('y', 'Prelu', ['planes', 'slopes'])];
    expect(await compared(x, nodes)).toMatchObject(agreement);
  });
});

// Keras saves EfficientNet's swish as a function with a gradient of its own, which ends in this op; its SavedModels were refused.
test('IdentityN hands on each of its inputs', async () => {
  const nodes = [
    ...planes,
    floats('beta', [], [0.5]),
    node('both', 'IdentityN', ['busy', 'beta']),
    node('product', 'Mul', ['both', 'both:1']),
  ];
  expect(await compared(x, nodes, { outputs: ['product'] })).toMatchObject(agreement);
});
