import { expect, test } from 'vitest';
import { loadBackground } from '../../../src/faces/people/background-file.ts';
import { type Example, enrolPeople } from '../../../src/faces/people/enrolment.ts';
import type { HeadStep } from '../../../src/learn/layer/fit-head.ts';
import { enrol, logLikelihoodRatio } from '../../../src/learn/odds/two-covariance.ts';
import { faceApiPack } from '../../../src/models/face-api.ts';
import { drawPerson, drawPhoto, seededNormal, withoutCrowd } from '../../synthetic-people.ts';

const background = withoutCrowd(await loadBackground(faceApiPack));
const options = { steps: 100, priorUnknown: 0.5 };

/** So many photos of each person, every photo a group of its own. */
function examplesOf(counts: readonly number[], seed: number): Example[] {
  const normal = seededNormal(seed);
  let group = 0;
  return counts.flatMap((count, person) => {
    const place = drawPerson(background, normal);
    return Array.from({ length: count }, () => ({
      person,
      group: group++,
      z: drawPhoto(place, normal),
      quality: 1,
    }));
  });
}

test('a burst of near-duplicates counts as one photo', () => {
  const [photo, other] = examplesOf([1, 1], 1);
  const burst = Array.from({ length: 10 }, () => photo!);
  const once = enrolPeople(background, 2, [photo!, other!], [], options);
  const tenTimes = enrolPeople(background, 2, [...burst, other!], [], options);
  const { z } = examplesOf([1], 2)[0]!;
  for (const [i, template] of once.templates.entries()) {
    expect(tenTimes.templates[i]!.components).toHaveLength(1);
    expect(logLikelihoodRatio(tenTimes.templates[i]!, z)).toBeCloseTo(logLikelihoodRatio(template, z), 4);
  }
});

test('each person is enrolled with all photos that are given for training, in the order of people', () => {
  const training = examplesOf([3, 1, 5], 3);
  const { templates } = enrolPeople(background, 3, training, [], { ...options, steps: 0 });
  const { z } = examplesOf([1], 4)[0]!;
  for (const [person, template] of templates.entries()) {
    const own = enrol(
      background,
      training.filter((example) => example.person === person),
    );
    expect(logLikelihoodRatio(template, z)).toBeCloseTo(logLikelihoodRatio(own, z), 4);
  }
});

test('people with one photo each can be enrolled, without a head that makes things up', () => {
  const training = examplesOf([1, 1, 1, 1], 5);
  const { templates, head, bestStep } = enrolPeople(background, 4, training, [], { ...options, steps: 0 });
  expect(templates).toHaveLength(4);
  expect(bestStep).toBe(0);
  expect(head.weights.every((v) => v === 0)).toBe(true);
});

test('what is measured on held-out photos says how good the templates are', () => {
  const all = examplesOf([8, 8, 8], 6);
  const validation = all.filter(({ group }) => group % 4 === 0);
  const training = all.filter(({ group }) => group % 4 !== 0);
  const steps: HeadStep[] = [];
  const { bestStep } = enrolPeople(background, 3, training, validation, {
    ...options,
    onStep: (step) => steps.push(step),
  });
  expect(steps[0]).toMatchObject({ step: 0, validationAccuracy: 1, trainingAccuracy: 1 });
  const best = steps.find(({ step }) => step === bestStep);
  expect(best?.validationCrossEntropy).toBeLessThan(0.1);
});

test('the same photos give the same model', () => {
  const run = (): unknown =>
    enrolPeople(background, 2, examplesOf([4, 3], 7), examplesOf([1, 1], 8), options);
  expect(run()).toEqual(run());
});
