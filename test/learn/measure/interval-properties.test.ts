/** Properties of every measurement with its interval, whatever was measured. */

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Sampled, shareOf, wilson } from '../../../src/learn/measure/intervals.ts';
import {
  enrolledOutcomes,
  type MeasuredProbe,
  meanOf,
  strangersNamed,
} from '../../../src/learn/measure/metrics.ts';
import { identificationRate, suggestSetting } from '../../../src/learn/measure/open-set-metrics.ts';
import { holds } from '../../holds.ts';

const counts = fc
  .integer({ min: 1, max: 5000 })
  .chain((of) => fc.record({ hits: fc.nat(of), of: fc.constant(of) }));

describe('wilson', () => {
  test('holds the share that was seen, within 0 and 1', () => {
    holds(
      fc.property(counts, ({ hits, of }) => {
        const { low, high } = wilson(hits, of);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low - 1e-12).toBeLessThanOrEqual(hits / of);
        expect(high + 1e-12).toBeGreaterThanOrEqual(hits / of);
      }),
    );
  });

  test('of misses is that of hits, mirrored', () => {
    holds(
      fc.property(counts, ({ hits, of }) => {
        const [hit, missed] = [wilson(hits, of), wilson(of - hits, of)];
        expect(missed.low).toBeCloseTo(1 - hit.high, 12);
        expect(missed.high).toBeCloseTo(1 - hit.low, 12);
      }),
    );
  });

  test('is surer the more there is, and higher the more hits', () => {
    holds(
      fc.property(counts, ({ hits, of }) => {
        const [once, tenTimes] = [wilson(hits, of), wilson(10 * hits, 10 * of)];
        expect(tenTimes.high - tenTimes.low).toBeLessThan(once.high - once.low);
        const more = wilson(Math.min(of, hits + 1), of);
        expect(more.low).toBeGreaterThanOrEqual(once.low);
        expect(more.high).toBeGreaterThanOrEqual(once.high);
      }),
    );
  });
});

interface Value extends Sampled {
  readonly value: number;
}

const sampled = {
  subject: fc.constantFrom('Ann', 'Bea', 'Cleo', 'Dan', 'Eve', 'Flo'),
  value: fc.double({ min: -100, max: 100, noNaN: true }),
};
const value: fc.Arbitrary<Value> = fc.record({ ...sampled, enrolled: fc.constant(true) });
const values = fc.array(value, { minLength: 1, maxLength: 30 });

describe('what is measured on several photos of each person', () => {
  test('has the share that was counted, and is never surer than as if the photos were of different people', () => {
    holds(
      fc.property(values, (all) => {
        const share = shareOf(all, (one) => one.value > 0)!;
        const hits = all.filter((one) => one.value > 0).length;
        expect(share).toMatchObject({ value: hits / all.length, hits, of: all.length });
        const alone = wilson(hits, all.length);
        expect(share.low).toBeLessThanOrEqual(alone.low);
        expect(share.high).toBeGreaterThanOrEqual(alone.high);
      }),
      40,
    );
  });

  test('has the mean within its interval, which is there where two people are', () => {
    holds(
      fc.property(values, (all) => {
        const mean = meanOf(all, (one) => one.value)!;
        const people = new Set(all.map(({ subject }) => subject)).size;
        expect(mean.interval === null).toBe(people < 2);
        expect(mean.interval?.low ?? mean.value).toBeLessThanOrEqual(mean.value);
        expect(mean.interval?.high ?? mean.value).toBeGreaterThanOrEqual(mean.value);
      }),
      40,
    );
  });
});

const probability = fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000);
const names = ['Ann', 'Bea', 'Cleo', 'Dan'];
const answer = fc.record({
  best: fc.constantFrom(...names),
  probability,
  truth: probability,
  unknown: probability,
});
const enrolled: fc.Arbitrary<MeasuredProbe> = fc.record({
  subject: fc.constantFrom(...names),
  enrolled: fc.constant(true),
  answer: fc.option(answer),
});
const stranger: fc.Arbitrary<MeasuredProbe> = fc.record({
  subject: fc.nat(200).map((n) => `stranger ${n}`),
  enrolled: fc.constant(false),
  answer,
});
const probes = fc
  .tuple(
    fc.array(enrolled, { minLength: 1, maxLength: 20 }),
    fc.array(stranger, { minLength: 1, maxLength: 40 }),
  )
  .map((parts) => parts.flat());

describe('who is named', () => {
  test('right, wrong, unknown and no face are everybody, each once', () => {
    holds(
      fc.property(probes, probability, (all, limit) => {
        const { right, wrong, unknown, noFace } = enrolledOutcomes(all, limit);
        const hits = [right, wrong, unknown, noFace].map((share) => share!.hits);
        expect(hits.reduce((a, b) => a + b)).toBe(right!.of);
      }),
      15,
    );
  });

  test('a suggested setting names no more strangers than it may, on the photos that it was found on', () => {
    holds(
      fc.property(probes, fc.constantFrom(0.5, 0.2, 0.1, 0.05), (all, most) => {
        const suggested = suggestSetting(all, most);
        const named = suggested && strangersNamed(all, suggested.minProbability)!.value;
        expect(named ?? 0).toBeLessThanOrEqual(most + 1e-9);
        const strangers = all.filter((probe) => !probe.enrolled).length;
        // Null where there are too few strangers to tell, or where they are as sure as can be.
        expect(suggested === null || strangers * most >= 1 - 1e-9).toBe(true);
      }),
      15,
    );
  });

  test('the more strangers may be named, the more people are found', () => {
    holds(
      fc.property(probes, (all) => {
        const rates = [0.05, 0.1, 0.3, 0.9].flatMap(
          (level) => identificationRate(all, level).rate?.value ?? [],
        );
        expect(rates).toEqual(rates.toSorted((a, b) => a - b));
      }),
      15,
    );
  });
});
