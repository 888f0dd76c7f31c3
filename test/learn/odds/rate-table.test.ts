import { describe, expect, test } from 'vitest';
import { isRateTable, logOddsAt, type RateTable, rateAt } from '../../../src/learn/odds/rate-table.ts';

const table: RateTable = [
  [-2, 0.5],
  [0, 0.1],
  [4, 0.001],
];

describe('a table of rates', () => {
  test('holds at its entries, the last one included', () => {
    for (const [logOdds, rate] of table) expect(rateAt(table, logOdds)).toEqual({ rate, bound: 'measured' });
    for (const [logOdds, rate] of table) expect(logOddsAt(table, rate)).toBeCloseTo(logOdds, 12);
  });

  test('falls evenly in its logarithm in between, and is read the same way in both directions', () => {
    expect(rateAt(table, 2)!.rate).toBeCloseTo(0.01, 12);
    for (const logOdds of [-1.5, 0.3, 2, 3.9]) {
      expect(logOddsAt(table, rateAt(table, logOdds)!.rate)).toBeCloseTo(logOdds, 9);
    }
  });

  test('is a bound beyond its ends', () => {
    expect(rateAt(table, -2.1)).toEqual({ rate: 0.5, bound: 'at-least' });
    expect(rateAt(table, 4.1)).toEqual({ rate: 0.001, bound: 'at-most' });
    expect(logOddsAt(table, 0.9)).toBe(-2);
    expect(logOddsAt(table, 1e-4)).toBeUndefined();
  });

  test('that is empty knows nothing', () => {
    expect(rateAt([], 0)).toBeUndefined();
    expect(logOddsAt([], 0.1)).toBeUndefined();
  });

  test('two entries may have the same odds', () => {
    const step: RateTable = [
      [1, 0.5],
      [1, 0.2],
      [2, 0.1],
    ];
    expect(rateAt(step, 1)).toEqual({ rate: 0.2, bound: 'measured' });
    expect(logOddsAt(step, 0.3)).toBe(1);
  });
});

test.each([
  ['no array', 'rates'],
  ['an entry that is no pair', [[1, 0.5], 7]],
  ['odds that are no number', [[Number.NaN, 0.5]]],
  ['a rate of 0', [[1, 0]]],
  ['a rate of 1', [[1, 1]]],
  [
    'odds that fall',
    [
      [1, 0.5],
      [0, 0.1],
    ],
  ],
  [
    'rates that rise',
    [
      [1, 0.1],
      [2, 0.5],
    ],
  ],
])('%s is no table of rates', (_, value) => {
  expect(isRateTable(table)).toBe(true);
  expect(isRateTable(value)).toBe(false);
});
