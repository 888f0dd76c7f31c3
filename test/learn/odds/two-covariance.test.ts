import { determinant, inverse, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import {
  type EnrolledFace,
  enrol,
  logLikelihoodRatio,
  project,
  type Template,
  type TwoCovariance,
} from '../../../src/learn/odds/two-covariance.ts';
import { drawPerson, drawPhoto, drawVector, seededNormal, toyBackground } from '../../synthetic-people.ts';

const background = toyBackground();
/** The odds as the model has them, before calibration. */
const uncalibrated = { ...background, scale: 1, offset: 0 };

function clear(z: Float32Array): EnrolledFace {
  return { z, quality: 1 };
}

function enrolClear(model: TwoCovariance, photos: readonly Float32Array[]): Template {
  return enrol(model, photos.map(clear));
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** log N(values; 0, covariance), by the textbook. */
function logDensity(values: readonly number[], covariance: Matrix): number {
  const x = Matrix.columnVector([...values]);
  const distance = x.transpose().mmul(inverse(covariance)).mmul(x).get(0, 0);
  return -0.5 * (distance + Math.log(determinant(covariance)) + values.length * Math.log(2 * Math.PI));
}

/**
 * log P(all photos of one person) in one coordinate: photos share the person's place, so each pair of them
 * covaries by its variance.
 */
function logDensityOfOnePerson(values: readonly number[], between: number): number {
  const n = values.length;
  return logDensity(values, Matrix.ones(n, n).mul(between).add(Matrix.eye(n)));
}

/** From joint densities alone: P(photos and face are one person) / P(photos are one person) · P(face). */
function directLogOdds(photos: readonly Float32Array[], face: Float32Array, between: Float32Array): number {
  let sum = 0;
  for (const [j, b] of between.entries()) {
    const values = photos.map((z) => z[j]!);
    sum += logDensityOfOnePerson([...values, face[j]!], b);
    sum -= logDensityOfOnePerson(values, b) + logDensityOfOnePerson([face[j]!], b);
  }
  return sum;
}

describe('projection', () => {
  test('is embedding minus mean, times the basis', () => {
    const values = drawVector(7, seededNormal(2));
    const centred = Array.from(values, (v, i) => v - background.mean[i]!);
    const basis = Matrix.from1DArray(7, 5, background.basis);
    const expected = Matrix.rowVector(centred).mmul(basis).getRow(0);
    for (const [j, v] of project(background, values).entries()) expect(v).toBeCloseTo(expected[j]!, 5);
  });
});

describe('odds', () => {
  const { between } = background;

  test('of a person without photos are 1 for every face', () => {
    const nobody = enrolClear(background, []);
    const normal = seededNormal(3);
    for (let i = 0; i < 20; i++) {
      expect(logLikelihoodRatio(nobody, drawPerson(background, normal))).toBe(0);
    }
  });

  test.each([1, 2, 3, 8])('of %i photos agree with the joint densities of all photos', (n) => {
    const normal = seededNormal(n);
    for (let round = 0; round < 10; round++) {
      const person = drawPerson(background, normal);
      const photos = Array.from({ length: n }, () => drawPhoto(person, normal));
      const somebody = drawPerson(background, normal);
      for (const face of [drawPhoto(person, normal), drawPhoto(somebody, normal)]) {
        const together = Math.exp(directLogOdds(photos, face, between));
        const alone = photos.map((photo) => Math.exp(directLogOdds([photo], face, between)));
        // A person is half what the photos have in common and half the photos one by one.
        const expected = Math.log(n === 1 ? together : 0.5 * together + 0.5 * mean(alone));
        expect(logLikelihoodRatio(enrolClear(uncalibrated, photos), face)).toBeCloseTo(expected, 3);
      }
    }
  });

  test('are calibrated: scale times the logarithm, plus offset', () => {
    const normal = seededNormal(4);
    for (let round = 0; round < 10; round++) {
      const person = drawPerson(background, normal);
      const [photo, face] = [drawPhoto(person, normal), drawPhoto(person, normal)];
      const raw = directLogOdds([photo], face, between);
      expect(logLikelihoodRatio(enrolClear(background, [photo]), face)).toBeCloseTo(0.8 * raw - 0.3, 4);
    }
  });

  test('of the enrolled face itself are higher than those of anybody else', () => {
    const normal = seededNormal(5);
    for (let round = 0; round < 50; round++) {
      const face = drawPhoto(drawPerson(background, normal), normal);
      const own = enrolClear(background, [face]);
      const other = drawPhoto(drawPerson(background, normal), normal);
      expect(logLikelihoodRatio(own, face)).toBeGreaterThan(logLikelihoodRatio(own, other));
    }
  });

  test('say the same whichever of two faces is enrolled', () => {
    const normal = seededNormal(6);
    for (let round = 0; round < 20; round++) {
      const [a, b] = [drawPerson(background, normal), drawPerson(background, normal)];
      const there = logLikelihoodRatio(enrolClear(background, [a]), b);
      expect(logLikelihoodRatio(enrolClear(background, [b]), a)).toBeCloseTo(there, 4);
    }
  });

  test('are right as often as they say', () => {
    const normal = seededNormal(7);
    const said: number[] = [];
    const came: number[] = [];
    for (let pair = 0; pair < 20_000; pair++) {
      const person = drawPerson(background, normal);
      const same = pair % 2 === 0;
      const other = same ? person : drawPerson(background, normal);
      const template = enrolClear(uncalibrated, [drawPhoto(person, normal)]);
      said.push(1 / (1 + Math.exp(-logLikelihoodRatio(template, drawPhoto(other, normal)))));
      came.push(same ? 1 : 0);
    }
    for (const [from, to] of [
      [0, 0.2],
      [0.2, 0.5],
      [0.5, 0.8],
      [0.8, 1],
    ] as const) {
      const bin = said.flatMap((p, i) => (p >= from && p < to ? [i] : []));
      const difference = mean(bin.map((i) => said[i]!)) - mean(bin.map((i) => came[i]!));
      expect(Math.abs(difference), `between ${from} and ${to}`).toBeLessThan(0.03);
    }
  });

  test('sharpen with more photos: higher for the person, lower for strangers', () => {
    const own: Record<number, number> = {};
    const strangers: Record<number, number> = {};
    for (const n of [1, 4, 16]) {
      const normal = seededNormal(8);
      const odds = Array.from({ length: 300 }, () => {
        const person = drawPerson(background, normal);
        const template = enrolClear(
          background,
          Array.from({ length: n }, () => drawPhoto(person, normal)),
        );
        const stranger = drawPhoto(drawPerson(background, normal), normal);
        return [
          logLikelihoodRatio(template, drawPhoto(person, normal)),
          logLikelihoodRatio(template, stranger),
        ] as const;
      });
      own[n] = mean(odds.map(([value]) => value));
      strangers[n] = mean(odds.map(([, value]) => value));
    }
    expect(own[4]).toBeGreaterThan(own[1]!);
    expect(own[16]).toBeGreaterThan(own[4]!);
    expect(strangers[4]).toBeLessThan(strangers[1]!);
  });

  test('stay numbers for faces that no photo could be', () => {
    const template = enrolClear(background, [new Float32Array(5).fill(1e3), new Float32Array(5).fill(-1e3)]);
    for (const far of [0, 1e4, -1e4]) {
      expect(logLikelihoodRatio(template, new Float32Array(5).fill(far))).not.toBeNaN();
    }
  });
});

describe('templates', () => {
  test('of one photo are one component', () => {
    const { components } = enrolClear(background, [drawVector(5, seededNormal(9))]);
    expect(components).toHaveLength(1);
    expect(components[0]!.weight).toBe(1);
  });

  test.each([1, 2, 3, 10, 100])('of %i photos have weights that add up to 1', (n) => {
    const normal = seededNormal(10);
    const { components } = enrolClear(
      background,
      Array.from({ length: n }, () => drawVector(5, normal)),
    );
    expect(components.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  test('do not depend on the order of photos', () => {
    const normal = seededNormal(11);
    const photos = Array.from({ length: 5 }, () => drawVector(5, normal));
    const face = drawVector(5, normal);
    const there = logLikelihoodRatio(enrolClear(background, photos), face);
    expect(logLikelihoodRatio(enrolClear(background, photos.toReversed()), face)).toBeCloseTo(there, 5);
  });
});

describe('unclear photos', () => {
  const normal = seededNormal(12);
  const person = drawPerson(background, normal);
  const [a, b] = [drawPhoto(person, normal), drawPhoto(person, normal)];
  const face = drawPhoto(person, normal);
  const odds = (...photos: readonly EnrolledFace[]): number =>
    logLikelihoodRatio(enrol(background, photos), face);

  test('say less the less clear they are: odds shrink towards 1', () => {
    const shrinking = [1, 0.7, 0.4, 0.1, 0].map((quality) => Math.abs(odds({ z: a, quality })));
    expect(shrinking).toEqual(shrinking.toSorted((x, y) => y - x));
    expect(shrinking.at(-1)).toBe(0);
  });

  test('move the person’s place less than clear ones', () => {
    const place = (quality: number): Float32Array => {
      const [together] = enrol(background, [clear(a), { z: b, quality }]).components;
      return together!.linear;
    };
    const [alone] = enrol(background, [clear(a)]).components;
    const distance = (quality: number): number =>
      Math.hypot(...place(quality).map((v, j) => v - alone!.linear[j]!));
    expect(distance(0)).toBe(0);
    expect(distance(0.3)).toBeGreaterThan(0);
    expect(distance(1)).toBeGreaterThan(distance(0.3));
  });
});
