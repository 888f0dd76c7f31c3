import { expect, test } from 'vitest';
import { newtonMove } from '../../../src/learn/layer/newton-move.ts';

test('the move leads to where the slope is zero', () => {
  const curvature = [4, 2, 1, 2, 5, 3, 1, 3, 6];
  const slope = Float64Array.of(1, -2, 3);
  const move = newtonMove(Float64Array.from(curvature), slope);
  for (const [i, s] of slope.entries()) {
    const grown = curvature.slice(3 * i, 3 * i + 3).reduce((sum, c, j) => sum + c * move[j]!, 0);
    expect(s + grown).toBeCloseTo(0, 7);
  }
});

test('a number on which nothing depends stays where it is', () => {
  const [moved, still] = newtonMove(Float64Array.of(2, 0, 0, 0), Float64Array.of(4, 0));
  expect(moved).toBeCloseTo(-2, 7);
  expect(still).toBe(0);
});
