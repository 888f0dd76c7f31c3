import { expect, test } from 'vitest';
import { mostRows, sumsByNumbers, sumsBySimd } from '../../src/core/column-sums.ts';
import { seededRandom } from '../../src/core/random.ts';

const random = seededRandom(5);
const ways = [
  ['numbers', sumsByNumbers()],
  ['vectors', sumsBySimd()],
] as const;

test.each(ways)('columns are added up by %s, whatever their number', (_, sums) => {
  if (sums === undefined) return;
  for (const [line, rows] of [
    [3, 1],
    [15, 4],
    [16, 9],
    [17, 2],
    [1500, 12],
    [48, mostRows],
    [3, 1],
  ] as const) {
    const bytes = Uint8Array.from({ length: line * rows }, () => random() * 256);
    const byHand = Array.from({ length: line }, (_x, i) => {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += bytes[row * line + i]!;
      return sum;
    });
    expect([...sums(bytes, line)]).toEqual(byHand);
  }
});

test.each(ways)('the largest bytes of so many rows fit, by %s', (_, sums) => {
  if (sums === undefined) return;
  expect([...sums(new Uint8Array(mostRows * 20).fill(255), 20)]).toEqual(Array(20).fill(65_535));
});
