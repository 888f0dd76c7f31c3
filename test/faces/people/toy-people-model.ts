import type { PeopleModel } from '../../../src/faces/people/model-file.ts';
import { type EnrolledFace, enrol, project } from '../../../src/learn/odds/two-covariance.ts';
import { drawVector, seededNormal, toyBackground } from '../../synthetic-people.ts';

/** A model of people with so many photos each, in a space of seven numbers. */
export function toyModel(
  photos: Readonly<Record<string, number>>,
  headSize = 0,
  background = toyBackground(7, 5),
): PeopleModel {
  const normal = seededNormal(1);
  const people = Object.keys(photos);
  const gallery = people.flatMap((name, person) =>
    Array.from({ length: photos[name]! }, () => ({ person, embedding: drawVector(7, normal) })),
  );
  const own = (person: number): EnrolledFace[] =>
    gallery
      .filter((face) => face.person === person)
      .map(({ embedding }, i) => ({ z: project(background, embedding), quality: 1 - i / 20 }));
  return {
    space: 'toy/1',
    people,
    background,
    templates: people.map((_, person) => enrol(background, own(person))),
    head: {
      weights: drawVector(people.length * 5, normal).map((v) => v * headSize),
      bias: drawVector(people.length, normal).map((v) => v * headSize),
    },
    gallery,
    priorUnknown: 0.4,
    minProbability: 0.6,
    report: { photos: gallery.length, skipped: [{ path: 'a/ü.jpg', reason: 'is empty (0 bytes)' }] },
  };
}
