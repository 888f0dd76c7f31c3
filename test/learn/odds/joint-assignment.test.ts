import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { assignJointly } from '../../../src/learn/odds/joint-assignment.ts';
import type { Posterior } from '../../../src/learn/odds/open-set.ts';

/** Faces that could be anybody: probabilities drawn at random, one row for each face. */
function drawFaces(faces: number, people: number, seed: number): Posterior[] {
  const random = seededRandom(seed);
  return Array.from({ length: faces }, () => {
    // Cubed, so that some names are likely and most are not.
    const raw = Float64Array.from({ length: people + 1 }, () => random() ** 3 + 1e-4);
    const sum = raw.reduce((a, b) => a + b, 0);
    return { people: raw.slice(0, people).map((p) => p / sum), unknown: raw[people]! / sum };
  });
}

function face(people: readonly number[]): Posterior {
  return { people: Float64Array.from(people), unknown: 1 - people.reduce((a, b) => a + b, 0) };
}

/** Every way to give each face a name or none, without giving a name twice, weighed one by one. */
function enumerate(faces: readonly Posterior[]): { readonly people: number[]; readonly unknown: number }[] {
  const count = faces[0]!.people.length;
  const sums = faces.map(() => Array.from({ length: count + 1 }, () => 0));
  const visit = (chosen: readonly number[], weight: number): void => {
    const f = chosen.length;
    if (f === faces.length) {
      for (const [i, name] of chosen.entries()) sums[i]![name]! += weight;
      return;
    }
    for (let name = 0; name < count; name++) {
      if (!chosen.includes(name)) visit([...chosen, name], weight * faces[f]!.people[name]!);
    }
    visit([...chosen, count], weight * faces[f]!.unknown);
  };
  visit([], 1);
  return sums.map((row) => {
    const sum = row.reduce((a, b) => a + b, 0);
    return { people: row.slice(0, count).map((v) => v / sum), unknown: row[count]! / sum };
  });
}

function total({ people, unknown }: Posterior): number {
  return people.reduce((a, b) => a + b, unknown);
}

describe('the faces of a photo', () => {
  test.each([
    [1, 3],
    [2, 1],
    [2, 2],
    [3, 4],
    [5, 3],
    [6, 5],
  ])('%i faces and %i people: as summed over every assignment one by one', (faces, people) => {
    for (let seed = 1; seed <= 5; seed++) {
      const given = drawFaces(faces, people, seed);
      const expected = enumerate(given);
      for (const [i, found] of assignJointly(given).entries()) {
        expect(found.unknown).toBeCloseTo(expected[i]!.unknown, 5);
        for (const [p, v] of found.people.entries()) expect(v).toBeCloseTo(expected[i]!.people[p]!, 5);
      }
    }
  });

  test('each keep probabilities that add up to 1, and no name more than once among them', () => {
    const found = assignJointly(drawFaces(9, 8, 1));
    for (const one of found) expect(total(one)).toBeCloseTo(1, 9);
    for (let person = 0; person < 8; person++) {
      expect(found.reduce((sum, { people }) => sum + people[person]!, 0)).toBeLessThanOrEqual(1 + 1e-6);
    }
  });

  test('two that look the same share the name; one that fits better takes it', () => {
    const [a, b] = assignJointly([face([0.9]), face([0.9])]);
    // 0.9·0.1 for the one, as much for the other, 0.1·0.1 for neither.
    expect(a!.people[0]).toBeCloseTo(0.09 / 0.19, 9);
    expect(b!.people[0]).toBeCloseTo(a!.people[0]!, 9);
    const [better, worse] = assignJointly([face([0.999]), face([0.6])]);
    expect(better!.people[0]).toBeGreaterThan(0.99);
    expect(worse!.people[0]).toBeLessThan(0.01);
  });

  test('whose names nobody else claims stay as they are', () => {
    const alone = [face([0.7, 0, 0.1]), face([0, 0.8, 0])];
    expect(assignJointly(alone)).toEqual(alone);
    expect(assignJointly([])).toEqual([]);
    expect(assignJointly([face([]), face([])]).map(({ unknown }) => unknown)).toEqual([1, 1]);
  });
});

describe('many', () => {
  test('faces that all claim one name: none of the numbers is lost', () => {
    const found = assignJointly(Array.from({ length: 200 }, () => face([0.999])));
    expect(found.reduce((sum, { people }) => sum + people[0]!, 0)).toBeCloseTo(1, 2);
    for (const one of found) expect(total(one)).toBeCloseTo(1, 9);
  });

  test('names that are claimed twice: more than can be summed over, still probabilities', () => {
    const found = assignJointly(drawFaces(30, 40, 2));
    for (const one of found) {
      expect(total(one)).toBeCloseTo(1, 9);
      for (const p of one.people) expect(p).toBeGreaterThanOrEqual(0);
    }
  });

  test('faces that are certain beyond doubt', () => {
    const certain = { people: Float64Array.from([1 - 1e-12, 0]), unknown: 1e-12 };
    for (const one of assignJointly([certain, certain, face([0.5, 0.5])])) {
      expect(total(one)).toBeCloseTo(1, 6);
      expect(one.unknown).not.toBeNaN();
    }
  });
});
