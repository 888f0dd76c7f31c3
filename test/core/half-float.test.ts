import { expect, test } from 'vitest';
import { float16, fromHalfFloats, toHalfFloats } from '../../src/core/half-float.ts';

test('every 16-bit number survives the way there and back', () => {
  const all = Array.from({ length: 0x1_0000 }, (_, bits) => bits).filter(
    (bits) => (bits & 0x7c00) !== 0x7c00,
  );
  const stored = toHalfFloats(all.map(float16));
  const bits = all.map((_, i) => stored[2 * i]! | (stored[2 * i + 1]! << 8));
  expect(bits).toEqual(all);
  expect([...fromHalfFloats(stored)]).toEqual(all.map(float16));
});

test('what lies between two numbers goes to the nearer one, ties to the even one', () => {
  const step = 2 ** -10;
  const given = [
    1 + 0.4 * step,
    1 + 0.6 * step,
    1 + 0.5 * step,
    1 + 1.5 * step,
    -2.9183,
    2 ** -24 * 2.4,
    1e-9,
  ];
  expect([...fromHalfFloats(toHalfFloats(given))]).toEqual([
    1,
    1 + step,
    1,
    1 + 2 * step,
    -2.91796875,
    2 ** -23,
    0,
  ]);
});

test('what is too large becomes the largest number; what is none stays none', () => {
  expect([...fromHalfFloats(toHalfFloats([1e6, -Infinity, 65_519, NaN]))]).toEqual([
    65_504,
    -65_504,
    65_504,
    NaN,
  ]);
});

test('bytes that end in the middle of a number are refused; an ArrayBuffer is read as bytes are', () => {
  expect(() => fromHalfFloats(new Uint8Array(3))).toThrow('3 bytes are no 16-bit numbers');
  const bytes = toHalfFloats([0.5, -2]);
  expect([...fromHalfFloats(bytes.slice().buffer)]).toEqual([0.5, -2]);
});
