import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openMergeHeap } from '../../../src/learn/cluster/merge-heap.ts';
import { holds } from '../../holds.ts';

test('pairs come out in the order of their odds, and of their numbers if these are equal', () => {
  const pair = fc.record({ odds: fc.integer({ min: 0, max: 5 }), a: fc.nat(50), b: fc.nat(50) });
  holds(
    fc.property(fc.array(pair, { maxLength: 200 }), (pairs) => {
      const heap = openMergeHeap();
      for (const { odds, a, b } of pairs) heap.push(odds, a, b);
      const out: (readonly number[])[] = [];
      for (let first = heap.first(); first; first = heap.first()) {
        out.push([-first.odds, first.a, first.b]);
        heap.drop();
      }
      const all = pairs.map(({ odds, a, b }) => [-odds, Math.min(a, b), Math.max(a, b)]);
      expect(out).toEqual(all.toSorted((c, d) => c[0]! - d[0]! || c[1]! - d[1]! || c[2]! - d[2]!));
    }),
  );
});

test('thousands of pairs fit', () => {
  const heap = openMergeHeap();
  for (let i = 0; i < 5000; i++) heap.push((i * 7919) % 5003, i, i + 1);
  expect(heap.first()?.odds).toBe(5002);
});
