import { describe, expect, test } from 'vitest';
import {
  type Decision,
  decide,
  decision as decisionOf,
  type Probe,
  posterior,
} from '../../../src/faces/people/gallery.ts';
import type { PeopleModel } from '../../../src/faces/people/model-file.ts';
import { enrol, project } from '../../../src/learn/odds/two-covariance.ts';
import { drawVector, seededNormal, toyBackground } from '../../synthetic-people.ts';

const background = toyBackground();
const normal = seededNormal(1);
const faces = Array.from({ length: 8 }, () => drawVector(7, normal).map((v) => v * 2));

function modelOf(count: number): PeopleModel {
  return {
    space: 'toy/1',
    people: Array.from({ length: count }, (_, i) => `person ${i}`),
    background,
    templates: faces
      .slice(0, count)
      .map((face) => enrol(background, [{ z: project(background, face), quality: 1 }])),
    head: { weights: new Float32Array(count * 5), bias: new Float32Array(count) },
    gallery: [],
    priorUnknown: 0.5,
    minProbability: 0.5,
    report: null,
  };
}

function probe(values: Float32Array, quality = 1): Probe {
  return { embedding: { space: 'toy/1', values }, quality };
}

function decideAlone(model: PeopleModel, values: Float32Array): Decision {
  return decide(model, [probe(values)])[0]!;
}

describe('a decision', () => {
  test('shows the five likeliest, the best first, and of equal ones those who were enrolled first', () => {
    const shown = (people: number[]): string[] =>
      decisionOf(modelOf(people.length), { people: Float64Array.from(people), unknown: 0.3 }).candidates.map(
        ({ person, probability }) => `${person.at(-1)}: ${probability}`,
      );
    expect(shown([0.01, 0.1, 0.2, 0.1, 0, 0.1, 0.1, 0.09])).toEqual([
      '2: 0.2',
      '1: 0.1',
      '3: 0.1',
      '5: 0.1',
      '6: 0.1',
    ]);
    expect(shown([0.2, 0.5])).toEqual(['1: 0.5', '0: 0.2']);
    expect(shown([])).toEqual([]);
  });

  test('names the enrolled person for the enrolled face', () => {
    for (const [i, values] of faces.entries()) {
      const decision = decideAlone({ ...modelOf(8), minProbability: 0.1 }, values);
      expect(decision.candidates[0]!.person).toBe(`person ${i}`);
    }
  });

  test('has candidates from the likeliest down, at most five, and what is left over', () => {
    for (const values of faces) {
      const { candidates, unknown } = decideAlone(modelOf(8), values);
      expect(candidates).toHaveLength(5);
      const ps = candidates.map(({ probability }) => probability);
      expect(ps).toEqual(ps.toSorted((a, b) => b - a));
      expect(ps.reduce((a, b) => a + b, unknown)).toBeLessThanOrEqual(1 + 1e-9);
    }
    const { candidates, unknown } = decideAlone(modelOf(3), faces[0]!);
    expect(candidates).toHaveLength(3);
    expect(candidates.reduce((sum, { probability }) => sum + probability, unknown)).toBeCloseTo(1, 6);
  });

  test('is a name from the least probability up, else "unknown" with a probability of its own', () => {
    const model = modelOf(4);
    const face = faces[0]!;
    const best = decideAlone(model, face).candidates[0]!;
    expect(decideAlone({ ...model, minProbability: best.probability }, face)).toMatchObject({
      kind: 'known',
      person: 'person 0',
      probability: best.probability,
    });
    const doubted = decideAlone({ ...model, minProbability: best.probability + 1e-6 }, face);
    expect(doubted).toMatchObject({ kind: 'unknown', probability: doubted.unknown });
    expect(doubted).not.toHaveProperty('person');
    expect(doubted.candidates[0]).toEqual(best);
  });

  test('about a face from another embedding space is refused, naming both', () => {
    expect(() =>
      decide(modelOf(2), [{ embedding: { space: 'other/2', values: faces[0]! }, quality: 1 }]),
    ).toThrow(
      expect.objectContaining({
        code: 'wrong-space',
        message: expect.stringMatching(/"toy\/1".*"other\/2"/),
      }),
    );
  });
});

test('the head moves probability between people and leaves "unknown" as it was', () => {
  const model = modelOf(3);
  const face = probe(background.mean);
  const before = posterior(model, face);
  const leaning = { ...model, head: { ...model.head, bias: Float32Array.from([0, 3, 0]) } };
  const after = posterior(leaning, face);
  expect(after.unknown).toBeCloseTo(before.unknown, 12);
  expect(after.people[1]).toBeGreaterThan(before.people[1]!);
  expect(after.people[0]).toBeLessThan(before.people[0]!);
});

describe('an unclear face', () => {
  test('is decided by what is known before looking: half of the faces are nobody’s', () => {
    const model = modelOf(4);
    const blind = posterior(model, probe(faces[0]!, 0));
    expect(blind.unknown).toBeCloseTo(0.5, 6);
    for (const p of blind.people) expect(p).toBeCloseTo(0.125, 6);
  });

  test('gets less sure answers the less clear it is', () => {
    const model = modelOf(4);
    const sure = [1, 0.6, 0.3, 0.1].map((quality) => posterior(model, probe(faces[0]!, quality)).people[0]!);
    expect(sure).toEqual(sure.toSorted((a, b) => b - a));
  });
});

describe('the faces of one photo', () => {
  const model = { ...modelOf(4), minProbability: 0.4 };

  test('never get one name twice, unless repeats are allowed', () => {
    const twice = [probe(faces[0]!), probe(faces[0]!), probe(faces[1]!)];
    const names = decide(model, twice).map((d) => (d.kind === 'known' ? d.person : null));
    expect(names.filter((name) => name === 'person 0').length).toBeLessThanOrEqual(1);
    expect(names[2]).toBe('person 1');
    const repeated = decide(model, twice, { allowRepeats: true });
    expect(repeated.map((d) => d.candidates[0]!.person)).toEqual(['person 0', 'person 0', 'person 1']);
  });

  test('share a name by how well it fits: the better one takes from the other', () => {
    const [exact, similar] = [faces[0]!, faces[0]!.map((v) => v * 0.8)];
    const alone = decideAlone(model, similar).candidates.find(({ person }) => person === 'person 0')!;
    const [first, second] = decide(model, [probe(exact), probe(similar)]);
    const share = (d: Decision): number =>
      d.candidates.find(({ person }) => person === 'person 0')!.probability;
    expect(share(second!)).toBeLessThan(alone.probability);
    expect(share(first!) + share(second!)).toBeLessThanOrEqual(1 + 1e-9);
  });

  test('that are different people are decided as if each were alone', () => {
    const together = decide(model, [probe(faces[0]!), probe(faces[1]!)]);
    for (const [i, decision] of together.entries()) {
      expect(decision.candidates[0]!.person).toBe(`person ${i}`);
      expect(decision.probability).toBeGreaterThanOrEqual(decideAlone(model, faces[i]!).probability - 0.1);
    }
  });

  test('of a photo without faces are no decisions', () => {
    expect(decide(model, [])).toEqual([]);
  });
});
