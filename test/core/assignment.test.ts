import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { assign } from '../../src/core/assignment.ts';
import { holds } from '../holds.ts';

type Costs = readonly (readonly number[])[];

/** The most pairs, and of those the least cost, by trying everything. */
function bruteForce(
  costs: Costs,
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

/** Pairs and cost of the assignment that was found. */
function found(costs: Costs): readonly [pairs: number, cost: number] {
  const columns = assign(costs);
  expect(columns).toHaveLength(costs.length);
  const taken = columns.filter((column) => column >= 0);
  expect(new Set(taken).size).toBe(taken.length);
  const pairs = columns.flatMap((column, row) => (column < 0 ? [] : [costs[row]![column]!]));
  return [pairs.length, pairs.reduce((a, b) => a + b, 0)];
}

/** Costs of any shape, with negative ones, equal ones, and pairs that cannot be. */
function costsOf(most: number): fc.Arbitrary<Costs> {
  const cost = fc.oneof(
    { weight: 4, arbitrary: fc.double({ min: -4, max: 6, noNaN: true }) },
    { weight: 2, arbitrary: fc.integer({ min: -2, max: 2 }) },
    { weight: 3, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
  );
  const row = (columns: number): fc.Arbitrary<number[]> =>
    fc.array(cost, { minLength: columns, maxLength: columns });
  return fc
    .integer({ min: 0, max: most })
    .chain((columns) => fc.array(row(columns), { minLength: 0, maxLength: most }));
}

test('finds as many pairs as there can be at the least cost, whatever the shape and the signs', () => {
  holds(
    fc.property(costsOf(5), (costs) => {
      const [pairs, cost] = found(costs);
      const [most, least] = bruteForce(costs);
      expect(pairs).toBe(most);
      expect(cost).toBeCloseTo(least, 6);
    }),
  );
});

test('costs the same whoever is asked first', () => {
  holds(
    fc.property(
      costsOf(12).chain((costs) =>
        fc.tuple(fc.constant(costs), fc.shuffledSubarray([...costs], { minLength: costs.length })),
      ),
      ([costs, shuffled]) => {
        const [pairs, cost] = found(costs);
        const [pairsAgain, costAgain] = found(shuffled);
        expect(pairsAgain).toBe(pairs);
        expect(costAgain).toBeCloseTo(cost, 6);
      },
    ),
  );
});

test('nobody to assign, or nothing to assign to', () => {
  expect(assign([])).toEqual([]);
  expect(assign([[], []])).toEqual([-1, -1]);
  expect(assign([[Number.POSITIVE_INFINITY]])).toEqual([-1]);
});
