import { describe, expect, test } from 'vitest';
import { dot, evenedOut, meanDirection, similarity, unitLength } from '../../src/core/embedding.ts';

describe('similarity', () => {
  const east = { space: 'toy/1', values: Float32Array.of(1, 0) };
  const north = { space: 'toy/1', values: Float32Array.of(0, 1) };
  const west = { space: 'toy/1', values: Float32Array.of(-1, 0) };

  test('is the cosine: 1 for equal, 0 for square, −1 for opposite directions', () => {
    expect(similarity(east, east)).toBe(1);
    expect(similarity(east, north)).toBe(0);
    expect(similarity(east, west)).toBe(-1);
  });

  test('embeddings of two spaces cannot be compared, and the message names both', () => {
    const other = { space: 'other/2', values: Float32Array.of(1, 0) };
    expect(() => similarity(east, other)).toThrow(
      expect.objectContaining({ code: 'wrong-space', message: expect.stringMatching(/toy\/1.*other\/2/) }),
    );
  });

  test('embeddings of two lengths cannot be compared, even under one name', () => {
    const longer = { space: 'toy/1', values: Float32Array.of(1, 0, 0) };
    expect(() => similarity(east, longer)).toThrow(expect.objectContaining({ code: 'wrong-space' }));
  });
});

describe('unitLength', () => {
  test('keeps the direction and makes the length 1', () => {
    const source = Float32Array.of(3, 4);
    const unit = unitLength(source);
    expect(unit[0]).toBeCloseTo(0.6, 6);
    expect(unit[1]).toBeCloseTo(0.8, 6);
    expect([...source], 'the vector that was given stays as it is').toEqual([3, 4]);
  });

  test('a vector of zeros stays zeros instead of becoming NaN', () => {
    expect([...unitLength(new Float32Array(3))]).toEqual([0, 0, 0]);
  });
});

describe('meanDirection', () => {
  const right = Float32Array.of(1, 0);
  const up = Float32Array.of(0, 1);

  test('points between its vectors and has unit length', () => {
    const mean = meanDirection([right, up]);
    expect(mean[0]).toBeCloseTo(Math.SQRT1_2, 6);
    expect(mean[1]).toBeCloseTo(Math.SQRT1_2, 6);
    expect(dot(mean, mean)).toBeCloseTo(1, 6);
  });

  test('leans towards the vectors with more weight and ignores those with none', () => {
    const mean = meanDirection([right, up], [3, 4]);
    expect(mean[0]).toBeCloseTo(0.6, 6);
    expect(mean[1]).toBeCloseTo(0.8, 6);
    expect([...meanDirection([right, up], [1, 0])]).toEqual([1, 0]);
  });

  test('the mean of no vectors is a mistake of the caller', () => {
    expect(() => meanDirection([])).toThrow(RangeError);
  });
});

describe('evenedOut', () => {
  test('roots bring large values near small ones, at length 1', () => {
    const even = evenedOut(Float32Array.of(16, 9, 0), 0.5);
    expect(even[0]).toBeCloseTo(0.8, 6);
    expect(even[1]).toBeCloseTo(0.6, 6);
    expect(even[2]).toBe(0);
  });

  test('a value that rounding made negative becomes 0, not NaN', () => {
    expect([...evenedOut(Float32Array.of(1, -1e-9), 0.35)]).toEqual([1, 0]);
  });
});
