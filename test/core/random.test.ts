import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hashToUnit, seededRandom, shuffled, truncatedNormal } from '../../src/core/random.ts';

describe('seededRandom', () => {
  test('one seed gives one stream, on every machine', () => {
    const random = seededRandom(1);
    // Other implementations of mulberry32 give these for seed 1.
    expect([random(), random(), random()]).toEqual([
      0.6270739405881613, 0.002735721180215478, 0.5274470399599522,
    ]);
    const again = seededRandom(1);
    expect(again()).toBe(0.6270739405881613);
  });

  test('two seeds give two streams', () => {
    const first = seededRandom(1);
    const second = seededRandom(2);
    const pairs = Array.from({ length: 20 }, () => [first(), second()]);
    expect(pairs.every(([a, b]) => a !== b)).toBe(true);
  });

  test('stays in [0, 1) and fills it evenly', () => {
    const random = seededRandom(42);
    expect(unevenness(Array.from({ length: 10_000 }, random))).toBeLessThan(120);
  });
});

describe('hashToUnit', () => {
  test('the smallest hash is 0, the largest stays below 1', () => {
    expect(hashToUnit('0'.repeat(64))).toBe(0);
    expect(hashToUnit('8'.padEnd(64, '0'))).toBe(0.5);
    expect(hashToUnit('f'.repeat(64))).toBeLessThan(1);
    expect(hashToUnit('f'.repeat(64))).toBeGreaterThan(0.999999);
  });

  test('hashes of file names spread evenly, so a share of them is that share', () => {
    const hashes = Array.from({ length: 10_000 }, (_, i) =>
      createHash('sha256').update(`photo-${i}.jpg`).digest('hex'),
    );
    expect(unevenness(hashes.map(hashToUnit))).toBeLessThan(120);
  });
});

describe('shuffled', () => {
  test('holds the same items in another order and leaves the original alone', () => {
    const items = Object.freeze(Array.from({ length: 100 }, (_, i) => i));
    const mixed = shuffled(items, seededRandom(3));
    expect(mixed).not.toEqual(items);
    expect(mixed.toSorted((a, b) => a - b)).toEqual(items);
    expect(shuffled(items, seededRandom(3)), 'the same seed gives the same order').toEqual(mixed);
  });

  test('every order is equally likely', () => {
    const random = seededRandom(11);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = shuffled(['a', 'b', 'c'], random).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  test('nothing and one item shuffle to themselves', () => {
    expect(shuffled([], seededRandom(1))).toEqual([]);
    expect(shuffled(['only'], seededRandom(1))).toEqual(['only']);
  });
});

/**
 * How far the tenths of [0, 1) are from holding 1000 of 10 000 values each; chance gives a standard deviation
 * of 30. A value outside [0, 1) is infinitely uneven.
 */
function unevenness(values: readonly number[]): number {
  if (values.some((value) => !(value >= 0 && value < 1))) return Number.POSITIVE_INFINITY;
  const tenths = Array.from({ length: 10 }, () => 0);
  for (const value of values) tenths[Math.floor(value * 10)]! += 1;
  return Math.max(...tenths.map((count) => Math.abs(count - 1000)));
}

describe('truncatedNormal', () => {
  test('has the mean and the deviation of a normal distribution cut off at two, and nothing beyond', () => {
    const random = seededRandom(1);
    const values = Array.from({ length: 20_000 }, () => truncatedNormal(random));
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(2);
    expect(mean).toBeCloseTo(0, 1);
    // 1 − 2·2·φ(2) / (Φ(2) − Φ(−2)) = 0.774.
    expect(variance).toBeCloseTo(0.774, 1);
  });
});
