import { describe, expect, test } from 'vitest';
import {
  enrolledOutcomes,
  logLoss,
  type MeasuredProbe,
  rankOne,
  strangersNamed,
} from '../../../src/learn/measure/metrics.ts';

function enrolled(subject: string, best: string, probability: number, truth = probability): MeasuredProbe {
  return { subject, enrolled: true, answer: { best, probability, truth, unknown: 1 - probability } };
}

function stranger(subject: string, best: string, probability: number): MeasuredProbe {
  const unknown = 1 - probability;
  return { subject, enrolled: false, answer: { best, probability, truth: unknown, unknown } };
}

const noFace = (subject: string, isEnrolled: boolean): MeasuredProbe => ({
  subject,
  enrolled: isEnrolled,
  answer: null,
});

const probes = [
  enrolled('ann', 'ann', 0.9),
  enrolled('ann', 'ann', 0.3),
  enrolled('bob', 'ann', 0.6, 0.2),
  enrolled('bob', 'ann', 0.4, 0.1),
  noFace('bob', true),
  stranger('x', 'ann', 0.7),
  stranger('y', 'bob', 0.1),
  stranger('z', 'bob', 0.5),
  noFace('z', false),
];

describe('enrolled people', () => {
  test('are right, wrong, unknown or not found, and nothing else', () => {
    const { right, wrong, unknown, noFace: lost } = enrolledOutcomes(probes, 0.5);
    expect([right, wrong, unknown, lost].map((share) => [share!.hits, share!.of])).toEqual([
      [1, 5],
      [1, 5],
      [2, 5],
      [1, 5],
    ]);
  });

  test('are named from exactly the probability that is asked for', () => {
    expect(enrolledOutcomes(probes, 0.9).right!.hits).toBe(1);
    expect(enrolledOutcomes(probes, 0.9 + 1e-12).right!.hits).toBe(0);
    expect(enrolledOutcomes(probes, 0.3).right!.hits).toBe(2);
  });

  test('count for rank-1 by their likeliest name, however unlikely, and no face is a miss', () => {
    expect(rankOne(probes)).toMatchObject({ hits: 2, of: 5 });
  });
});

describe('strangers', () => {
  test('are measured by themselves: photos without a face do not flatter the rate', () => {
    expect(strangersNamed(probes, 0.5)).toMatchObject({ hits: 2, of: 3 });
    expect(strangersNamed(probes, 0.7001)).toMatchObject({ hits: 0, of: 3 });
  });

  test('change nothing about enrolled people, and the other way round', () => {
    const people = probes.filter((probe) => probe.enrolled);
    const strangers = probes.filter((probe) => !probe.enrolled);
    expect(enrolledOutcomes(people, 0.5)).toEqual(enrolledOutcomes(probes, 0.5));
    expect(strangersNamed(strangers, 0.5)).toEqual(strangersNamed(probes, 0.5));
    expect(strangersNamed(people, 0.5)).toBeNull();
    expect(Object.values(enrolledOutcomes(strangers, 0.5))).toEqual([null, null, null, null]);
    expect(rankOne(strangers)).toBeNull();
  });
});

describe('log loss', () => {
  test('is the mean of −ln P(truth), apart for the two, without photos that show no face', () => {
    const { enrolled: people, strangers } = logLoss(probes);
    expect(people!.value).toBeCloseTo(
      -(Math.log(0.9) + Math.log(0.3) + Math.log(0.2) + Math.log(0.1)) / 4,
      12,
    );
    expect(people!.of).toBe(4);
    expect(strangers!.value).toBeCloseTo(-(Math.log(0.3) + Math.log(0.9) + Math.log(0.5)) / 3, 12);
    expect(strangers!.of).toBe(3);
    expect(strangers!.interval!.low).toBeLessThan(strangers!.value);
    expect(strangers!.interval!.high).toBeGreaterThan(strangers!.value);
  });

  test('of a certain answer that is wrong is large and finite', () => {
    expect(logLoss([enrolled('ann', 'bob', 1, 0)]).enrolled!.value).toBeCloseTo(-Math.log(1e-12), 9);
  });
});
