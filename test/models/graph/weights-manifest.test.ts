import { describe, expect, test } from 'vitest';
import { readWeights } from '../../../src/models/graph/weights-manifest.ts';

function manifest(...weights: readonly object[]): string {
  return JSON.stringify([{ weights, paths: ['toy.bin'] }]);
}

function badWeights(message: RegExp): unknown {
  return expect.objectContaining({ code: 'bad-weights', message: expect.stringMatching(message) });
}

const bytesOf = (values: Uint16Array | Int32Array | Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

describe('stored values', () => {
  test('float32 and int32 tensors are read as they stand, one after another', () => {
    const text = manifest(
      { name: 'a', shape: [2, 2], dtype: 'float32' },
      { name: 'b', shape: [3], dtype: 'int32' },
    );
    const bytes = Buffer.concat([
      bytesOf(Float32Array.of(0.5, -1.25, 3, 1e-8)),
      bytesOf(Int32Array.of(-7, 0, 70_000)),
    ]);
    const weights = readWeights(text, bytes, 'toy.bin');
    expect(weights('a')).toEqual({ shape: [2, 2], data: Float32Array.of(0.5, -1.25, 3, 1e-8) });
    expect(weights('b')).toEqual({ shape: [3], data: Float32Array.of(-7, 0, 70_000) });
  });

  test('a byte q of a quantised tensor means q × scale + min', () => {
    const quantization = { dtype: 'uint8', scale: 0.5, min: -10 };
    const text = manifest({ name: 'a', shape: [4], dtype: 'float32', quantization });
    const weights = readWeights(text, Uint8Array.of(0, 1, 20, 255), 'toy.bin');
    expect([...weights('a').data]).toEqual([-10, -9.5, 0, 117.5]);
  });

  test('two-byte integers are little-endian, on an odd offset too', () => {
    const quantization = { dtype: 'uint16', scale: 0.25, min: 1 };
    const text = manifest(
      { name: 'odd', shape: [1], dtype: 'float32', quantization: { dtype: 'uint8', scale: 1, min: 0 } },
      { name: 'a', shape: [2], dtype: 'float32', quantization },
    );
    const weights = readWeights(text, Uint8Array.of(9, 0x34, 0x12, 0xff, 0xff), 'toy.bin');
    expect([...weights('a').data]).toEqual([0x1234 / 4 + 1, 0xffff / 4 + 1]);
  });

  test('a tensor of shape [] is one number, and groups follow one another', () => {
    const groups = [
      { weights: [{ name: 'step', shape: [], dtype: 'int32' }] },
      { weights: [{ name: 'rate', shape: [1], dtype: 'float32' }] },
    ];
    const bytes = Buffer.concat([bytesOf(Int32Array.of(5)), bytesOf(Float32Array.of(0.5))]);
    const weights = readWeights(JSON.stringify(groups), bytes, 'toy.bin');
    expect(weights('step')).toEqual({ shape: [], data: Float32Array.of(5) });
    expect(weights('rate').data[0]).toBe(0.5);
  });

  test('bytes that lie inside a larger buffer are read from their own start', () => {
    const inside = Buffer.concat([Buffer.alloc(3, 0xee), bytesOf(Float32Array.of(2))]).subarray(3);
    const text = manifest({ name: 'a', shape: [1], dtype: 'float32' });
    expect(readWeights(text, inside, 'toy.bin')('a').data[0]).toBe(2);
  });
});

describe('files that do not fit', () => {
  const two = manifest(
    { name: 'first', shape: [2], dtype: 'float32' },
    { name: 'second', shape: [2], dtype: 'float32' },
  );

  test('a file that was cut off is refused by the name of the file and of the first missing tensor', () => {
    expect(() => readWeights(two, new Uint8Array(15), 'toy.bin')).toThrow(badWeights(/toy\.bin.*"second"/));
    expect(() => readWeights(two, new Uint8Array(0), 'toy.bin')).toThrow(badWeights(/toy\.bin.*"first"/));
  });

  test('bytes that belong to no tensor are refused, with both sizes', () => {
    expect(() => readWeights(two, new Uint8Array(17), 'toy.bin')).toThrow(
      badWeights(/toy\.bin holds 17 bytes, its manifest 16/),
    );
  });

  test('asking for a tensor that the file does not have names the file and the tensor', () => {
    const weights = readWeights(two, new Uint8Array(16), 'toy.bin');
    expect(() => weights('third')).toThrow(badWeights(/toy\.bin.*"third"/));
  });

  test.each<[string, unknown, string]>([
    ['has no shape', [{ weights: [{ name: 'a', dtype: 'float32' }] }], '0.weights.0.shape'],
    ['has null for one', [{ weights: [{ name: 'a', shape: null, dtype: 'int32' }] }], '0.weights.0.shape'],
    ['has a size of -1', [{ weights: [{ name: 'a', shape: [-1], dtype: 'int32' }] }], '0.weights.0.shape.0'],
    ['has half a value', [{ weights: [{ name: 'a', shape: [1.5], dtype: 'int32' }] }], '0.weights.0.shape.0'],
    ['is null', [{ weights: [null] }], '0.weights.0'],
    ['is in a group of none', [{ paths: ['toy.bin'] }], '0.weights'],
    [
      'is quantised by a word',
      [
        {
          weights: [{ name: 'a', shape: [1], dtype: 'float32', quantization: { dtype: 'uint8', min: '0' } }],
        },
      ],
      '0.weights.0.quantization.min',
    ],
    ['is in no list', { weights: [] }, 'all of it'],
    ['is in a list of null', null, 'all of it'],
  ])('a tensor that %s is refused, with its place', (_what, groups, place) => {
    expect(() => readWeights(JSON.stringify(groups), new Uint8Array(4), 'toy.bin')).toThrow(
      expect.objectContaining({
        code: 'bad-weights',
        message: `toy.bin is damaged: its list of weights makes no sense (${place}).`,
      }),
    );
  });

  test('a kind of number that is not known is refused, with file, tensor and kind', () => {
    const text = manifest({ name: 'odd', shape: [1], dtype: 'complex64' });
    expect(() => readWeights(text, new Uint8Array(8), 'toy.bin')).toThrow(
      badWeights(/toy\.bin.*"odd".*complex64/),
    );
  });
});
