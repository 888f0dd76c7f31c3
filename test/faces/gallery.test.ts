import { describe, expect, test } from 'vitest';
import { decide, probabilities } from '../../src/faces/gallery.ts';
import type { PeopleModel } from '../../src/learn/model-file.ts';
import { enrol, project } from '../../src/learn/two-covariance.ts';
import { drawVector, seededNormal, toyBackground } from '../synthetic-people.ts';

const background = toyBackground();
const normal = seededNormal(1);
const faces = Array.from({ length: 8 }, () => drawVector(7, normal).map((v) => v * 2));

function modelOf(count: number): PeopleModel {
  return {
    space: 'toy/1',
    people: Array.from({ length: count }, (_, i) => `person ${i}`),
    background,
    templates: faces.slice(0, count).map((face) => enrol(background, [project(background, face)])),
    head: { weights: new Float32Array(count * 5), bias: new Float32Array(count) },
    gallery: [],
    priorUnknown: 0.5,
    minProbability: 0.5,
    report: null,
  };
}

describe('a decision', () => {
  test('names the enrolled person for the enrolled face', () => {
    for (const [i, values] of faces.entries()) {
      const decision = decide({ ...modelOf(8), minProbability: 0.1 }, { space: 'toy/1', values });
      expect(decision.candidates[0]!.person).toBe(`person ${i}`);
    }
  });

  test('has candidates from the likeliest down, at most five, and what is left over', () => {
    for (const values of faces) {
      const { candidates, unknown } = decide(modelOf(8), { space: 'toy/1', values });
      expect(candidates).toHaveLength(5);
      const ps = candidates.map(({ probability }) => probability);
      expect(ps).toEqual(ps.toSorted((a, b) => b - a));
      expect(ps.reduce((a, b) => a + b, unknown)).toBeLessThanOrEqual(1 + 1e-9);
    }
    const { candidates, unknown } = decide(modelOf(3), { space: 'toy/1', values: faces[0]! });
    expect(candidates).toHaveLength(3);
    expect(candidates.reduce((sum, { probability }) => sum + probability, unknown)).toBeCloseTo(1, 6);
  });

  test('is a name from the least probability up, else "unknown" with a probability of its own', () => {
    const model = modelOf(4);
    const face = { space: 'toy/1', values: faces[0]! };
    const best = decide(model, face).candidates[0]!;
    expect(decide({ ...model, minProbability: best.probability }, face)).toMatchObject({
      kind: 'known',
      person: 'person 0',
      probability: best.probability,
    });
    const doubted = decide({ ...model, minProbability: best.probability + 1e-6 }, face);
    expect(doubted).toMatchObject({ kind: 'unknown', probability: doubted.unknown });
    expect(doubted).not.toHaveProperty('person');
    expect(doubted.candidates[0]).toEqual(best);
  });

  test('about a face from another embedding space is refused, naming both', () => {
    expect(() => decide(modelOf(2), { space: 'other/2', values: faces[0]! })).toThrow(
      expect.objectContaining({
        code: 'wrong-space',
        message: expect.stringMatching(/"toy\/1".*"other\/2"/),
      }),
    );
  });
});

test('the head moves probability between people and leaves "unknown" as it was', () => {
  const model = modelOf(3);
  const face = background.mean;
  const before = probabilities(model, face);
  const leaning = { ...model, head: { ...model.head, bias: Float32Array.from([0, 3, 0]) } };
  const after = probabilities(leaning, face);
  expect(after.unknown).toBeCloseTo(before.unknown, 12);
  expect(after.people[1]).toBeGreaterThan(before.people[1]!);
  expect(after.people[0]).toBeLessThan(before.people[0]!);
});
