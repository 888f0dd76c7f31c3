/** A person who has changed: photos of one stage of life are a place of their own, if the photos bear it out. */

import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { enrolByStage, type StagedFace } from '../../../src/learn/odds/stages.ts';
import { enrol, logLikelihoodRatio } from '../../../src/learn/odds/two-covariance.ts';
import { drawPerson, drawPhoto, seededNormal, toyBackground } from '../../synthetic-people.ts';

const model = { ...toyBackground(), between: Float32Array.from([40, 30, 24, 20, 16]) };
const normal = seededNormal(3);
const [child, grown] = [drawPerson(model, normal), drawPerson(model, normal)];

function photosOf(person: Float32Array, count: number, stage: number | null): StagedFace[] {
  return Array.from({ length: count }, () => ({ z: drawPhoto(person, normal), quality: 0.9, stage }));
}

describe('a template by stages', () => {
  const photos = [...photosOf(child, 4, 1), ...photosOf(grown, 30, 4)];
  const { components, places } = enrolByStage(model, photos);

  test('knows the child better, whose photos are few', () => {
    expect(places).toBeGreaterThan(1);
    const plain = enrol(model, photos);
    for (const { z } of photosOf(child, 20, 1))
      expect(logLikelihoodRatio({ components }, z)).toBeGreaterThan(logLikelihoodRatio(plain, z));
  });

  test('is a mixture: shares add up to 1, places come first and have half of it', () => {
    const sum = (some: typeof components): number => some.reduce((all, { weight }) => all + weight, 0);
    expect(sum(components)).toBeCloseTo(1, 10);
    expect(sum(components.slice(0, places))).toBeCloseTo(0.5, 10);
    expect(components).toHaveLength(photos.length + places);
  });

  test('is the one without stages if nobody has changed, if dates are wrong, if there are none', () => {
    const random = seededRandom(5);
    const same = photosOf(grown, 34, null);
    const sets = [
      same,
      same.map((photo) => ({ ...photo, stage: 4 })),
      same.map((photo, i) => ({ ...photo, stage: i < 4 ? 1 : 4 })),
      same.map((photo) => ({ ...photo, stage: Math.floor(5 * random()) })),
      photos.map((photo) => ({ ...photo, stage: null })),
      // Nothing can be told from one photo of each.
      [photos[0]!, photos[4]!],
      [],
    ];
    for (const set of sets) expect(enrolByStage(model, set)).toEqual({ ...enrol(model, set), places: 1 });
  });
});
