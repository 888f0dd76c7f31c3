/** Templates made quickly for training: the same as those made one by one. */

import { describe, expect, test } from 'vitest';
import {
  type EnrolledFace,
  enrol,
  enrolLeavingOut,
  enrolPlace,
  logLikelihoodRatio,
  type Template,
} from '../../../src/learn/odds/two-covariance.ts';
import {
  crowdedBackground,
  drawPerson,
  drawPhoto,
  seededNormal,
  toyBackground,
} from '../../synthetic-people.ts';

const background = toyBackground();
const crowded = crowdedBackground();
const normal = seededNormal(1);
const probes = Array.from({ length: 10 }, () => drawPhoto(drawPerson(background, normal), normal));

function photosOf(qualities: readonly number[]): EnrolledFace[] {
  const person = drawPerson(background, normal);
  return qualities.map((quality) => ({ z: drawPhoto(person, normal), quality }));
}

function oddsOf(template: Template): number[] {
  return probes.map((z) => logLikelihoodRatio(template, z));
}

describe('templates that leave one photo out', () => {
  test.each([
    [[1]],
    [[0.5, 1]],
    [[1, 1, 1]],
    [[1, 0.4, 0.9, 0.4]],
    [[0.2, 0.9, 0.1]],
    [[1, 0, 0, 0]],
    [Array.from({ length: 12 }, (_, i) => 1 - i / 20)],
  ])('are those of the other photos, at qualities %j', (qualities) => {
    const photos = photosOf(qualities);
    for (const model of [background, crowded]) {
      const without = enrolLeavingOut(model, photos);
      for (const i of photos.keys()) {
        const others = oddsOf(enrol(model, photos.toSpliced(i, 1)));
        expect(oddsOf(without(i))).toEqual(others.map((odds) => expect.closeTo(odds, 3)));
      }
    }
  });

  test('leave the photos as they are', () => {
    const photos = photosOf([1, 0.5, 0.7]);
    const before = structuredClone(photos);
    enrolLeavingOut(background, photos)(1);
    expect(photos).toEqual(before);
  });
});

describe('the place of a person', () => {
  test('is what all photos have in common: the first part of the whole template', () => {
    const photos = photosOf([1, 0.8, 0.6, 1]);
    const [together] = enrol(background, photos).components;
    expect(enrolPlace(background, photos)).toEqual({ components: [{ ...together, weight: 1 }] });
  });

  test('of one photo is its template, of none says nothing', () => {
    const [photo] = photosOf([0.7]);
    expect(enrolPlace(background, [photo!])).toEqual(enrol(background, [photo!]));
    expect(oddsOf(enrolPlace(background, []))).toEqual(probes.map(() => 0));
  });
});
