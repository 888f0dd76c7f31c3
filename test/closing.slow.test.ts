/** A closed thing answers no more, from its caches neither, and closing waits for work inside a network. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Config, readConfig } from '../src/config.ts';
import { type Faces, openFaces } from '../src/faces/open-faces.ts';
import type { PeopleModel } from '../src/faces/people/model-file.ts';
import { verifyPhotos } from '../src/faces/people/verify.ts';
import { classify } from '../src/pictures/classify.ts';
import { openPictureModel } from '../src/pictures/open-model.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { portrait, writePhoto, writePortraits } from './demo-people.ts';
import { demoPhoto } from './photo-fixtures.ts';
import { sharedFolder } from './shared-folder.ts';
import { warmHome } from './warm-home.ts';

const folder = sharedFolder();
const photos = [1, 2, 3, 4, 5, 6].map(demoPhoto);
const refused = {
  name: 'WhosinError',
  code: 'usage',
  message: expect.stringMatching(/was closed/) as string,
};
let config: Config;
let model: PeopleModel;

beforeAll(async () => {
  config = { ...readConfig(), home: join(folder.path, 'home'), threads: 2 };
  await warmHome(config.home);
  await writePortraits(join(folder.path, 'people'), { mona: ['mona', 2], nell: ['nell', 2] });
  const faces = await openFaces({ config });
  ({ model } = await faces.train(join(folder.path, 'people')));
  await faces.close();
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function errorOf(work: () => Promise<unknown>): Promise<unknown> {
  return work().then(
    () => 'no error',
    ({ name, code, message }: { name: string; code: string; message: string }) => ({ name, code, message }),
  );
}

describe('faces that were closed', () => {
  let faces: Faces;
  beforeAll(async () => {
    faces = await openFaces({ config });
    // Known from now on, whoever asks.
    await all(faces.identify(photos.slice(0, 1), model));
    await faces.close();
    await faces.close();
  });

  test.each<[string, (faces: Faces) => Promise<unknown>]>([
    ['identify, of photos that are cached too', (of) => all(of.identify(photos.slice(0, 1), model))],
    ['train', (of) => of.train(join(folder.path, 'people'))],
    ['verify', (of) => verifyPhotos(photos[0]!, photos[0]!, of)],
    ['the reader', async (of) => of.reader.read(await decodePhoto(await readFile(photos[0]!), 'a.jpg'))],
    ['its steps', (of) => of.reader.steps.detect({ width: 1, height: 1, data: new Uint8Array(3) })],
  ])('refuse %s', async (_, work) => {
    expect(await errorOf(() => work(faces))).toEqual(refused);
  });
});

test('faces may be closed while they identify: those that were read are answered, the others refused', async () => {
  const faces = await openFaces({ config });
  // More than are in hand at a time, so that there is something left to refuse.
  const many = Array.from({ length: 24 }, (_, i) => join(folder.path, 'many', `${i}.jpg`));
  for (const [i, path] of many.entries()) await writePhoto(path, portrait('mona').resize(300 - i));
  const answered: string[] = [];
  let closed: Promise<void> | undefined;
  const error = await errorOf(async () => {
    for await (const photo of faces.identify(many, model)) {
      answered.push(photo.path);
      closed ??= faces.close();
    }
  });
  expect(error).toMatchObject({
    name: 'WhosinError',
    code: expect.stringMatching(/^(cancelled|usage)$/) as string,
  });
  expect(answered).toEqual(many.slice(0, answered.length));
  await closed;
});

test('a model of pictures that was closed refuses, and the picture inside it is answered', async () => {
  const pictures = await openPictureModel(undefined, { config });
  const photo = await decodePhoto(await readFile(photos[0]!), 'a.jpg');
  const inside = pictures.classify(photo);
  await Promise.all([pictures.close(), pictures.close()]);
  expect((await inside).objects!.length).toBeGreaterThan(0);
  expect(await errorOf(() => pictures.classify(photo))).toMatchObject({ code: 'usage' });
  expect(await errorOf(() => all(classify(photos, pictures)))).toMatchObject({ code: 'usage' });
});
