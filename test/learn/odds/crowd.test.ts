/** A stranger in a crowded region is like somebody more often, and the odds know. */

import { describe, expect, test } from 'vitest';
import {
  crowdOf,
  enrol,
  logLikelihoodRatio,
  project,
  type TwoCovariance,
} from '../../../src/learn/odds/two-covariance.ts';
import { drawPerson, drawPhoto, seededNormal } from '../../synthetic-people.ts';

/** Embeddings are their own coordinates. */
const k = 12;
const between = Float32Array.from({ length: k + 1 }, (_, j) => (j < k ? 5 : 0));
const normal = seededNormal(4);
const centres = [1, 2, 3].map(() => drawPerson({ between }, normal));
const plain = {
  mean: new Float32Array(k + 1),
  basis: Float32Array.from({ length: (k + 1) ** 2 }, (_, i) => (i % (k + 2) === 0 ? 1 : 0)),
  between,
  scale: 1,
  offset: 0,
};
const crowded: TwoCovariance = { ...plain, crowd: crowdOf(between, centres) };

/** People around a centre differ much less than people do. */
function personNear(centre: Float32Array): Float32Array {
  return centre.map((v, j) => (j < k ? v + 0.7 * normal() : 0));
}

function photoOf(person: Float32Array): Float32Array {
  return drawPhoto(person, normal).map((v, j) => (j < k ? v : 0));
}

function oddsOf(model: TwoCovariance, enrolled: Float32Array, probe: Float32Array): number {
  return logLikelihoodRatio(
    enrol(model, [{ z: project(model, enrolled), quality: 1 }]),
    project(model, probe),
  );
}

function meanOver(rounds: number, of: () => number): number {
  let sum = 0;
  for (let i = 0; i < rounds; i++) sum += of() / rounds;
  return sum;
}

describe('the crowd', () => {
  test('lowers the odds that two people of one crowded region are one person, more than those of people apart', () => {
    const lowered = (a: () => Float32Array, b: () => Float32Array): number =>
      meanOver(200, () => {
        const [one, other] = [photoOf(a()), photoOf(b())];
        return oddsOf(plain, one, other) - oddsOf(crowded, one, other);
      });
    const near = (): Float32Array => personNear(centres[0]!);
    const anywhere = (): Float32Array => drawPerson({ between }, normal);
    expect(lowered(near, near)).toBeGreaterThan(lowered(anywhere, anywhere) + 3);
  });

  test('lowers what either face adds, whichever of the two is enrolled', () => {
    const [a, b] = [photoOf(personNear(centres[0]!)), photoOf(personNear(centres[1]!))];
    expect(oddsOf(crowded, a, b)).toBeCloseTo(oddsOf(crowded, b, a), 3);
  });

  test('is a coordinate of its own and changes no other', () => {
    const probe = photoOf(personNear(centres[2]!));
    const [with_, without] = [project(crowded, probe), project(plain, probe)];
    expect([...with_.subarray(0, k)]).toEqual([...without.subarray(0, k)]);
    expect(without[k]).toBe(0);
    expect(with_[k]).toBeLessThan(0);
  });

  test('an enrolled face that says nothing still says nothing', () => {
    const template = enrol(crowded, [{ z: project(crowded, photoOf(centres[0]!)), quality: 0 }]);
    expect(logLikelihoodRatio(template, project(crowded, photoOf(centres[0]!)))).toBeCloseTo(0, 6);
  });
});
