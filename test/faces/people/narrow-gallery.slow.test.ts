/** A gallery of very many people answers as comparing with each of them does. */

import { beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { loadBackground } from '../../../src/faces/people/background-file.ts';
import { decide, type Probe, posterior } from '../../../src/faces/people/gallery.ts';
import type { PeopleModel } from '../../../src/faces/people/model-file.ts';
import { findLikely } from '../../../src/faces/people/narrow-gallery.ts';
import { emptyHead } from '../../../src/learn/layer/head.ts';
import { enrol } from '../../../src/learn/odds/two-covariance.ts';
import { faceApiPack } from '../../../src/models/face-api.ts';
import { asItIs, drawPerson, drawPhoto, seededNormal } from '../../synthetic-people.ts';

/** Every hundredth has three photos, every fiftieth a look-alike before them. */
const count = 10_500;
const normal = seededNormal(1);
const random = seededRandom(1);
let model: PeopleModel;
let places: readonly Float32Array[];

function alike(place: Float32Array): Float32Array {
  return drawPerson(model.background, normal).map((v, j) => 0.6 * v + 0.8 * place[j]!);
}

beforeAll(async () => {
  const background = asItIs(await loadBackground(faceApiPack));
  const drawn: Float32Array[] = [];
  for (let i = 0; i < count; i++) {
    const own = drawPerson(background, normal);
    drawn.push(i % 50 === 1 ? own.map((v, j) => 0.6 * v + 0.8 * drawn[i - 1]![j]!) : own);
  }
  places = drawn;
  const clear = (): number => 1 - 0.7 * random() ** 3;
  model = {
    space: 'toy/1',
    people: drawn.map((_, i) => `person ${i}`),
    background,
    templates: drawn.map((place, i) =>
      enrol(
        background,
        Array.from({ length: i % 100 === 0 ? 3 : 1 }, () => ({
          z: drawPhoto(place, normal),
          quality: clear(),
        })),
      ),
    ),
    recalibration: { scale: 0.9, offset: 0.2 },
    head: emptyHead(count, background.between.length),
    gallery: [],
    priorUnknown: 0.5,
    minProbability: 0.5,
    report: null,
  };
});

function probe(values: Float32Array, quality = 1): Probe {
  return { embedding: { space: 'toy/1', values }, quality };
}

/** Faces of a hundred enrolled people, of people who resemble one, and of strangers. */
function probes(quality: number): Probe[] {
  return Array.from({ length: 30 }, (_, i) => {
    const place = places[i * 50]!;
    const person = [place, alike(place), drawPerson(model.background, normal)][i % 3]!;
    return probe(drawPhoto(person, normal), quality);
  });
}

describe('each face alone', () => {
  test.each([1, 0.5, 0.2])(
    'of quality %d: the names and probabilities of comparing with everybody',
    (quality) => {
      expect(findLikely(model)).toBeDefined();
      let [names, same] = [0, 0];
      for (const face of probes(quality)) {
        const [found] = decide(model, [face]);
        const { people, unknown } = posterior(model, face);
        expect(Math.abs(found!.unknown - unknown)).toBeLessThan(3e-3);
        const expected = [...people.keys()].toSorted((a, b) => people[b]! - people[a]!).slice(0, 5);
        const shown = new Map(found!.candidates.map(({ person, probability }) => [person, probability]));
        for (const person of expected) {
          names++;
          const probability = shown.get(`person ${person}`);
          if (probability === undefined) continue;
          same++;
          expect(Math.abs(probability - people[person]!)).toBeLessThan(3e-3);
        }
        expect(found!.candidates[0]!.person).toBe(`person ${expected[0]!}`);
      }
      expect(same / names).toBeGreaterThan(0.99);
    },
  );

  test('a head tells the likely people apart, and says nothing about strangers', () => {
    const face = probe(drawPhoto(places[50]!, normal));
    const { people: before } = posterior(model, face);
    const [first, second] = [...before.keys()].toSorted((a, b) => before[b]! - before[a]!);
    const bias = new Float32Array(count);
    bias[second!] = 5;
    const leaning = { ...model, head: { ...model.head, bias } };
    const { people, unknown } = posterior(leaning, face);
    const [found] = decide(leaning, [face]);
    // The share of the people who are not read is estimated.
    expect(Math.abs(found!.unknown - unknown)).toBeLessThan(3e-3);
    const shown = new Map(found!.candidates.map(({ person, probability }) => [person, probability]));
    for (const i of [first!, second!]) {
      expect(Math.abs(shown.get(`person ${i}`)! - people[i]!)).toBeLessThan(3e-3);
    }
  });
});

describe('the faces of one photo', () => {
  test('never get one name twice, unless repeats are allowed', () => {
    const once = probe(drawPhoto(places[100]!, normal));
    const faces = [once, once, probe(drawPhoto(places[200]!, normal))];
    const names = decide(model, faces).map((d) => (d.kind === 'known' ? d.person : null));
    expect(names.filter((name) => name === 'person 100').length).toBeLessThanOrEqual(1);
    expect(names[2]).toBe('person 200');
    const repeated = decide(model, faces, { allowRepeats: true });
    expect(repeated.map((d) => d.candidates[0]!.person)).toEqual(['person 100', 'person 100', 'person 200']);
  });

  test('that are different people are decided as if each were alone', () => {
    const faces = [100, 200, 300].map((i) => probe(drawPhoto(places[i]!, normal)));
    for (const [i, together] of decide(model, faces).entries()) {
      const [alone] = decide(model, [faces[i]!]);
      expect(together.unknown).toBeCloseTo(alone!.unknown, 4);
      expect(together.candidates[0]!.person).toBe(alone!.candidates[0]!.person);
    }
  });
});

test('many photos a person, some of them hardly clear: the names of comparing with everybody', () => {
  const own = places.slice(0, 1200);
  const templates = own.map((place) =>
    enrol(
      model.background,
      Array.from({ length: 12 }, (_, i) => ({
        z: drawPhoto(place, normal),
        quality: i === 0 ? 1 : random() ** 2,
      })),
    ),
  );
  const people = model.people.slice(0, own.length);
  const many = { ...model, people, templates, head: emptyHead(own.length, model.background.between.length) };
  expect(findLikely(many)).toBeDefined();
  let [names, same] = [0, 0];
  for (const face of probes(1)) {
    const shown = new Set(decide(many, [face])[0]!.candidates.map(({ person }) => person));
    const { people: exact } = posterior(many, face);
    for (const i of [...exact.keys()].toSorted((a, b) => exact[b]! - exact[a]!).slice(0, 5)) {
      names++;
      if (shown.has(`person ${i}`)) same++;
    }
  }
  expect(same / names).toBeGreaterThanOrEqual(0.99);
});

test('a photo in which nothing can be seen says nothing, and hides nobody', () => {
  const blind = enrol(model.background, [{ z: drawPhoto(places[1]!, normal), quality: 0 }]);
  const templates = model.templates.map((template, i) => (i % 7 === 1 ? blind : template));
  const some = { ...model, templates };
  for (const i of [100, 200, 300]) {
    const face = probe(drawPhoto(places[i]!, normal));
    const [found] = decide(some, [face]);
    expect(found!.candidates[0]!.person).toBe(`person ${i}`);
    expect(found!.unknown).toBeCloseTo(posterior(some, face).unknown, 2);
  }
});

test('a face from another embedding space is refused', () => {
  const face = { embedding: { space: 'other/2', values: places[0]! }, quality: 1 };
  expect(() => decide(model, [face])).toThrow(expect.objectContaining({ code: 'wrong-space' }));
});
