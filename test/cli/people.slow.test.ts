/** `whosin people`: a model's people are listed, added, renamed and removed; its file is changed whole or not at all. */

import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { portrait, writePhoto, writePortraits } from '../demo-people.ts';
import { demoPhoto } from '../photo-fixtures.ts';
import { sharedFolder } from '../shared-folder.ts';
import { setUpCalls } from './call-whosin.ts';
import { setUpWhosin } from './whosin.ts';

const call = setUpCalls();
const start = setUpWhosin();
const files = sharedFolder();
const model = (): string => join(files.path, 'people.onnx');

const people = (...args: readonly string[]): ReturnType<typeof call> =>
  call(['people', ...args], { cwd: files.path });

interface Listed {
  readonly people: readonly { readonly name: string; readonly photos: number }[];
}

async function listed(file = 'people.onnx'): Promise<Record<string, number>> {
  const { stdout } = await people(file, '--json');
  return Object.fromEntries((JSON.parse(stdout) as Listed).people.map(({ name, photos }) => [name, photos]));
}

beforeAll(async () => {
  await writePortraits(join(files.path, 'two'), { pam: ['pam', 2], sue: ['sue', 2] });
  await writePortraits(join(files.path, 'more'), { ruth: ['ruth', 2] });
  await writePhoto(
    join(files.path, 'wall.jpg'),
    portrait('pam').extract({ left: 0, top: 0, width: 40, height: 40 }),
  );
  await call(['train', 'two', '-o', 'trained.onnx', '--validation-percentage', '0'], { cwd: files.path });
});
beforeEach(() => copyFile(join(files.path, 'trained.onnx'), model()));

test('a model lists its people, each with the number of photos', async () => {
  const { status, stdout, stderr } = await people('people.onnx');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^pam +2 photos\nsue +2 photos\n$/);
  expect(stderr).toMatch(/^2 people, 4 photos\. Names are given from /);
  expect(JSON.parse((await people('people.onnx', '--json')).stdout)).toMatchObject({
    schema: 1,
    model: 'people.onnx',
    people: [
      { name: 'pam', photos: 2 },
      { name: 'sue', photos: 2 },
    ],
  });
});

describe('add', () => {
  test('a person is in the model then and gets a name in a photo; no other file is left', async () => {
    const before = await readdir(files.path);
    const { status, stdout, stderr } = await people('add', 'people.onnx', 'Ruth', 'more');
    expect([status, stdout]).toEqual([0, 'Ruth is new, with 2 photos.\n']);
    expect(stderr).toContain('Wrote people.onnx: 3 people, 6 photos.');
    expect(await listed()).toEqual({ pam: 2, sue: 2, Ruth: 2 });
    expect(await readdir(files.path)).toEqual(before);
    const answer = await call(['identify', demoPhoto(6), '-m', 'people.onnx', '--json'], { cwd: files.path });
    const { faces } = JSON.parse(answer.stdout) as { faces: readonly { readonly person: string | null }[] };
    expect(faces.map(({ person }) => person)).toEqual([null, 'pam', 'Ruth', 'sue']);
  });

  test('photos without the face, or without an end, are left out with a reason; status 1 for those that could not be read', async () => {
    await copyFile(join(files.path, 'trained.onnx'), join(files.path, 'no-photo.jpg'));
    const { status, stdout } = await people('add', 'people.onnx', 'Ruth', 'more/ruth/1.jpg', 'wall.jpg');
    expect(status).toBe(0);
    expect(stdout).toBe(
      'Ruth is new, with 1 photo.\n1 photo left out:\n  wall.jpg shows no face that could be found\n',
    );
    const json = await people(
      'add',
      'people.onnx',
      'Ruth',
      'more/ruth/2.jpg',
      'no-photo.jpg',
      'lost.jpg',
      '--json',
    );
    expect(json.status).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      schema: 1,
      output: 'people.onnx',
      person: 'Ruth',
      isNew: false,
      photos: ['more/ruth/2.jpg'],
      leftOut: [{ path: 'lost.jpg' }, { path: 'no-photo.jpg' }],
    });
    expect(await listed()).toEqual({ pam: 2, sue: 2, Ruth: 2 });
  });

  test('if no photo shows the person, the file stays as it is', async () => {
    const before = await readFile(model());
    const { status, stderr } = await people('add', 'people.onnx', 'Nobody', 'wall.jpg');
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('wall.jpg shows no face that could be found'),
    ]);
    expect((await people('add', 'people.onnx', 'Nobody', 'lost.jpg')).stderr).toContain('lost.jpg');
    expect(await readFile(model())).toEqual(before);
  });
});

test('rename: the name changes, the old one is nowhere in the file; a name that is taken is refused', async () => {
  const { status, stdout } = await people('rename', 'people.onnx', 'pam', 'Pamela Ü.');
  expect([status, stdout]).toEqual([0, 'pam is called Pamela Ü. now.\n']);
  expect(await listed()).toEqual({ 'Pamela Ü.': 2, sue: 2 });
  expect((await readFile(model())).includes('pam')).toBe(false);
  const taken = await people('rename', 'people.onnx', 'sue', 'Pamela Ü.');
  expect([taken.status, taken.stderr]).toEqual([2, expect.stringContaining('called Pamela Ü. already')]);
});

describe('remove', () => {
  test('-o: the other file lacks the person, the given one is not touched', async () => {
    const before = await readFile(model());
    const { status, stdout } = await people('remove', 'people.onnx', 'sue', '-o', 'without.onnx');
    expect([status, stdout]).toEqual([0, 'Removed sue.\n']);
    expect(await listed('without.onnx')).toEqual({ pam: 2 });
    expect(await readFile(model())).toEqual(before);
  });

  test.each([
    ['nobody of that name', ['remove', 'people.onnx', 'bob'], 1, 'It has: pam, sue.'],
    ['a model that is not there', ['remove', 'none.onnx', 'pam'], 1, 'Cannot read the model none.onnx'],
    [
      'an output that is no model',
      ['remove', 'people.onnx', 'pam', '-o', 'wall.jpg'],
      1,
      'wall.jpg exists and is not a model',
    ],
    ['no name', ['remove', 'people.onnx'], 2, "missing required argument 'name'"],
  ])('%s is refused, and nothing is written', async (_, args, wanted, message) => {
    const before = await readFile(model());
    const { status, stderr } = await people(...args);
    expect([status, stderr]).toEqual([wanted, expect.stringContaining(message)]);
    expect(await readFile(model())).toEqual(before);
  });
});

test('two processes that change a model at once: both changes are in it', async () => {
  const renames = [
    ['pam', 'Pamela'],
    ['sue', 'Susan'],
  ].map((names) => start(['people', 'rename', model(), ...names]));
  expect((await Promise.all(renames)).map(({ status }) => status)).toEqual([0, 0]);
  expect(await listed()).toEqual({ Pamela: 2, Susan: 2 });
});
