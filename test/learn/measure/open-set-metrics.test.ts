import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { enrolledOutcomes, type MeasuredProbe, strangersNamed } from '../../../src/learn/measure/metrics.ts';
import {
  detectionErrorTradeoff,
  identificationRate,
  suggestSetting,
} from '../../../src/learn/measure/open-set-metrics.ts';

/** Enrolled people who are mostly named likelier than strangers; some answers are wrong, some photos show no face. */
function world(people: number, strangers: number, seed: number): MeasuredProbe[] {
  const random = seededRandom(seed);
  const probe = (subject: string, enrolled: boolean): MeasuredProbe => {
    if (random() < 0.03) return { subject, enrolled, answer: null };
    const probability = Math.round(random() ** (enrolled ? 0.3 : 4) * 1000) / 1000;
    const best = enrolled && random() < 0.95 ? subject : 'somebody';
    return {
      subject,
      enrolled,
      answer: { best, probability, truth: best === subject ? probability : 0.01, unknown: 1 - probability },
    };
  };
  return [
    ...Array.from({ length: people }, (_, i) => probe(`person ${i % 20}`, true)),
    ...Array.from({ length: strangers }, (_, i) => probe(`stranger ${i}`, false)),
  ];
}

/** The best of all thresholds that keep the rate, by trying every one. */
function bruteForce(probes: readonly MeasuredProbe[], level: number): number {
  const thresholds = [...new Set(probes.flatMap(({ answer }) => answer?.probability ?? [])), 1.001];
  const strangers = probes.filter(({ enrolled, answer }) => !enrolled && answer !== null);
  const people = probes.filter(({ enrolled }) => enrolled);
  const named = (t: number): number => strangers.filter(({ answer }) => answer!.probability >= t).length;
  const right = (t: number): number =>
    people.filter(({ subject, answer: a }) => a?.best === subject && a.probability >= t).length;
  const allowed = thresholds.filter((t) => named(t) <= level * strangers.length);
  return Math.max(...allowed.map(right)) / people.length;
}

describe('identification at a rate of strangers named', () => {
  test.each([1, 2, 3])('is the best that any threshold gives within the rate (%i)', (seed) => {
    const probes = world(200, 400, seed);
    for (const level of [0.1, 0.05, 0.01]) {
      expect(identificationRate(probes, level).rate!.value).toBe(bruteForce(probes, level));
    }
  });

  test('names nobody at its threshold, and too many strangers just below', () => {
    const probes = world(200, 400, 4);
    const { above } = identificationRate(probes, 0.01);
    expect(strangersNamed(probes, above! + 1e-9)!.value).toBeLessThanOrEqual(0.01);
    expect(strangersNamed(probes, above!)!.value).toBeGreaterThan(0.01);
  });

  test('is left blank where so few strangers cannot show the rate', () => {
    const strangers = (count: number): MeasuredProbe[] =>
      Array.from({ length: count }, (_, i) => ({
        subject: `${i}`,
        enrolled: false,
        answer: { best: 'ann', probability: 0.2, truth: 0.8, unknown: 0.8 },
      }));
    const ann = world(20, 0, 5);
    expect(identificationRate([...ann, ...strangers(99)], 0.01)).toEqual({
      level: 0.01,
      above: null,
      rate: null,
    });
    expect(identificationRate([...ann, ...strangers(100)], 0.01).rate).not.toBeNull();
    expect(identificationRate([...ann, ...strangers(999)], 0.001).rate).toBeNull();
    expect(identificationRate(strangers(100), 0.01).rate).toBeNull();
  });

  test('counts a face that was not found as a miss', () => {
    const probes = world(200, 400, 6);
    const { rate } = identificationRate(probes, 0.1);
    const more = [...probes, { subject: 'person 1', enrolled: true, answer: null }];
    expect(identificationRate(more, 0.1).rate).toMatchObject({ hits: rate!.hits, of: rate!.of + 1 });
  });

  test('is less sure than the share at a threshold that was known before', () => {
    const probes = world(400, 400, 7);
    const { rate, above } = identificationRate(probes, 0.1);
    const known = enrolledOutcomes(probes, above! + 1e-9).right!;
    expect(rate).toMatchObject({ hits: known.hits, of: known.of });
    expect(rate!.high - rate!.low).toBeGreaterThan(1.3 * (known.high - known.low));
  });
});

describe('the suggested setting', () => {
  test('keeps the rate of strangers named, and a lower one of as many digits does not', () => {
    for (const seed of [8, 9, 10]) {
      const probes = world(200, 400, seed);
      const { minProbability, strangersNamed: named, enrolled } = suggestSetting(probes, 0.02)!;
      expect(named).toEqual(strangersNamed(probes, minProbability));
      expect(named!.value).toBeLessThanOrEqual(0.02);
      expect(strangersNamed(probes, minProbability - 0.01)!.value).toBeGreaterThan(0.02);
      expect(enrolled).toEqual(enrolledOutcomes(probes, minProbability));
    }
  });

  test('has more digits where strangers come near certainty', () => {
    const strangers = Array.from({ length: 100 }, (_, i) => ({
      subject: `${i}`,
      enrolled: false,
      answer: { best: 'ann', probability: i < 2 ? 0.99973 : 0.5, truth: 0.1, unknown: 0.1 },
    }));
    const { minProbability } = suggestSetting(strangers, 0.01)!;
    expect(minProbability).toBe(0.9998);
  });

  test('is not given where there are too few strangers, or where certainty would not be enough', () => {
    expect(suggestSetting(world(50, 60, 11), 0.01)).toBeNull();
    const certain = Array.from({ length: 100 }, (_, i) => ({
      subject: `${i}`,
      enrolled: false,
      answer: { best: 'ann', probability: 1, truth: 0, unknown: 0 },
    }));
    expect(suggestSetting(certain, 0.01)).toBeNull();
  });

  test('is as low as can be written where no stranger comes near any name', () => {
    const far = world(50, 300, 12).map((probe) =>
      probe.enrolled ? probe : { ...probe, answer: { best: 'ann', probability: 1e-6, truth: 1, unknown: 1 } },
    );
    expect(suggestSetting(far, 0.01)!.minProbability).toBe(0.01);
  });
});

describe('the detection error trade-off', () => {
  test('holds at each of its thresholds what is measured there', () => {
    const probes = world(150, 300, 13);
    const points = detectionErrorTradeoff(probes, 20);
    expect(points.length).toBeGreaterThan(15);
    for (const { threshold, strangersNamed: named, missed } of points) {
      expect(named).toBe(strangersNamed(probes, threshold)!.value);
      expect(missed).toBeCloseTo(1 - enrolledOutcomes(probes, threshold).right!.value, 12);
    }
  });

  test('runs from strict to loose and ends where every stranger is named', () => {
    const points = detectionErrorTradeoff(world(150, 300, 14));
    expect(points.at(-1)!.strangersNamed).toBe(1);
    for (const [i, point] of points.slice(1).entries()) {
      expect(point.strangersNamed).toBeGreaterThan(points[i]!.strangersNamed);
      expect(point.missed).toBeLessThanOrEqual(points[i]!.missed);
    }
  });

  test('of many strangers keeps few points, and all of the rarest', () => {
    const points = detectionErrorTradeoff(
      Array.from({ length: 20_000 }, (_, i) => ({
        subject: `${i}`,
        enrolled: i % 2 === 0,
        answer: { best: `${i}`, probability: 1 - i / 20_000, truth: 0.5, unknown: 0.5 },
      })),
    );
    expect(points.length).toBeLessThan(200);
    expect(points.slice(0, 5).map((point) => Math.round(point.strangersNamed * 10_000))).toEqual([
      1, 2, 3, 4, 5,
    ]);
  });

  test('needs both enrolled people and strangers', () => {
    expect(detectionErrorTradeoff(world(10, 0, 15))).toEqual([]);
    expect(detectionErrorTradeoff(world(0, 10, 16))).toEqual([]);
  });
});
