import { expect, test } from 'vitest';
import { seededRandom } from '../../src/core/random.ts';
import { openRowTable } from '../../src/learn/row-table.ts';

const random = seededRandom(1);
const byte = (): number => Math.floor(random() * 255) - 127;
const anything = -(2 ** 31);

interface Found {
  readonly row: number;
  readonly firstScore: number;
  readonly score: number;
}

/** A table, the same rows as they are, and the scan of both. */
function tables(
  count: number,
  first: number,
  rest: number,
): {
  readonly scan: (rows: number, leastFirst: number, least: number) => Found[];
  readonly expected: readonly Found[];
} {
  const columns = { first, rest };
  const rows = Array.from({ length: count }, () => ({
    constants: { first: Math.floor((random() - 0.5) * 2e6), rest: Math.floor((random() - 0.5) * 2e6) },
    bytes: Int8Array.from({ length: first + rest }, byte),
  }));
  const query = Int16Array.from({ length: first + rest }, () => Math.floor((random() - 0.5) * 65_000));
  const table = openRowTable(count, columns)!;
  for (const [i, { constants, bytes }] of rows.entries()) table.set(i, constants, bytes);
  table.ask(query);
  return {
    expected: rows.map(({ constants, bytes }, row) => {
      const sum = (from: number, to: number, constant: number): number =>
        bytes.subarray(from, to).reduce((s, v, i) => s + v * query[from + i]!, constant);
      const firstScore = sum(0, first, constants.first);
      return { row, firstScore, score: sum(first, first + rest, firstScore + constants.rest) };
    }),
    scan(n, leastFirst, least) {
      const found: Found[] = [];
      table.scan(n, leastFirst, least, (row, firstScore, score) => found.push({ row, firstScore, score }));
      return found;
    },
  };
}

test.each([
  [1, 2, 0],
  [8, 4, 2],
  [1000, 24, 40],
  [1003, 2, 62],
])('%i rows of %i and %i columns score what multiplying and adding gives', (count, first, rest) => {
  const { scan, expected } = tables(count, first, rest);
  expect(scan(count, anything, anything)).toEqual(expected);
});

test('a scan finds every row above the limit, and no other', () => {
  const { scan, expected } = tables(2000, 16, 16);
  const least = expected.map(({ score }) => score).toSorted((a, b) => b - a)[20]!;
  expect(scan(2000, anything, least)).toEqual(expected.filter(({ score }) => score > least));
});

test('rows without hope after the first columns are left, the others all found', () => {
  const { scan, expected } = tables(2000, 16, 16);
  const leastFirst = expected.map(({ firstScore }) => firstScore).toSorted((a, b) => b - a)[100]!;
  const found = scan(2000, leastFirst, anything);
  // Rows of a block stay or go together.
  expect(found.length).toBeLessThan(1200);
  expect(found).toEqual(expect.arrayContaining(expected.filter(({ firstScore }) => firstScore > leastFirst)));
});

test('a scan of the first rows is of no others', () => {
  const { scan, expected } = tables(100, 8, 8);
  expect(scan(21, anything, anything)).toEqual(expected.slice(0, 21));
});

test('more rows than can be addressed are no table', () => {
  expect(openRowTable(1e9, { first: 24, rest: 40 })).toBeUndefined();
});
