/** The odds of a fitted background are right about people whom it was not fitted on. */

import { describe, expect, test } from 'vitest';
import { fitBackground, fitBackgroundByFolds } from '../../../src/learn/odds/background-fit.ts';
import { fitCalibration, type Trial } from '../../../src/learn/odds/logistic-calibration.ts';
import { enrol, logLikelihoodRatio, project } from '../../../src/learn/odds/two-covariance.ts';
import type { Labelled } from '../../../src/learn/odds/two-covariance-fit.ts';
import { placeByName } from '../../../src/photos/folds.ts';
import { onOneCore } from '../../one-core.ts';
import { drawVector, seededNormal } from '../../synthetic-people.ts';

const size = 12;

/** Four photos each; about every second one is unclear, and lies further from the person. */
function drawPeople(count: number, seed: number): Labelled[] {
  const normal = seededNormal(seed);
  return Array.from({ length: count }, (_, i) => {
    const place = drawVector(size, normal);
    return Array.from({ length: 4 }, () => {
      const clear = normal() > 0;
      return {
        person: `person ${seed}-${i}`,
        quality: clear ? 1 : 0.5,
        values: drawVector(size, normal).map((v, k) => place[k]! + (clear ? 0.6 : 0.9) * v),
      };
    });
  }).flat();
}

describe('a background', () => {
  test('is calibrated for a new photo against one photo of a person, clear or not', async () => {
    const model = await fitBackground(drawPeople(200, 1), placeByName, onOneCore);
    const faces = drawPeople(200, 2).map((face) => ({ ...face, z: project(model, face.values) }));
    const trials = faces.flatMap((enrolled, i) => {
      const template = enrol(model, [enrolled]);
      return faces
        .filter((_, j) => j !== i && j % 4 === 0)
        .map(({ person, quality, z }) => ({
          score: quality * logLikelihoodRatio(template, z),
          clarity: quality * enrolled.quality,
          same: person === enrolled.person,
        }));
    });
    const { scale, offset } = fitCalibration(trials, 0.01);
    expect(scale).toBeGreaterThan(0.85);
    expect(scale).toBeLessThan(1.15);
    expect(Math.abs(offset)).toBeLessThan(0.3);
  });

  test('is calibrated on folds of people, each asked about once, by models of all the others', async () => {
    const faces = drawPeople(60, 3);
    const { folds } = await fitBackgroundByFolds(faces, placeByName, onOneCore);
    expect(folds.length).toBe(6);
    expect(folds.flatMap(({ others }) => others).length).toBe(faces.length);
    const owners = folds.map(({ others }) => new Set(others.map(({ person }) => person)));
    expect(owners.reduce((sum, own) => sum + own.size, 0)).toBe(60);
  });
});

describe('a background cannot be fitted', () => {
  const people = drawPeople(60, 3);

  test.each([
    [
      'to values that are no numbers',
      people.with(7, { ...people[7]!, values: new Float32Array(size).fill(Number.NaN) }),
      'bad-weights',
    ],
    ['to one photo of each person', people.filter((_, i) => i % 4 === 0), 'too-few-photos'],
    [
      'to the same values in all photos',
      people.map((face) => ({ ...face, values: people[0]!.values })),
      'bad-weights',
    ],
    [
      'to the same values in all photos of a person',
      people.map((face, i) => ({ ...face, values: people[i - (i % 4)]!.values })),
      'bad-weights',
    ],
  ])('%s', async (_, faces, code) => {
    await expect(fitBackground(faces, placeByName, onOneCore)).rejects.toMatchObject({ code });
  });
});

describe('a calibration', () => {
  test('finds the scale and the offset that trials were drawn with, where unclear ones say less', () => {
    const normal = seededNormal(4);
    const drawn = (same: boolean): Trial[] =>
      Array.from({ length: 4000 }, (_, i) => {
        const clarity = i % 2 === 0 ? 1 : 0.4;
        // The log-likelihood ratio of two normal distributions of variance v around ±v/2 is the number itself.
        const variance = 6 * clarity;
        const odds = (same ? 0.5 : -0.5) * variance + Math.sqrt(variance) * normal();
        return { score: (odds - 3 * clarity) / 0.25, clarity, same };
      });
    const { scale, offset } = fitCalibration([...drawn(true), ...drawn(false)], 0.5);
    expect(scale).toBeGreaterThan(0.235);
    expect(scale).toBeLessThan(0.265);
    expect(Math.abs(offset - 3)).toBeLessThan(0.2);
  });
});
