import { expect, test } from 'vitest';
import { loadBackground } from '../../../src/faces/people/background-file.ts';
import { enrolPeople } from '../../../src/faces/people/enrolment.ts';
import type { Example } from '../../../src/faces/people/examples.ts';
import type { TriedHead } from '../../../src/learn/layer/fit-head.ts';
import { enrol, logLikelihoodRatio } from '../../../src/learn/odds/two-covariance.ts';
import { faceApiPack } from '../../../src/models/face-api.ts';
import { onOneCore } from '../../one-core.ts';
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

test('a burst of near-duplicates counts as one photo', async () => {
  const [photo, other] = examplesOf([1, 1], 1);
  const burst = Array.from({ length: 10 }, () => photo!);
  const once = await enrolPeople(background, 2, [photo!, other!], [], onOneCore, options);
  const tenTimes = await enrolPeople(background, 2, [...burst, other!], [], onOneCore, options);
  const { z } = examplesOf([1], 2)[0]!;
  for (const [i, template] of once.templates.entries()) {
    expect(tenTimes.templates[i]!.components).toHaveLength(1);
    expect(logLikelihoodRatio(tenTimes.templates[i]!, z)).toBeCloseTo(logLikelihoodRatio(template, z), 4);
  }
});

test('each person is enrolled with all photos that are given for training, in the order of people', async () => {
  const training = examplesOf([3, 1, 5], 3);
  const { templates } = await enrolPeople(background, 3, training, [], onOneCore, { ...options, steps: 0 });
  const { z } = examplesOf([1], 4)[0]!;
  for (const [person, template] of templates.entries()) {
    const own = enrol(
      background,
      training.filter((example) => example.person === person),
    );
    expect(logLikelihoodRatio(template, z)).toBeCloseTo(logLikelihoodRatio(own, z), 4);
  }
});

test('people with one photo each can be enrolled, without a head that makes things up', async () => {
  const training = examplesOf([1, 1, 1, 1], 5);
  const { templates, head, precision } = await enrolPeople(background, 4, training, [], onOneCore, {
    ...options,
    steps: 0,
  });
  expect(templates).toHaveLength(4);
  expect(precision).toBeNull();
  expect(head.weights.every((v) => v === 0)).toBe(true);
});

test('what is measured on held-out photos says how good the templates are', async () => {
  const all = examplesOf([8, 8, 8], 6);
  const validation = all.filter(({ group }) => group % 4 === 0);
  const training = all.filter(({ group }) => group % 4 !== 0);
  const points: TriedHead[] = [];
  const { precision } = await enrolPeople(background, 3, training, validation, onOneCore, {
    ...options,
    onTried: (tried) => points.push(tried),
  });
  expect(points[0]).toMatchObject({ precision: null, steps: 0, validationAccuracy: 1, trainingAccuracy: 1 });
  const best = points.find((tried) => tried.precision === precision);
  expect(best?.validationCrossEntropy).toBeLessThan(0.1);
});

test('the same photos give the same model', async () => {
  const run = (): unknown =>
    enrolPeople(background, 2, examplesOf([4, 3], 7), examplesOf([1, 1], 8), onOneCore, options);
  expect(await run()).toEqual(await run());
});

test.each([
  ['to learn from', true],
  ['held out', false],
])('a number that is none in a face %s is an error, and no model of it', async (_, isLearned) => {
  const [training, heldOut] = [examplesOf([4, 3], 9), examplesOf([1, 1], 10)];
  (isLearned ? training : heldOut)[1]!.z[3] = Number.NaN;
  await expect(enrolPeople(background, 2, training, heldOut, onOneCore, options)).rejects.toMatchObject({
    code: 'bad-weights',
    message: expect.stringContaining('A face holds NaN') as string,
  });
});
