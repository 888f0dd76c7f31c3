import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crossValidate } from '../../../src/faces/evaluate/cross-validate.ts';
import { evaluateModel } from '../../../src/faces/evaluate/evaluate.ts';
import type { Evaluation } from '../../../src/faces/evaluate/evaluation.ts';
import { type Faces, openFaces } from '../../../src/faces/open-faces.ts';
import type { PeopleModel } from '../../../src/faces/people/model-file.ts';
import { portrait, writePhoto, writePortraits } from '../../demo-people.ts';
import { demoPhoto, encode, fourColours } from '../../photo-fixtures.ts';
import { describeWithSharedData, sharedData } from '../../shared-data.ts';
import { sharedFolder } from '../../shared-folder.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { warmHome } from '../../warm-home.ts';

const files = sharedFolder();
let faces: Faces;
/** Knows mona and nell of sample3.jpg, pam of sample6.jpg. */
let model: PeopleModel;
let lessons = '';

beforeAll(async () => {
  await warmHome(join(files.path, 'home'));
  faces = await openFaces({ config: { home: join(files.path, 'home'), threads: 1 } });
  lessons = join(files.path, 'lessons');
  await writePortraits(lessons, { mona: ['mona', 2], nell: ['nell', 2], pam: ['pam', 2] });
  ({ model } = await faces.train(lessons));
});
afterAll(() => faces.close());

describe('a model asked about photos whose people are known', () => {
  let root = '';
  let report: Evaluation;
  beforeAll(async () => {
    root = join(files.path, 'questions');
    await writePhoto(join(root, 'mona', '3.jpg'), portrait('mona', 3));
    // Nell and a third woman are in it too: whose faces those are, the folder does not say.
    const party = sharp(demoPhoto(3)).resize(1200).modulate({ brightness: 0.8 });
    await writePhoto(join(root, 'mona', 'party.jpg'), party.jpeg());
    await writePhoto(join(root, 'nell', 'wall.png'), encode(fourColours()).png());
    await writePhoto(join(root, 'nell', 'mistaken.jpg'), portrait('pam', 3));
    // The model was trained with this one.
    await cp(join(lessons, 'pam', '1.jpg'), join(root, 'pam', 'known.jpg'));
    await writePhoto(join(root, 'ruth', '1.jpg'), portrait('ruth'));
    await writePhoto(join(root, 'unknown', 'olga.jpg'), portrait('olga'));
    await writePhoto(join(root, 'unknown', 'sue', '1.jpg'), portrait('sue'));
    await writePhoto(join(root, 'unknown', 'sue', '2.jpg'), portrait('sue', 2));
    await writeFile(join(root, 'pam', 'broken.jpg'), 'no photo');
    report = await evaluateModel(root, model, faces);
  });

  test('counts the labelled face of each photo, and a photo without a face as a mistake', () => {
    const { right, wrong, unknown, noFace, photos, people } = report.enrolled;
    expect([right, wrong, unknown, noFace].map((share) => share!.hits)).toEqual([2, 1, 0, 1]);
    expect([photos, people]).toEqual([4, 2]);
    expect(report.noFace).toEqual([join(root, 'nell', 'wall.png')]);
    expect(report.detection).toMatchObject({ hits: 7, of: 8 });
  });

  test('reports other faces in the photos apart: nobody has said whose they are', () => {
    expect(report.others.faces).toBe(2);
    expect(report.others.named).toEqual([
      expect.objectContaining({ path: join(root, 'mona', 'party.jpg'), best: 'nell' }),
    ]);
  });

  test('takes a folder with a name the model does not know for a stranger, and says so', () => {
    expect(report.strangerFolders).toEqual(['ruth']);
    expect(report.strangers).toMatchObject({ faces: 4, people: 3 });
    expect(report.strangers.named).toMatchObject({ hits: 0, of: 4 });
  });

  test('leaves out photos that the model was trained with, and what cannot be read, and lists both', () => {
    expect(report.taught).toEqual([join(root, 'pam', 'known.jpg')]);
    expect(report.skipped).toEqual([
      { path: join(root, 'pam', 'broken.jpg'), reason: expect.stringMatching(/^is not a photo/) },
    ]);
    expect(report.unreadable).toBe(1);
  });

  test('shows a wrong name with the photo, and counts it even where the label is likely the mistake', () => {
    const path = join(root, 'nell', 'mistaken.jpg');
    expect(report.wrongNames).toEqual([
      expect.objectContaining({ path, subject: 'nell', given: 'pam', takenFor: null }),
    ]);
    expect(report.likelyWrong).toEqual([expect.objectContaining({ path, person: 'nell', looksLike: 'pam' })]);
    expect(
      report.perPerson.map(({ person, photos, right, wrong, noFace }) => [
        person,
        photos,
        right,
        wrong,
        noFace,
      ]),
    ).toEqual([
      ['nell', 2, 0, 1, 1],
      ['mona', 2, 2, 0, 0],
    ]);
  });

  test('leaves rates blank that so few strangers cannot show', () => {
    expect(report.identification.map(({ level, rate }) => [level, rate])).toEqual([
      [0.1, null],
      [0.01, null],
      [0.001, null],
    ]);
    expect(report.suggested).toBeNull();
  });

  test('measures at the setting that is asked for', async () => {
    const strict = await evaluateModel(root, model, faces, { minProbability: 1 - 1e-13 });
    expect(strict.enrolled.right!.hits + strict.enrolled.wrong!.hits).toBe(0);
    expect(strict.enrolled.unknown!.hits).toBe(3);
    expect(strict.calledUnknown.map(({ person }) => person).toSorted()).toEqual(['mona', 'mona', 'nell']);
    const loose = await evaluateModel(root, model, faces, { minProbability: 1e-9 });
    expect(loose.strangers.named!.hits).toBeGreaterThan(0);
    expect(loose.namedStrangers).toHaveLength(loose.strangers.named!.hits);
  });
});

describe('strangers from another folder', () => {
  test('are all faces in it, but never those of a person whom the model knows', async () => {
    const root = await temporaryFolder();
    await writePhoto(join(root, 'mona', '3.jpg'), portrait('mona', 3));
    const others = await temporaryFolder();
    await cp(demoPhoto(1), join(others, 'crowd.jpg'));
    await writePhoto(join(others, 'mona', '4.jpg'), portrait('mona', 4));
    const report = await evaluateModel(root, model, faces, { strangers: others });
    expect(report.strangers.faces).toBeGreaterThan(1);
    expect(report.strangers.people).toBe(1);
    expect(report.skipped).toEqual([
      { path: join(others, 'mona', '4.jpg'), reason: "is no stranger's: mona is one of the people" },
    ]);
  });

  test('that are not there are an error, not a measurement without them', async () => {
    const strangers = await temporaryFolder();
    await expect(evaluateModel(lessons, model, faces, { strangers })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(strangers),
    });
  });
});

test('a model cannot be measured on the photos it was trained with', async () => {
  await expect(evaluateModel(lessons, model, faces)).rejects.toMatchObject({
    code: 'too-few-photos',
    message: expect.stringMatching(/trained with every photo .*--cross-validate/),
  });
});

describe('cross-validation', () => {
  test('asks about every photo once, and leaves every person out once to be a stranger', async () => {
    const root = await temporaryFolder();
    await writePortraits(root, { mona: ['mona', 2], nell: ['nell', 2], pam: ['pam', 2], sue: ['sue', 1] });
    const rounds: string[] = [];
    const report = await crossValidate(root, 2, faces, {
      onRound: (done, total) => rounds.push(`${done}/${total}`),
    });
    expect(rounds).toEqual(['1/4', '2/4', '3/4', '4/4']);
    expect(report.protocol).toEqual({ kind: 'cross-validation', parts: 2, strangers: 'left-out' });
    expect(report.enrolled).toMatchObject({ photos: 6, people: 3, right: { hits: 6, of: 6 } });
    expect(report.strangers).toMatchObject({ faces: 7, people: 4 });
    expect(report.alone).toEqual(['sue']);
  });

  test('takes strangers from a folder called unknown, and learns nobody of that name', async () => {
    const root = await temporaryFolder();
    await writePortraits(root, { mona: ['mona', 2], unknown: ['sue', 2] });
    const report = await crossValidate(root, 2, faces);
    expect(report.protocol).toMatchObject({ strangers: 'given' });
    expect(report.enrolled.photos).toBe(2);
    // Two photos that lie loose are taken for two people.
    expect(report.strangers).toMatchObject({ faces: 2, people: 2, named: { hits: 0 } });
  });

  test('of a single person has no strangers, and says nothing about them', async () => {
    const root = await temporaryFolder();
    await writePortraits(root, { mona: ['mona', 2] });
    const report = await crossValidate(root, 2, faces);
    expect(report.protocol).toMatchObject({ strangers: 'none' });
    expect(report.strangers).toEqual({ faces: 0, people: 0, named: null });
    expect(report.calibration).toMatchObject({ names: null, unknown: null });
  });

  test('needs a person with two photos', async () => {
    const root = await temporaryFolder();
    await writePortraits(root, { mona: ['mona', 1], nell: ['nell', 1] });
    await expect(crossValidate(root, 5, faces)).rejects.toMatchObject({ code: 'too-few-photos' });
  });

  test('twice the same is twice the same, wherever the folder lies', async () => {
    const [one, other] = [await temporaryFolder(), await temporaryFolder()];
    await writePortraits(one, { mona: ['mona', 4], nell: ['nell', 3] });
    await cp(one, other, { recursive: true });
    await mkdir(join(other, 'nobody'));
    const reports = [await crossValidate(one, 3, faces), await crossValidate(other, 3, faces)];
    const [a, b] = reports.map((report, i) => JSON.stringify(report).replaceAll([one, other][i]!, '.'));
    expect(a).toBe(b);
  });
});

describeWithSharedData('eight people of Labeled Faces in the Wild', () => {
  test('are told apart and from each other as strangers: everything is measured', async () => {
    const root = await temporaryFolder();
    const people = [
      'Abdullah',
      'Abel_Pacheco',
      'Albert_Costa',
      'Angela_Bassett',
      'Antonio_Banderas',
      'Azra_Akin',
      'Bashar_Assad',
      'Bernard_Law',
    ];
    for (const person of people)
      await cp(sharedData('faces', 'lfw-dev', person), join(root, person), { recursive: true });
    const report = await crossValidate(root, 5, faces);
    expect(report.enrolled.people).toBe(people.length);
    expect(report.detection!.value).toBeGreaterThan(0.97);
    expect(report.enrolled.right!.value).toBeGreaterThan(0.85);
    expect(report.enrolled.wrong!.value).toBeLessThan(0.05);
    expect(report.strangers.named!.value).toBeLessThan(0.05);
    expect(report.identification[0]!.rate!.value).toBeGreaterThan(0.85);
    expect(report.calibration.names!.error.value).toBeLessThan(0.1);
    expect(report.det.length).toBeGreaterThan(10);
  });
});
