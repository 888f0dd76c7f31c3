import { describe, expect, test } from 'vitest';
import {
  checkFinite,
  checkPositive,
  checkProbability,
  checkShare,
  checkWhole,
} from '../../src/core/checked-numbers.ts';

const { NaN: none, POSITIVE_INFINITY: endless } = Number;

describe('a number that makes no sense is wrong use, by its name', () => {
  test.each([
    ['whole', (v: number) => checkWhole('steps', v), [0, 1, 4000], [-1, 0.5, none, endless, 2 ** 53]],
    ['whole from 1 up', (v: number) => checkWhole('steps', v, 1), [1, 2], [0, -1, none]],
    ['above 0', (v: number) => checkPositive('steps', v), [1e-9, 3], [0, -1, none, endless]],
    ['a share', (v: number) => checkShare('steps', v), [0, 0.5, 0.999], [1, -0.1, none, endless]],
    ['a probability', (v: number) => checkProbability('steps', v), [0, 0.5, 1], [1.01, -0.1, none]],
  ])('%s', (_, check, good, bad) => {
    for (const value of good) expect(() => check(value)).not.toThrow();
    for (const value of bad) {
      expect(() => check(value)).toThrow(
        expect.objectContaining({
          code: 'usage',
          message: expect.stringMatching(new RegExp(`^steps has to be .*; it is ${value}\\.$`)) as string,
        }),
      );
    }
  });
});

test('vectors that hold what is no finite number are refused, and others pass', () => {
  expect(() => checkFinite('A face', [Float32Array.of(1, -1e38), Float32Array.of(0)])).not.toThrow();
  expect(() => checkFinite('A face in a.jpg', [Float32Array.of(0), Float32Array.of(1, endless)])).toThrow(
    expect.objectContaining({
      code: 'bad-weights',
      message: expect.stringContaining('A face in a.jpg holds Infinity') as string,
    }),
  );
});
