import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { openRowTable, type Query, type Row } from '../../../src/learn/search/row-table.ts';
import type { Columns } from '../../../src/learn/search/scan-kernel.ts';

const random = seededRandom(1);
const byte = (): number => Math.floor(random() * 255) - 127;
const anything = -(2 ** 31);

interface Found {
  readonly row: number;
  readonly roughScore: number;
  readonly score: number;
}

/** A table, the same rows as they are, and the scan of both. */
function tables(
  count: number,
  columns: Columns,
): {
  readonly scan: (rows: number, leastRough: number, least: number) => Found[];
  readonly expected: readonly Found[];
} {
  const rows = Array.from(
    { length: count },
    (): Row => ({
      codes: Uint8Array.from({ length: columns.codes }, () => Math.floor(random() * 16)),
      scale: Math.floor(random() * 32_768),
      roughConstant: Math.floor((random() - 0.5) * 65_000),
      bytes: Int8Array.from({ length: columns.bytes }, byte),
      constant: Math.floor((random() - 0.5) * 2e6),
    }),
  );
  const query: Query = {
    values: Uint8Array.from({ length: 16 * columns.codes }, () => Math.floor(random() * 128)),
    offset: -60 * columns.codes,
    factor: 12_345,
    words: Int16Array.from({ length: columns.bytes }, () => Math.floor((random() - 0.5) * 65_000)),
  };
  const table = openRowTable(count, columns)!;
  for (const [i, row] of rows.entries()) table.set(i, row);
  table.ask(query);
  return {
    expected: rows.map(({ codes, scale, roughConstant, bytes, constant }, row) => {
      const sum = codes.reduce((s, code, c) => s + query.values[16 * c + code]!, query.offset);
      return {
        row,
        roughScore:
          Math.round((4 * sum * scale) / 2 ** 15) + Math.round((roughConstant * query.factor) / 2 ** 15),
        score: bytes.reduce((s, v, i) => s + v * query.words[i]!, constant),
      };
    }),
    scan(n, leastRough, least) {
      const found: Found[] = [];
      table.scan(n, leastRough, least, (row, roughScore, score) => found.push({ row, roughScore, score }));
      return found;
    },
  };
}

test.each([
  [1, { codes: 2, bytes: 2 }],
  [16, { codes: 4, bytes: 2 }],
  [1000, { codes: 24, bytes: 64 }],
  [1003, { codes: 64, bytes: 62 }],
])('%i rows of %o score what looking up and multiplying gives', (count, columns) => {
  const { scan, expected } = tables(count, columns);
  expect(scan(count, anything, anything)).toEqual(expected);
});

test('a scan finds every row above the limit, and no other', () => {
  const { scan, expected } = tables(2000, { codes: 16, bytes: 16 });
  const least = expected.map(({ score }) => score).toSorted((a, b) => b - a)[20]!;
  expect(scan(2000, anything, least)).toEqual(expected.filter(({ score }) => score > least));
});

test('rows without hope by their codes are left, the others all found', () => {
  const { scan, expected } = tables(2000, { codes: 16, bytes: 16 });
  const leastRough = expected.map(({ roughScore }) => roughScore).toSorted((a, b) => b - a)[100]!;
  const found = scan(2000, leastRough, anything);
  // Rows of a block stay or go together.
  expect(found.length).toBeLessThan(1500);
  expect(found).toEqual(expect.arrayContaining(expected.filter(({ roughScore }) => roughScore > leastRough)));
});

test('a scan of the first rows is of no others', () => {
  const { scan, expected } = tables(100, { codes: 8, bytes: 8 });
  expect(scan(21, anything, anything)).toEqual(expected.slice(0, 21));
});

test('more rows than can be addressed are no table', () => {
  expect(openRowTable(1e9, { codes: 24, bytes: 64 })).toBeUndefined();
});

test('more codes than sixteen bits hold the sum of are no table', () => {
  expect(openRowTable(16, { codes: 66, bytes: 64 })).toBeUndefined();
});
