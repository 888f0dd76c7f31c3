import { describe, expect, test } from 'vitest';
import { seededRandom, shuffled } from '../../../src/core/random.ts';
import { calibration, calibrations, type Forecast } from '../../../src/learn/measure/calibration-metrics.ts';
import type { MeasuredProbe } from '../../../src/learn/measure/metrics.ts';

function forecast(probability: number, cameTrue: boolean, weight = 1): Forecast {
  return { subject: `${probability}`, enrolled: true, probability, cameTrue, weight };
}

/** Forecasts that come true as often as they say, moved by `bent`. */
function forecasts(count: number, bent: (p: number) => number, seed: number): Forecast[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const probability = random();
    return { ...forecast(probability, random() < bent(probability)), subject: `${i}` };
  });
}

describe('calibration', () => {
  test('of a probability that is no number is an error: a diverged model once made the bins go on for ever', () => {
    const answers = [forecast(0.1, false), forecast(Number.NaN, true), forecast(0.9, true)];
    expect(() => calibration(answers, 2)).toThrow(expect.objectContaining({ code: 'bad-weights' }));
  });

  test('is the mean distance of stated and observed over bins of equal count', () => {
    const { error, bins } = calibration(
      [
        forecast(0.1, false),
        forecast(0.2, true),
        forecast(0.6, true),
        forecast(0.7, false),
        forecast(0.8, true),
        forecast(0.9, true),
      ],
      3,
    );
    expect(bins.map(({ count, from, to }) => [count, from, to])).toEqual([
      [2, 0.1, 0.2],
      [2, 0.6, 0.7],
      [2, 0.8, 0.9],
    ]);
    expect(bins.map(({ stated }) => stated)).toEqual([0.15, 0.65, 0.85].map((v) => expect.closeTo(v, 12)));
    expect(bins.map(({ observed }) => observed)).toEqual([0.5, 0.5, 1].map((v) => expect.closeTo(v, 12)));
    expect(error.value).toBeCloseTo((0.35 + 0.15 + 0.15) / 3, 12);
  });

  test('weighs each answer, so bins hold equal weight', () => {
    const { error, bins } = calibration(
      [forecast(0.2, false, 3), forecast(0.4, true), forecast(0.9, true, 4)],
      2,
    );
    expect(bins.map(({ count, weight }) => [count, weight])).toEqual([
      [2, 0.5],
      [1, 0.5],
    ]);
    expect(error.value).toBeCloseTo(0.5 * Math.abs((0.2 * 3 + 0.4) / 4 - 1 / 4) + 0.5 * 0.1, 12);
  });

  test('equal probabilities share a bin, so the order in which they come changes nothing', () => {
    const tied = [
      ...Array.from({ length: 30 }, () => forecast(1, true)),
      ...Array.from({ length: 10 }, () => forecast(1, false)),
      ...forecasts(40, (p) => p, 1),
    ];
    const one = calibration(tied, 8);
    expect(one.bins.filter(({ to }) => to === 1)).toHaveLength(1);
    for (const seed of [1, 2]) {
      const other = calibration(shuffled(tied, seededRandom(seed)), 8);
      expect(other.error.value).toBeCloseTo(one.error.value, 12);
    }
  });

  test('finds no more error in honest forecasts than chance makes, and all of it in others', () => {
    const honest = calibration(forecasts(6000, (p) => p, 2));
    expect(honest.bins).toHaveLength(15);
    expect(honest.error.value).toBeLessThan(0.025);
    const timid = calibration(forecasts(6000, (p) => Math.sqrt(p), 3));
    // The integral of √p − p.
    expect(timid.error.value).toBeCloseTo(1 / 6, 1.5);
    expect(timid.error.interval!.low).toBeGreaterThan(honest.error.interval!.high);
  });

  test('takes fewer bins where there are few answers', () => {
    expect(calibration(forecasts(19, (p) => p, 4)).bins).toHaveLength(1);
    expect(calibration(forecasts(100, (p) => p, 5)).bins).toHaveLength(5);
  });
});

describe('calibrations of a model', () => {
  const probe = (subject: string, enrolled: boolean, best: string, p: number): MeasuredProbe => ({
    subject,
    enrolled,
    answer: { best, probability: p, truth: enrolled ? p : 1 - p, unknown: 1 - p },
  });

  test('weigh enrolled people and strangers to the share that the probabilities are meant for', () => {
    // One answer says 0.75 again and again; it is right for enrolled people, wrong for strangers.
    const of = (people: number, strangers: number): MeasuredProbe[] => [
      ...Array.from({ length: people }, (_, i) => probe(`p${i}`, true, `p${i}`, 0.75)),
      ...Array.from({ length: strangers }, (_, i) => probe(`s${i}`, false, 'p1', 0.75)),
    ];
    for (const [people, strangers] of [
      [300, 100],
      [50, 500],
    ] as const) {
      const { names, unknown } = calibrations(of(people, strangers), 0.25);
      expect(names!.error.value).toBeCloseTo(0, 12);
      expect(unknown!.error.value).toBeCloseTo(0, 12);
      expect(calibrations(of(people, strangers), 0.5).names!.error.value).toBeCloseTo(0.25, 12);
    }
  });

  test('hold a wrong name against names, but not against "unknown"', () => {
    const probes = [
      ...Array.from({ length: 50 }, (_, i) => probe(`p${i}`, true, 'another', 1)),
      ...Array.from({ length: 50 }, (_, i) => probe(`s${i}`, false, 'another', 0)),
    ];
    const { names, unknown } = calibrations(probes, 0.5);
    expect(names!.error.value).toBeCloseTo(0.5, 12);
    expect(unknown!.error.value).toBeCloseTo(0, 12);
  });

  test('are blank without strangers or without enrolled people', () => {
    const blank = { names: null, unknown: null, strangers: 0.5 };
    expect(calibrations([probe('a', true, 'a', 0.9)], 0.5)).toEqual(blank);
    expect(calibrations([probe('s', false, 'a', 0.1)], 0.5)).toEqual(blank);
    const lost = { subject: 's', enrolled: false, answer: null };
    expect(calibrations([probe('a', true, 'a', 0.9), lost], 0.5)).toEqual(blank);
  });
});
