import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { EvaluationPhoto } from '../../../src/faces/evaluate/evaluation-photos.ts';
import { planRounds } from '../../../src/faces/evaluate/held-out-rounds.ts';
import type { ChosenPhoto } from '../../../src/faces/evaluate/labelled-faces.ts';
import type { Face } from '../../../src/faces/find/face.ts';

const face: Face = {
  box: { left: 0, top: 0, width: 9, height: 9 },
  score: 1,
  quality: 1,
  landmarks: [],
  embedding: { space: 'toy/1', values: new Float32Array(2) },
};

/** @param looks photos that look alike are near-duplicates */
function photo(person: string, number: number, looks = `${person} ${number}`, faces = [face]): ChosenPhoto {
  return {
    path: `${person}/${number}.jpg`,
    person,
    sha256: createHash('sha256').update(`${person} ${number}`).digest('hex'),
    perceptualHash: createHash('sha256').update(looks).digest('hex').slice(0, 16),
    width: 9,
    height: 9,
    faces,
    choice: faces.length > 0 ? { face: 0, odds: 1, verdict: 'agrees' } : null,
  };
}

function photosOf(person: string, count: number): ChosenPhoto[] {
  return Array.from({ length: count }, (_, i) => photo(person, i));
}

const folder = [...photosOf('ann', 7), ...photosOf('bob', 3), ...photosOf('cem', 5), ...photosOf('dee', 1)];
const stranger: EvaluationPhoto = photo('others/1.jpg', 1);

function paths(photos: readonly EvaluationPhoto[]): string[] {
  return photos.map(({ path }) => path);
}

describe('with strangers given', () => {
  const { rounds, alone } = planRounds(folder, [stranger], 3);

  test('every photo is asked about once, by a model that was not trained with it', () => {
    expect(rounds).toHaveLength(3);
    const asked = rounds.flatMap(({ heldOut }) => paths(heldOut));
    expect(asked.toSorted()).toEqual(paths(folder.slice(0, -1)).toSorted());
    for (const { training, heldOut } of rounds) {
      expect(paths(training).filter((path) => paths(heldOut).includes(path))).toEqual([]);
      const known = new Set(training.map(({ person }) => person));
      expect(heldOut.every(({ person }) => known.has(person))).toBe(true);
    }
  });

  test('every stranger is asked about once, and never learnt', () => {
    expect(rounds.flatMap((round) => paths(round.strangers))).toEqual([stranger.path]);
    expect(rounds.flatMap(({ training }) => paths(training))).not.toContain(stranger.path);
  });

  test('a person with a single photo is named as such, not asked about', () => {
    expect(alone).toEqual(['dee']);
  });
});

describe('without strangers', () => {
  test('every person is left out once, with all of their photos', () => {
    const { rounds } = planRounds(folder, [], 3);
    const leavingOut = rounds.slice(3);
    expect(leavingOut.flatMap(({ heldOut }) => paths(heldOut)).toSorted()).toEqual(paths(folder).toSorted());
    for (const { training, heldOut } of leavingOut) {
      const out = new Set(heldOut.map(({ person }) => person));
      expect(training.length).toBeGreaterThan(0);
      expect(training.some(({ person }) => out.has(person))).toBe(false);
    }
  });

  test('a single person cannot be left out: nobody would be left', () => {
    expect(planRounds(photosOf('ann', 4), [], 5).rounds.every(({ training }) => training.length > 0)).toBe(
      true,
    );
    expect(planRounds(photosOf('ann', 4), [], 5).rounds.flatMap(({ heldOut }) => heldOut)).toHaveLength(4);
  });

  test('a photo of two friends, in the folders of both, is not learnt where one is left out', () => {
    const friends = [photo('ann', 90, 'both'), photo('bob', 91, 'both')];
    const { rounds } = planRounds([...folder, ...friends], [], 3);
    for (const { training, heldOut } of rounds) {
      const sides = [training, heldOut].map((side) => friends.some(({ path }) => paths(side).includes(path)));
      expect(sides).not.toEqual([true, true]);
    }
  });
});

test('near-duplicates are never on two sides', () => {
  const burst = [
    ...photosOf('ann', 4),
    ...Array.from({ length: 6 }, (_, i) => photo('ann', 10 + i, 'burst')),
  ];
  const { rounds } = planRounds([...burst, ...photosOf('bob', 5)], [], 4);
  for (const { training, heldOut } of rounds.slice(0, 4)) {
    const of = (photos: readonly ChosenPhoto[]): number =>
      photos.filter(({ perceptualHash }) => perceptualHash === burst.at(-1)!.perceptualHash).length;
    expect(new Set([of(training), of(heldOut)])).toEqual(new Set([0, 6]));
  }
});

test('photos that are copies of each other do not make two', () => {
  const twice = [photo('eve', 1, 'same'), photo('eve', 2, 'same')];
  expect(planRounds([...folder, ...twice], [], 3).alone).toEqual(['dee', 'eve']);
});

test('a photo without a face teaches nothing, and is asked about all the same', () => {
  const blank = photo('bob', 50, 'blank', []);
  const { rounds } = planRounds([...folder, blank], [], 3);
  expect(rounds.flatMap(({ training }) => paths(training))).not.toContain(blank.path);
  expect(rounds.filter(({ heldOut }) => paths(heldOut).includes(blank.path))).toHaveLength(2);
});
