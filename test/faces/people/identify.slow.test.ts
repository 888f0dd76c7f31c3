import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { type Faces, openFaces } from '../../../src/faces/open-faces.ts';
import type { PeopleModel } from '../../../src/faces/people/model-file.ts';
import { portrait, writePhoto, writePortraits } from '../../demo-people.ts';
import { demoPhoto } from '../../photo-fixtures.ts';
import { sharedFolder } from '../../shared-folder.ts';
import { warmHome } from '../../warm-home.ts';
import { answersTo, namesIn } from './answers.ts';

const files = sharedFolder();
let faces: Faces;
let model: PeopleModel;

beforeAll(async () => {
  await writePortraits(join(files.path, 'photos'), { mona: ['mona', 1], pam: ['pam', 2], olga: ['olga', 1] });
  await warmHome(join(files.path, 'home'));
  faces = await openFaces({ config: { ...readConfig(), home: join(files.path, 'home') } });
  ({ model } = await faces.train(join(files.path, 'photos')));
});
afterAll(() => faces.close());

describe('photos', () => {
  test('are answered in the order they are given, each face with its own decision', async () => {
    const photos = await answersTo(faces, [demoPhoto(6), demoPhoto(3), demoPhoto(6)], model);
    expect(photos.map(({ path }) => path)).toEqual([demoPhoto(6), demoPhoto(3), demoPhoto(6)]);
    expect(photos.map(namesIn)).toEqual([
      ['olga', 'pam', null, null],
      ['mona', null, null],
      ['olga', 'pam', null, null],
    ]);
    expect(photos[2]).toEqual(photos[0]);
  });

  test('that cannot be read are answers with an error; the others are not held up', async () => {
    const broken = join(files.path, 'broken.jpg');
    await writeFile(broken, 'no photo');
    const paths = [join(files.path, 'none.jpg'), demoPhoto(3), files.path, broken, demoPhoto(6)];
    const photos = await answersTo(faces, paths, model);
    expect(photos.map((photo) => (photo.kind === 'failure' ? photo.error.code : photo.faces.length))).toEqual(
      ['not-found', 3, 'not-a-photo', 'not-a-photo', 4],
    );
    const unnamed = photos.filter(
      (photo) => photo.kind === 'failure' && !photo.error.message.includes(photo.path),
    );
    expect(unnamed).toEqual([]);
  });

  test('may come one by one, and reading stops where the asker stops', async () => {
    const asked: number[] = [];
    async function* paths(): AsyncGenerator<string> {
      for (let i = 0; i < 50; i++) {
        asked.push(i);
        yield demoPhoto(3);
      }
    }
    for await (const photo of faces.identify(paths(), model)) {
      expect(namesIn(photo)).toContain('mona');
      break;
    }
    expect(asked.length).toBeLessThan(10);
  });

  test('none given are none answered', async () => {
    expect(await answersTo(faces, [], model)).toEqual([]);
  });

  test('that show a person twice: once by default, twice where repeats are allowed', async () => {
    const mirror = join(files.path, 'mirror.jpg');
    const one = await portrait('pam').resize(400, 400).toBuffer();
    const twin = await sharp(one).flop().modulate({ brightness: 0.9 }).toBuffer();
    const both = sharp({ create: { width: 800, height: 400, channels: 3, background: 'grey' } }).composite([
      { input: one, left: 0, top: 0 },
      { input: twin, left: 400, top: 0 },
    ]);
    await writePhoto(mirror, both.jpeg());
    const [once] = await answersTo(faces, [mirror], model);
    expect(namesIn(once).filter((name) => name === 'pam').length).toBeLessThanOrEqual(1);
    const [twice] = await answersTo(faces, [mirror], model, { allowRepeats: true });
    expect(namesIn(twice)).toEqual(['pam', 'pam']);
  });
});

test('a model from another embedding space is refused before any photo is read', () => {
  expect(() => faces.identify([demoPhoto(3)], { ...model, space: 'other/1' })).toThrow(
    expect.objectContaining({ code: 'wrong-space', message: expect.stringContaining('"other/1"') }),
  );
});

test('results that cannot be cached are told once, and the work goes on', async () => {
  const home = join(files.path, 'no cache');
  await mkdir(home);
  await cp(join(files.path, 'home', 'models'), join(home, 'models'), { recursive: true });
  await writeFile(join(home, 'bottlenecks'), 'in the way');
  const told: string[] = [];
  const uncached = await openFaces({
    config: { ...readConfig(), home },
    onCacheFailure: (reason) => told.push(reason),
  });
  const photos = await answersTo(uncached, [demoPhoto(3), demoPhoto(6)], model);
  await uncached.close();
  expect(photos.map((photo) => namesIn(photo).length)).toEqual([3, 4]);
  expect(told).toHaveLength(1);
});
