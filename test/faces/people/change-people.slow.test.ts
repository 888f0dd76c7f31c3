/** A model's people change without the photos that it was trained on. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Faces, openFaces } from '../../../src/faces/open-faces.ts';
import { enrolPerson, removePerson, renamePerson } from '../../../src/faces/people/change-people.ts';
import { enrolPhotos } from '../../../src/faces/people/enrol-photos.ts';
import type { PeopleModel } from '../../../src/faces/people/model-file.ts';
import { readPeopleModel } from '../../../src/faces/people/read-model.ts';
import { writePeopleModel } from '../../../src/faces/people/write-model.ts';
import { portrait, writePhoto, writePortraits } from '../../demo-people.ts';
import { demoPhoto } from '../../photo-fixtures.ts';
import { warmHome } from '../../warm-home.ts';
import { answersTo, namesIn } from './answers.ts';

let faces: Faces;
let folder: string;
let pamAndSue: PeopleModel;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whosin-'));
  await warmHome(join(folder, 'home'));
  faces = await openFaces({ config: { home: join(folder, 'home'), threads: 1 } });
  await writePortraits(join(folder, 'two'), { pam: ['pam', 3], sue: ['sue', 3] });
  await writePortraits(join(folder, 'more'), { ruth: ['ruth', 3], olga: ['olga', 1] });
  pamAndSue = (await faces.train(join(folder, 'two'), { validation: 0 })).model;
});
afterAll(async () => {
  await faces.close();
  await rm(folder, { recursive: true });
});

const photosOf = (person: string, numbers: readonly number[]): string[] =>
  numbers.map((number) => join(folder, 'more', person, `${number}.jpg`));

describe('one more person', () => {
  test('is named in a photo, and the others are named as before, with the same odds', async () => {
    const { model, photos, leftOut } = await enrolPhotos(
      pamAndSue,
      'Ruth',
      photosOf('ruth', [1, 2, 3]),
      faces,
    );
    expect(photos).toHaveLength(3);
    expect(leftOut).toEqual([]);
    expect(model.people).toEqual(['pam', 'sue', 'Ruth']);
    expect(model.templates.slice(0, 2)).toEqual(pamAndSue.templates);
    const [photo] = await answersTo(faces, [demoPhoto(6)], model);
    expect(namesIn(photo)).toEqual(['Ruth', 'pam', 'sue', null]);
    expect(namesIn((await answersTo(faces, [demoPhoto(6)], pamAndSue))[0])).toEqual([
      'pam',
      'sue',
      null,
      null,
    ]);
  });

  test('gets the template that training gives her', async () => {
    await writePortraits(join(folder, 'three'), { pam: ['pam', 3], ruth: ['ruth', 3], sue: ['sue', 3] });
    const trained = (await faces.train(join(folder, 'three'), { validation: 0 })).model;
    const { model } = await enrolPhotos(pamAndSue, 'ruth', photosOf('ruth', [1, 2, 3]), faces);
    expect(model.templates[2]!.components).toHaveLength(trained.templates[1]!.components.length);
    for (const [i, component] of model.templates[2]!.components.entries()) {
      expect(component.constant).toBeCloseTo(trained.templates[1]!.components[i]!.constant, 3);
    }
  });

  test('is found in a photo with several people, of whom the model knows the others', async () => {
    const { model } = await enrolPhotos(
      pamAndSue,
      'ruth',
      [demoPhoto(6), ...photosOf('ruth', [1, 2])],
      faces,
    );
    const [photo] = await answersTo(faces, [demoPhoto(6)], model);
    expect(namesIn(photo)).toEqual(['pam', 'ruth', 'sue', null]);
  });

  test('survives the model file, with the quality of each face, and is written over files without it', async () => {
    const { model } = await enrolPhotos(pamAndSue, 'ruth', photosOf('ruth', [1]), faces);
    const read = readPeopleModel(writePeopleModel(model), 'people.onnx');
    expect(read.gallery).toEqual(model.gallery);
    expect(read.gallery.every(({ quality }) => quality! > 0 && quality! <= 1)).toBe(true);
  });

  test('may get more photos later; those that the model knows are reported and not counted twice', async () => {
    const first = (await enrolPhotos(pamAndSue, 'ruth', photosOf('ruth', [1]), faces)).model;
    const { model, photos, leftOut } = await enrolPhotos(first, 'ruth', photosOf('ruth', [1, 2]), faces);
    expect(photos).toEqual(photosOf('ruth', [2]));
    expect(leftOut).toEqual([{ path: photosOf('ruth', [1])[0], reason: 'is in the model already' }]);
    expect(model.people).toEqual(['pam', 'sue', 'ruth']);
    expect(model.gallery.filter(({ person }) => person === 2)).toHaveLength(2);
  });

  test('how often strangers are named is estimated for one person more', async () => {
    const { model } = await enrolPhotos(pamAndSue, 'ruth', photosOf('ruth', [1]), faces);
    expect(model.strangerRates).toMatchObject({ people: 0, faces: 0 });
    expect(model.strangerRates!.reference).toMatch(/^[\d,]+ pairs of photos of different/);
  });

  test.each([
    ['a photo without a face', 'wall', 'wall.jpg shows no face that could be found'],
    ['a photo that is not there', 'nowhere', 'nowhere.jpg'],
  ])('%s is no person', async (_, name, reason) => {
    await writePhoto(
      join(folder, 'wall.jpg'),
      portrait('pam').extract({ left: 0, top: 0, width: 40, height: 40 }),
    );
    await expect(
      enrolPhotos(pamAndSue, 'Nobody', [join(folder, `${name}.jpg`)], faces),
    ).rejects.toMatchObject({
      code: 'too-few-photos',
      message: expect.stringContaining(reason),
    });
  });

  test('a face of another space is refused', () => {
    const embedding = { space: 'another', values: pamAndSue.gallery[0]!.embedding };
    expect(() => enrolPerson(pamAndSue, 'ruth', [{ embedding, quality: 1 }])).toThrow(/another/);
  });
});

describe('one person less, and another name', () => {
  test('who is removed is unknown from then on, and nothing of her is in the file', async () => {
    const { model: three } = await enrolPhotos(pamAndSue, 'ruth', photosOf('ruth', [1, 2]), faces);
    const model = removePerson(three, 'pam');
    expect(model.people).toEqual(['sue', 'ruth']);
    expect(model.gallery.map(({ person }) => person)).toEqual([0, 0, 0, 1, 1]);
    expect(model.head.bias).toHaveLength(2);
    const [photo] = await answersTo(faces, [demoPhoto(6)], model);
    expect(namesIn(photo)).toEqual(['ruth', 'sue', null, null]);
    const bytes = writePeopleModel(model);
    expect(readPeopleModel(bytes, 'people.onnx').people).toEqual(['sue', 'ruth']);
    // The training report stayed once, with her name and the paths of her photos.
    expect(Buffer.from(writePeopleModel(three)).includes('pam')).toBe(true);
    expect(Buffer.from(bytes).includes('pam')).toBe(false);
  });

  test('a name changes, and the training report with the old one is gone', () => {
    const model = renamePerson(pamAndSue, 'pam', 'Pamela');
    expect(model).toEqual({ ...pamAndSue, people: ['Pamela', 'sue'], report: null });
  });

  test.each([
    ['the name of somebody else', () => renamePerson(pamAndSue, 'pam', 'sue'), 'usage', /called sue already/],
    ['an empty name', () => renamePerson(pamAndSue, 'pam', ' '), 'usage', /needs a name/],
    ['nobody of that name', () => renamePerson(pamAndSue, 'bob', 'Bob'), 'not-found', /It has: pam, sue/],
    ['removing nobody', () => removePerson(pamAndSue, 'bob'), 'not-found', /called bob/],
    [
      'removing the last one',
      () => removePerson(removePerson(pamAndSue, 'pam'), 'sue'),
      'too-few-photos',
      /only person/,
    ],
  ])('%s is refused', (_, change, code, message) => {
    expect(change).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });
});
