/** Photos as programs have them, and work on many photos that is watched and stopped. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import type { RgbImage } from '../../../src/core/image.ts';
import { crossValidate } from '../../../src/faces/evaluate/cross-validate.ts';
import { readAlbum } from '../../../src/faces/find/read-album.ts';
import { type Faces, openFaces } from '../../../src/faces/open-faces.ts';
import type { PeopleModel } from '../../../src/faces/people/model-file.ts';
import { verifyPhotos } from '../../../src/faces/people/verify.ts';
import type { PhotoInput } from '../../../src/photos/photo-input.ts';
import type { PictureClassifier } from '../../../src/pictures/classifier.ts';
import { classify } from '../../../src/pictures/classify.ts';
import { openPictureModel } from '../../../src/pictures/open-model.ts';
import { decodePhoto } from '../../../src/runtime/decode.ts';
import { writePortraits } from '../../demo-people.ts';
import { demoPhoto } from '../../photo-fixtures.ts';
import { sharedFolder } from '../../shared-folder.ts';
import { warmHome } from '../../warm-home.ts';

const folder = sharedFolder();
const people = (): string => join(folder.path, 'people');
let faces: Faces;
let pictures: PictureClassifier;
let model: PeopleModel;

beforeAll(async () => {
  const config = { ...readConfig(), home: join(folder.path, 'home'), threads: 2 };
  await warmHome(config.home);
  faces = await openFaces({ config });
  pictures = await openPictureModel(undefined, { config });
  await writePortraits(people(), { mona: ['mona', 2], nell: ['nell', 2] });
  ({ model } = await faces.train(people()));
});
afterAll(async () => {
  await faces.close();
  await pictures.close();
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function pixelsOf(path: string): Promise<RgbImage> {
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

const path = demoPhoto(3);

describe('one photo, given as', () => {
  test.each<[string, () => Promise<PhotoInput>, name: string]>([
    ['a path', async () => path, path],
    ['a URL', async () => pathToFileURL(path), path],
    ['the text of a URL', async () => pathToFileURL(path).href, path],
    ['bytes with a name', async () => ({ name: 'upload', bytes: await readFile(path) }), 'upload'],
    ['bytes', () => readFile(path), 'photo 1'],
    ['pixels', () => pixelsOf(path), 'photo 1'],
    ['a decoded photo', async () => decodePhoto(await readFile(path), path), 'photo 1'],
  ])('%s, is answered alike', async (_, input, name) => {
    const [expected] = await all(faces.identify([path], model));
    expect(await all(faces.identify([await input()], model))).toEqual([{ ...expected!, path: name }]);
    const [classified] = await all(classify([path], pictures));
    expect(await all(classify([await input()], pictures))).toEqual([{ ...classified!, path: name }]);
  });

  test('what is in memory is found in the cache by what it holds, as a file is', async () => {
    const pixels = await pixelsOf(demoPhoto(4));
    const read = async (input: PhotoInput): Promise<unknown[]> =>
      (await all(readAlbum([input], faces.reader, faces.cache))).map(
        (reading) => reading.kind === 'photo' && reading.cached,
      );
    expect(await read(await readFile(path))).toEqual([true]);
    expect(await read(pixels)).toEqual([false]);
    expect(await read({ ...pixels })).toEqual([true]);
  });

  test('pixels of a large picture are looked at as those of its file, and boxes are in its own pixels', async () => {
    const large = await sharp(path).resize({ width: 4000 }).png().toBuffer();
    const data = await sharp(large).raw().toBuffer({ resolveWithObject: true });
    const image = { width: data.info.width, height: data.info.height, data: data.data };
    const [of, ofFile] = await all(faces.identify([image, large], model));
    expect(of!.kind === 'photo' && of!.width).toBe(4000);
    const boxes = (answer: typeof of): number[][] =>
      answer!.kind === 'photo'
        ? answer!.faces.map(({ box }) => [box.left, box.top, box.width, box.height])
        : [];
    expect(boxes(of)).toHaveLength(3);
    for (const [i, box] of boxes(of).entries()) {
      for (const [j, side] of box.entries()) expect(Math.abs(side - boxes(ofFile)[i]![j]!)).toBeLessThan(20);
    }
  });

  test('no file, or bytes that are no photo, is a failure among answers', async () => {
    const bytes = new TextEncoder().encode('no photo');
    const inputs = [
      { name: 'upload', bytes },
      join(folder.path, 'none.jpg'),
      { name: 'b', bytes: new Uint8Array() },
    ];
    expect(await all(faces.identify(inputs, model))).toMatchObject([
      { kind: 'failure', path: 'upload', error: { code: 'not-a-photo', path: 'upload' } },
      {
        kind: 'failure',
        path: inputs[1],
        error: { code: 'not-found', reason: 'cannot be read: no such file or directory' },
      },
      { kind: 'failure', path: 'b', error: { code: 'not-a-photo', reason: 'is empty (0 bytes)' } },
    ]);
  });

  test('something else ends the work, with what it is', async () => {
    const wrong = [path, 42 as unknown as string];
    await expect(all(faces.identify(wrong, model))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('not a number') as string,
    });
    await expect(all(classify('a.jpg', pictures))).rejects.toMatchObject({ code: 'usage' });
  });

  test('two photos in memory are compared', async () => {
    const bytes = await readFile(path);
    const [pair] = (await verifyPhotos(bytes, { name: 'other', bytes }, faces)).pairs;
    expect(pair!.similarity).toBeCloseTo(1, 5);
    await expect(verifyPhotos(new Uint8Array(3), path, faces)).rejects.toMatchObject({ path: 'photo 1' });
  });
});

describe('work on many photos', () => {
  const photos = [1, 2, 3, 4, 5, 6].map(demoPhoto);

  test('is told of after each, with how many there are where that is known', async () => {
    const told: unknown[] = [];
    const onProgress = (...args: unknown[]): void => void told.push(args);
    await all(faces.identify(photos.slice(0, 2), model, { onProgress }));
    await all(classify(new Set(photos.slice(0, 2)), pictures, { onProgress }));
    expect(told).toEqual([
      [1, 2],
      [2, 2],
      [1, undefined],
      [2, undefined],
    ]);
  });

  test.each<[string, (signal: AbortSignal, onProgress: () => void) => Promise<unknown>]>([
    ['identify', (signal, onProgress) => all(faces.identify(photos, model, { signal, onProgress }))],
    ['classify', (signal, onProgress) => all(classify(photos, pictures, { signal, onProgress }))],
    ['train', (signal, onProgress) => faces.train(people(), { signal, onProgress })],
    ['crossValidate', (signal, onProgress) => crossValidate(people(), 2, faces, { signal, onProgress })],
  ])('ends with `cancelled` where its signal says so: %s', async (_, work) => {
    const stop = new AbortController();
    let told = 0;
    const stopped = work(stop.signal, () => {
      told++;
      stop.abort();
    });
    await expect(stopped).rejects.toMatchObject({ name: 'WhosinError', code: 'cancelled' });
    expect(told).toBe(1);
    await expect(work(AbortSignal.abort(), () => told++)).rejects.toMatchObject({ code: 'cancelled' });
    expect(told).toBe(1);
  });

  test('ends at once where photos are waited for that do not come', async () => {
    const stop = new AbortController();
    let closed = false;
    async function* never(): AsyncGenerator<string> {
      try {
        yield path;
        await new Promise(() => {});
      } finally {
        closed = true;
      }
    }
    const work = all(faces.identify(never(), model, { signal: stop.signal }));
    setTimeout(() => stop.abort(), 50);
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    expect(closed).toBe(false);
  });
});
