/** A face that is far out where people hardly differ is a noisy one: it lies nearer to the middle, and says less. */

import { describe, expect, test } from 'vitest';
import {
  enrol,
  logLikelihoodRatio,
  noiseOf,
  project,
  type TwoCovariance,
} from '../../../src/learn/odds/two-covariance.ts';
import { drawPerson, drawPhoto, seededNormal } from '../../synthetic-people.ts';

/** Embeddings are their own coordinates: people differ in the first ten, hardly in the next thirty; the last is free. */
const k = 41;
const between = Float32Array.from({ length: k }, (_, j) => (j < 10 ? 12 : j < 40 ? 0.1 : 0));
const even: TwoCovariance = {
  mean: new Float32Array(k),
  basis: Float32Array.from({ length: k ** 2 }, (_, i) => (i % (k + 1) === 0 ? 1 : 0)),
  between,
  scale: 1,
  offset: 0,
};
const telling: TwoCovariance = { ...even, noise: noiseOf(between) };
const normal = seededNormal(7);

/** Photos whose noise varies: a third of them has three times as much. */
function photoOf(person: Float32Array, noise: number): Float32Array {
  const clear = drawPhoto(person, normal);
  return clear.map((v, j) => (j < k - 1 ? person[j]! + noise * (v - person[j]!) : 0));
}

const someNoise = (i: number): number => (i % 3 === 0 ? 3 : 1);

function oddsOf(model: TwoCovariance, enrolled: Float32Array, probe: Float32Array): number {
  return logLikelihoodRatio(
    enrol(model, [{ z: project(model, enrolled), quality: 1 }]),
    project(model, probe),
  );
}

describe('the noise of a face', () => {
  test('is 1 on average for photos that scatter as the model says, and leaves them where they are', () => {
    const lengths = Array.from({ length: 500 }, () => {
      const photo = photoOf(drawPerson({ between }, normal), 1);
      return Math.hypot(...project(telling, photo)) / Math.hypot(...photo);
    });
    const mean = lengths.reduce((a, b) => a + b, 0) / lengths.length;
    expect(mean).toBeGreaterThan(0.97);
    expect(mean).toBeLessThan(1.05);
  });

  test('is read off the directions in which people hardly differ, not off who it is', () => {
    const person = drawPerson({ between }, normal).map((v, j) => (j < 10 ? 3 * v : v));
    const rare = photoOf(person, 1);
    const noisy = photoOf(drawPerson({ between }, normal), 3);
    const shrunk = (photo: Float32Array): number =>
      Math.hypot(...project(telling, photo)) / Math.hypot(...photo);
    expect(shrunk(rare)).toBeGreaterThan(0.85);
    expect(shrunk(noisy)).toBeLessThan(0.65);
  });

  test('tells people apart better where photos are unevenly noisy', () => {
    const trials = Array.from({ length: 3000 }, (_, i) => {
      const [one, other] = [drawPerson({ between }, normal), drawPerson({ between }, normal)];
      const photo = photoOf(one, someNoise(i));
      return { photo, same: photoOf(one, someNoise(i + 1)), different: photoOf(other, someNoise(i + 2)) };
    });
    const errorsOf = (model: TwoCovariance): number => {
      const scores = trials.flatMap(({ photo, same, different }) => [
        { odds: oddsOf(model, photo, same), same: true },
        { odds: oddsOf(model, photo, different), same: false },
      ]);
      let errors = scores.length / 2;
      let least = errors;
      for (const { same } of scores.toSorted((a, b) => b.odds - a.odds)) {
        errors += same ? -1 : 1;
        least = Math.min(least, errors);
      }
      return least;
    };
    expect(errorsOf(telling)).toBeLessThan(0.85 * errorsOf(even));
  });

  test('a face in the very middle stays there', () => {
    expect([...project(telling, new Float32Array(k))].every((v) => v === 0)).toBe(true);
  });
});
