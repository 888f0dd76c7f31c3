import { describe, expect, test } from 'vitest';
import { loadBackground } from '../../../src/faces/people/background-file.ts';
import {
  type FalseMatchTable,
  falseMatchRate,
  loadFalseMatches,
} from '../../../src/faces/people/false-match-rate.ts';
import { faceApiPack } from '../../../src/models/face-api.ts';

const table: FalseMatchTable = {
  space: 'toy/1',
  background: '',
  measuredOn: 'toys',
  pairs: 1000,
  rates: [
    [-2, 0.5],
    [0, 0.1],
    [4, 0.001],
  ],
};

describe('a false match rate', () => {
  test('is that of the table at its odds', () => {
    expect(falseMatchRate(table, -2)).toEqual({ rate: 0.5, bound: 'measured' });
    expect(falseMatchRate(table, 0)).toEqual({ rate: 0.1, bound: 'measured' });
  });

  test('falls evenly in its logarithm in between', () => {
    const { rate } = falseMatchRate(table, 2);
    expect(rate).toBeCloseTo(0.01, 12);
  });

  test('beyond the table is a bound, said as such', () => {
    expect(falseMatchRate(table, -2.1)).toEqual({ rate: 0.5, bound: 'at-least' });
    expect(falseMatchRate(table, 4)).toEqual({ rate: 0.001, bound: 'measured' });
    expect(falseMatchRate(table, 90)).toEqual({ rate: 0.001, bound: 'at-most' });
  });
});

describe('the shipped table', () => {
  test('was measured with the shipped background, on a million pairs or more', async () => {
    await loadBackground(faceApiPack);
    const shipped = await loadFalseMatches(faceApiPack);
    expect(shipped!.pairs).toBeGreaterThan(1e6);
    expect(shipped!.measuredOn).toContain('different people');
  });

  test('has rates that fall as odds rise, down to one in a hundred thousand', async () => {
    const { rates } = (await loadFalseMatches(faceApiPack))!;
    for (const [i, [odds, rate]] of rates.slice(1).entries()) {
      expect(odds).toBeGreaterThan(rates[i]![0]);
      expect(rate).toBeLessThan(rates[i]![1]);
    }
    expect(rates.at(-1)![1]).toBe(1e-5);
  });

  test('of a pack that was never measured is none', async () => {
    expect(
      await loadFalseMatches({ ...faceApiPack, background: { own: 'another-pack.onnx', sha256: '' } }),
    ).toBeUndefined();
  });

  test('is refused where the space is another one', async () => {
    await expect(loadFalseMatches({ ...faceApiPack, space: 'other/1' })).rejects.toMatchObject({
      code: 'bad-weights',
      message: expect.stringContaining('fit/false-matches.ts'),
    });
  });
});
