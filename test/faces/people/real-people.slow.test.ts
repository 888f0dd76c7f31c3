/** The main job on photos from the web and from albums: what is promised, held to real people. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { type Faces, openFaces } from '../../../src/faces/open-faces.ts';
import type { PeopleModel } from '../../../src/faces/people/model-file.ts';
import type { TrainReport } from '../../../src/faces/people/train-report.ts';
import { describeWithSharedData, sharedData } from '../../shared-data.ts';
import { sharedFolder } from '../../shared-folder.ts';
import { warmHome } from '../../warm-home.ts';
import { answersTo, namesIn } from './answers.ts';

const files = sharedFolder();
let faces: Faces;
beforeAll(async () => {
  await warmHome(join(files.path, 'home'));
  faces = await openFaces({ config: { ...readConfig(), home: join(files.path, 'home') } });
});
afterAll(() => faces.close());

async function photosIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** One photo of each of a number of strangers. */
async function strangers(count: number): Promise<string[]> {
  const people = (await readdir(sharedData('faces', 'lfw-dev'))).toSorted();
  const every = Math.floor(people.length / count);
  const folders = people.filter((_, i) => i % every === 0).slice(0, count);
  return Promise.all(folders.map(async (name) => (await photosIn(sharedData('faces', 'lfw-dev', name)))[0]!));
}

describeWithSharedData('five celebrities from small web photos', () => {
  let model: PeopleModel;
  let report: TrainReport;
  beforeAll(async () => {
    ({ model, report } = await faces.train(sharedData('faces', 'celeb5', 'train')));
  });

  test('each of the five test photos gets the right name, with a probability of at least 0.5', async () => {
    const photos = await photosIn(sharedData('faces', 'celeb5', 'test'));
    expect(photos).toHaveLength(5);
    for (const answer of await answersTo(faces, photos, model)) {
      const person = answer.path.split('/').at(-2);
      if (answer.kind === 'failure') throw answer.error;
      const decision = answer.faces[0]!.decision;
      expect(decision).toMatchObject({ kind: 'known', person });
      expect(decision.probability).toBeGreaterThanOrEqual(0.5);
    }
  });

  test('held-out photos are measured: most are right, and every mistake is listed', () => {
    const { photos, right, mistakes } = report.heldOut;
    expect(photos).toBeGreaterThan(8);
    expect(right / photos).toBeGreaterThan(0.9);
    expect(mistakes).toHaveLength(photos - right);
    expect(report.people.map(({ person }) => person)).toEqual(model.people);
  });

  test('the whole folder is known the second time', async () => {
    const again = await faces.train(sharedData('faces', 'celeb5', 'train'));
    expect(again.report.computed).toBe(0);
    expect(again.model.templates).toEqual(model.templates);
  });

  // Training says that a stranger is named in about 1 % of cases: one of thirty is no contradiction.
  test('of thirty strangers at most one is named', async () => {
    const answers = await answersTo(faces, await strangers(30), model);
    expect(answers.flatMap(namesIn).filter((name) => name !== null).length).toBeLessThanOrEqual(1);
  });
});

describeWithSharedData('five people with one or two photos each', () => {
  let model: PeopleModel;
  beforeAll(async () => {
    ({ model } = await faces.train(sharedData('faces', 'knn', 'train')));
  });

  async function namesInPhoto(...path: readonly string[]): Promise<(string | null)[]> {
    const [answer] = await answersTo(faces, [sharedData('faces', ...path)], model);
    return namesIn(answer);
  }

  test('both people in one photo are named', async () => {
    expect(await namesInPhoto('knn', 'test', 'obama_and_biden.jpg')).toEqual(['biden', 'obama']);
    expect(await namesInPhoto('misc', 'obama_and_biden.jpg')).toEqual(['biden', 'obama']);
    expect(await namesInPhoto('misc', 'two_people.jpg')).toEqual(['biden', 'obama']);
  });

  test.each([
    ['alex_lacamoire1.jpg', ['alex_lacamoire']],
    ['johnsnow_test1.jpg', ['kit_harington']],
    ['kit_with_rose.jpg', ['kit_harington', 'rose_leslie']],
    ['obama1.jpg', ['obama']],
  ])('%s shows %j', async (file, people) => {
    expect(await namesInPhoto('knn', 'test', file)).toEqual(people);
  });

  test.each([
    'biden.jpg',
    'obama.jpg',
    'obama2.jpg',
    'obama3.jpg',
    'obama-1080p.jpg',
    'obama_partial_face.jpg',
  ])('misc/%s is named after the person in its name', async (file) => {
    expect(await namesInPhoto('misc', file)).toEqual([/^[a-z]+/.exec(file)![0]]);
  });

  test('of thirty strangers none is named', async () => {
    const answers = await answersTo(faces, await strangers(30), model);
    expect(answers.flatMap(namesIn).filter((name) => name !== null)).toEqual([]);
  });
});
