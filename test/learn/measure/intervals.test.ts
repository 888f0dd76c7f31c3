import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { bootstrapOverPeople, type Sampled, shareOf, wilson } from '../../../src/learn/measure/intervals.ts';
import { meanOf } from '../../../src/learn/measure/metrics.ts';
import { seededNormal } from '../../synthetic-people.ts';

describe('wilson', () => {
  // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 1998, table I.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i lies between %f and %f, as published', (hits, of, low, high) => {
    const interval = wilson(hits, of);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  test('all and none are mirror images, and reach the ends exactly', () => {
    const [none, all] = [wilson(0, 12), wilson(12, 12)];
    expect([none.low, all.high]).toEqual([0, 1]);
    expect(all.low).toBeCloseTo(1 - none.high, 12);
  });
});

interface Value extends Sampled {
  readonly value: number;
}

/** So many people with so many photos each; the person makes this part of the variance. */
function values(people: number, photos: number, shared: number, seed: number): Value[] {
  const normal = seededNormal(seed);
  return Array.from({ length: people }, (_, person) => {
    const own = normal();
    return Array.from({ length: photos }, () => ({
      subject: `person ${person}`,
      enrolled: true,
      value: Math.sqrt(shared) * own + Math.sqrt(1 - shared) * normal(),
    }));
  }).flat();
}

function width(samples: readonly Value[]): number {
  const { low, high } = meanOf(samples, ({ value }) => value)!.interval!;
  return high - low;
}

describe('the bootstrap over people', () => {
  test('with one photo of each of many people it is the interval of a mean of independent samples', () => {
    const samples = values(400, 1, 0, 1);
    const { value, interval } = meanOf(samples, (sample) => sample.value)!;
    const variance = samples.reduce((sum, s) => sum + (s.value - value) ** 2, 0) / 399;
    const reach = 1.966 * Math.sqrt(variance / 400);
    expect(Math.abs(interval!.low - (value - reach))).toBeLessThan(0.1 * reach);
    expect(Math.abs(interval!.high - (value + reach))).toBeLessThan(0.1 * reach);
  });

  test('twenty photos of a person who is alike in all of them say no more than one', () => {
    const alike = values(50, 20, 1, 2);
    const once = alike.filter((_, i) => i % 20 === 0);
    expect(width(alike)).toBeCloseTo(width(once), 12);
    const independent = values(50, 20, 0, 2);
    expect(width(independent)).toBeLessThan(width(alike) / 3);
  });

  // Five people have few ways to be drawn again: nothing can be read off them that the five do not show.
  test.each([
    [5, 0.88],
    [10, 0.91],
    [40, 0.92],
  ])('of %i people it holds the true mean about 95 times in 100, at least %f', (people, least) => {
    let held = 0;
    for (let run = 0; run < 300; run++) {
      const samples = values(people, 4, 0.5, 1000 + run);
      const all = samples.map(({ value }) => value);
      const interval = bootstrapOverPeople(
        samples,
        (weights) => all.reduce((sum, v, i) => sum + v * weights[i]!, 0) / weights.reduce((a, b) => a + b),
        500,
      )!;
      if (interval.low <= 0 && 0 <= interval.high) held++;
    }
    expect(held / 300).toBeGreaterThan(least);
    expect(held / 300).toBeLessThan(0.99);
  });

  test('enrolled people and strangers are drawn each among themselves', () => {
    const samples = ['a', 'b', 'c', 'd', 'e'].map((subject, i) => ({ subject, enrolled: i < 2 }));
    const drawn: number[][] = [];
    bootstrapOverPeople(
      samples,
      (weights) => {
        drawn.push([weights[0]! + weights[1]!, weights[2]! + weights[3]! + weights[4]!]);
        return 0;
      },
      50,
    );
    expect(new Set(drawn.map(String))).toEqual(new Set(['2,3']));
  });

  test('the same samples give the same interval', () => {
    const samples = values(20, 3, 0.5, 3);
    expect(meanOf(samples, ({ value }) => value)).toEqual(meanOf(samples, ({ value }) => value));
  });

  test('one person alone has no interval, and no samples have no mean', () => {
    expect(meanOf(values(1, 9, 0.5, 4), ({ value }) => value)!.interval).toBeNull();
    expect(meanOf([] as Value[], ({ value }) => value)).toBeNull();
  });
});

describe('a share', () => {
  const samples = (people: number, photos: number): Sampled[] =>
    Array.from({ length: people * photos }, (_, i) => ({ subject: `${i % people}`, enrolled: true }));

  test('of one photo a person has the interval of Wilson', () => {
    let i = 0;
    const share = shareOf(samples(148, 1), () => i++ < 15)!;
    expect(share).toMatchObject({ hits: 15, of: 148, ...wilson(15, 148) });
    expect(share.value).toBeCloseTo(15 / 148, 12);
  });

  test('of several photos a person is never surer than Wilson', () => {
    const random = seededRandom(5);
    for (const rate of [0, 0.02, 0.5, 1]) {
      const share = shareOf(samples(30, 10), () => random() < rate)!;
      const alone = wilson(share.hits, share.of);
      expect(share.low).toBeLessThanOrEqual(alone.low);
      expect(share.high).toBeGreaterThanOrEqual(alone.high);
    }
  });

  test('that depends on who it is about is less sure than the number of photos suggests', () => {
    const share = shareOf(samples(20, 20), ({ subject }) => Number(subject) < 5)!;
    const alone = wilson(share.hits, share.of);
    expect(share.high - share.low).toBeGreaterThan(3 * (alone.high - alone.low));
  });

  test('of nothing is blank', () => {
    expect(shareOf([], () => true)).toBeNull();
  });
});
