import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sumOfGroup } from '../../../src/learn/cluster/evidence.ts';
import { openStandingGroups, type StandingGroups } from '../../../src/learn/cluster/grow-groups.ts';
import type { EnrolledFace } from '../../../src/learn/odds/two-covariance.ts';
import { holds } from '../../holds.ts';
import { drawPerson, drawPhoto, seededNormal, toyBackground } from '../../synthetic-people.ts';

const background = { ...toyBackground(), between: Float32Array.from({ length: 30 }, () => 12) };

function world(seed: number): (person: number) => EnrolledFace {
  const normal = seededNormal(seed);
  const people = Array.from({ length: 6 }, () => drawPerson(background, normal));
  return (person) => ({ z: drawPhoto(people[person]!, normal), quality: 1 });
}

/** Groups that were made of as many faces as they have. */
function standingOf(groups: readonly (readonly EnrolledFace[])[]): StandingGroups {
  const faces = Math.max(1, groups.flat().length);
  return openStandingGroups(background, groups.map(sumOfGroup), { faces, limit: Math.log(4) });
}

describe('a photo more', () => {
  test('joins the groups of its people, and whoever is new becomes a group with the next number', () => {
    const photoOf = world(1);
    const standing = standingOf([0, 1, 2].map((person) => Array.from({ length: 4 }, () => photoOf(person))));
    expect(standing.add([photoOf(2), photoOf(0)])).toEqual([2, 0]);
    expect(standing.near(photoOf(2))).toEqual([2]);
    expect(standing.near(photoOf(4))).toEqual([]);
    expect(standing.add([photoOf(4)])).toEqual([3]);
    expect(standing.add([photoOf(1), photoOf(4), photoOf(5)])).toEqual([1, 3, 4]);
    expect(standing.add([])).toEqual([]);
  });

  test('has nobody twice: of two faces of one person, the likelier one joins', () => {
    const photoOf = world(2);
    const standing = standingOf([[photoOf(0), photoOf(0)]]);
    const groups = standing.add([photoOf(0), photoOf(0)]);
    expect(groups.toSorted((a, b) => a - b)).toEqual([0, 1]);
  });

  test('is bound by what was said about a face', () => {
    const photoOf = world(3);
    const standing = standingOf([[photoOf(0), photoOf(0)], [photoOf(1)]]);
    expect(standing.add([photoOf(0), photoOf(1)], (face, group) => face !== 0 || group !== 0)).toEqual([
      2, 1,
    ]);
  });

  test('gives every face a group of its own, whatever the faces', () => {
    const people = fc.array(fc.array(fc.nat(5), { maxLength: 5 }), { maxLength: 8 });
    holds(
      fc.property(fc.nat(1000), people, (seed, photos) => {
        const photoOf = world(seed);
        const standing = standingOf([]);
        let founded = 0;
        for (const photo of photos) {
          const groups = standing.add(photo.map(photoOf));
          expect(new Set(groups).size).toBe(photo.length);
          const fresh = groups.filter((group) => group >= founded);
          expect(fresh).toEqual(fresh.map((_, i) => founded + i));
          founded += fresh.length;
        }
      }),
      100,
    );
  });
});
