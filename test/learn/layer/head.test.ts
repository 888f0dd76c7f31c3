import { describe, expect, test } from 'vitest';
import { addHead, softmax } from '../../../src/learn/layer/head.ts';

describe('softmax', () => {
  test('adds up to 1 and keeps ratios', () => {
    expect([...softmax([0, Math.log(3)])]).toEqual([expect.closeTo(0.25, 12), expect.closeTo(0.75, 12)]);
  });

  test('stays numbers at any logits, and is empty for none', () => {
    expect([...softmax([1e4, -1e4, 0])]).toEqual([1, 0, 0]);
    expect([...softmax([-1e4, -1e4])]).toEqual([0.5, 0.5]);
    expect(softmax([])).toHaveLength(0);
  });
});

test('a head is added to logits: one row of weights and one bias for each label', () => {
  const head = { weights: Float32Array.from([1, 2, 3, 4]), bias: Float32Array.from([10, 20]) };
  const logits = Float32Array.from([100, 200]);
  addHead(head, Float32Array.from([1, -1]), logits);
  expect([...logits]).toEqual([100 + 10 + 1 - 2, 200 + 20 + 3 - 4]);
});
