import { expect, test } from 'vitest';
import { assign } from '../../src/core/assignment.ts';
import { seededRandom } from '../../src/core/random.ts';

/** The most pairs, and of those the least cost, by trying everything. */
function bruteForce(
  costs: readonly (readonly number[])[],
  row = 0,
  taken = new Set<number>(),
): readonly [pairs: number, cost: number] {
  if (row === costs.length) return [0, 0];
  let best = bruteForce(costs, row + 1, taken);
  for (const [column, cost] of costs[row]!.entries()) {
    if (taken.has(column) || cost === Number.POSITIVE_INFINITY) continue;
    const [pairs, rest] = bruteForce(costs, row + 1, new Set(taken).add(column));
    if (pairs + 1 > best[0] || (pairs + 1 === best[0] && rest + cost < best[1]))
      best = [pairs + 1, rest + cost];
  }
  return best;
}

test('finds as many pairs as there can be at the least cost, whatever the shape and the signs', () => {
  const random = seededRandom(5);
  for (let round = 0; round < 300; round++) {
    const [rows, columns] = [1 + Math.floor(random() * 5), 1 + Math.floor(random() * 5)];
    const costs = Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () => (random() < 0.3 ? Number.POSITIVE_INFINITY : random() * 10 - 4)),
    );
    const found = assign(costs);
    const pairs = found.flatMap((column, row) => (column < 0 ? [] : [costs[row]![column]!]));
    expect(new Set(found.filter((column) => column >= 0)).size).toBe(pairs.length);
    const [most, least] = bruteForce(costs);
    expect(pairs.length).toBe(most);
    expect(pairs.reduce((a, b) => a + b, 0)).toBeCloseTo(least, 6);
  }
});

test('nobody to assign, or nothing to assign to', () => {
  expect(assign([])).toEqual([]);
  expect(assign([[], []])).toEqual([-1, -1]);
  expect(assign([[Number.POSITIVE_INFINITY]])).toEqual([-1]);
});
