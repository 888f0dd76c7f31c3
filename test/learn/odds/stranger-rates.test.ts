import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import type { ReferencePairs } from '../../../src/learn/odds/rate-table.ts';
import { unchanged } from '../../../src/learn/odds/recalibration.ts';
import { settingFor, strangerRateAt, strangerRates } from '../../../src/learn/odds/stranger-rates.ts';

const gallery = { people: 10, priorUnknown: 0.5, recalibration: unchanged };
const nobody = { people: 0, probabilities: [] };

/** As calibrated odds would have it: a share e^−t of different people reaches odds of e^t. */
const pairs: ReferencePairs = {
  measuredOn: 'pairs made up for a test',
  rates: [0.5, 0.1, 0.01, 1e-3, 1e-4, 1e-5].map((rate) => [-Math.log(rate), rate]),
};

test('many people of the folder are measured by themselves', () => {
  const random = seededRandom(1);
  const probabilities = Array.from({ length: 1000 }, () => random());
  const rates = strangerRates({ people: 1000, probabilities }, undefined, gallery);
  for (const asked of [0.5, 0.1, 0.01]) {
    const { minProbability, rate } = settingFor(rates, asked)!;
    expect(rate).toBe(asked);
    expect(probabilities.filter((p) => p >= minProbability).length).toBe(1000 * asked);
  }
});

test('a rate that is less than three of the people is not taken from them', () => {
  const probabilities = Array.from({ length: 100 }, (_, i) => i / 100);
  const rates = strangerRates({ people: 100, probabilities }, undefined, gallery);
  expect(settingFor(rates, 0.001)!.rate).toBe(0.05);
});

test('of few people the reference pairs say it: any of the gallery can be taken for the stranger', () => {
  const rates = strangerRates(nobody, pairs, gallery);
  const { minProbability } = settingFor(rates, 0.01)!;
  // Ten people, each mistaken in 0.1 % of cases: odds of 1,000, of which the prior leaves a tenth.
  expect(Math.log(minProbability / (1 - minProbability))).toBeCloseTo(Math.log(100), 1);
});

test('where both say something about a few people, the stricter counts', () => {
  const lookAlikes = { people: 5, probabilities: [0.1, 0.2, 0.3, 0.4, 0.9999] };
  const { minProbability } = settingFor(strangerRates(lookAlikes, pairs, gallery), 0.01)!;
  expect(minProbability).toBeGreaterThan(0.9999);
  const strangersTo = { people: 5, probabilities: [1e-6, 1e-6, 1e-6, 1e-6, 1e-6] };
  const plain = settingFor(strangerRates(nobody, pairs, gallery), 0.01);
  expect(settingFor(strangerRates(strangersTo, pairs, gallery), 0.01)).toEqual(plain);
});

test('a rate below what can be known is answered with the lowest that is', () => {
  const rates = strangerRates(nobody, pairs, gallery);
  const { rate } = settingFor(rates, 1e-9)!;
  expect(rate).toBe(1e-4);
  const large = strangerRates(nobody, pairs, { ...gallery, people: 1000 });
  expect(settingFor(large, 1e-9)!.rate).toBeGreaterThanOrEqual(1e-2);
});

test('a stricter rate never asks for a lower probability, and the rate at a setting is the one asked for', () => {
  const random = seededRandom(2);
  const own = { people: 40, probabilities: Array.from({ length: 90 }, () => random() ** 4) };
  const rates = strangerRates(own, pairs, gallery);
  let before = 0;
  for (const asked of [0.4, 0.15, 0.07, 0.03, 0.01, 0.004, 0.0007]) {
    const { minProbability, rate } = settingFor(rates, asked)!;
    expect(rate).toBe(asked);
    expect(minProbability).toBeGreaterThanOrEqual(before);
    expect(strangerRateAt(rates, minProbability)!.rate).toBeLessThanOrEqual(asked * (1 + 1e-6));
    before = minProbability;
  }
});

test('odds that were recalibrated move what the pairs say with them', () => {
  const plain = settingFor(strangerRates(nobody, pairs, gallery), 0.01)!;
  const shifted = strangerRates(nobody, pairs, { ...gallery, recalibration: { scale: 1, offset: 2 } });
  const logit = (p: number): number => Math.log(p / (1 - p));
  expect(logit(settingFor(shifted, 0.01)!.minProbability) - logit(plain.minProbability)).toBeCloseTo(2, 6);
});

test('beyond what was measured only bounds are told', () => {
  const rates = strangerRates(nobody, pairs, gallery);
  expect(strangerRateAt(rates, 1 - 1e-9)).toEqual({ rate: 1e-4, bound: 'at-most' });
  expect(strangerRateAt(rates, 1e-9)).toEqual({ rate: 0.5, bound: 'at-least' });
  expect(strangerRateAt(strangerRates(nobody, undefined, gallery), 0.5)).toBeUndefined();
  expect(settingFor(strangerRates(nobody, undefined, gallery), 0.5)).toBeUndefined();
});
