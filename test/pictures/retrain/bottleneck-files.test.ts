import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  bottleneckPath,
  formatBottleneck,
  parseBottleneck,
  readBottleneck,
  writeBottleneck,
} from '../../../src/pictures/retrain/bottleneck-files.ts';
import type { ImageList } from '../../../src/pictures/retrain/image-lists.ts';
import { readBottlenecks } from '../../../src/pictures/retrain/read-bottlenecks.ts';
import { describeWithSharedData, sharedData } from '../../shared-data.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

describe('bottleneck files', () => {
  test('lie where retrain.py keeps them', () => {
    expect(bottleneckPath('/tmp/bottleneck', 'With Glasses', '1.jpg', 'mobilenet_0.25_224')).toBe(
      '/tmp/bottleneck/With Glasses/1.jpg_mobilenet_0.25_224.txt',
    );
  });

  test('give back every number of single precision as it was', () => {
    const values = Float32Array.of(0, -0.1, 1 / 3, 3.4028234663852886e38, 1e-45, 123456.79, -3.727002, 1e21);
    expect(formatBottleneck(values).split(',').slice(0, 3)).toEqual(['0', '-0.1', '0.33333334']);
    expect(parseBottleneck(formatBottleneck(values), values.length)).toEqual(values);
  });

  test.each([
    ['cut off', '1.5,2.'],
    ['too long', '1,2,3,4'],
    ['not numbers', '1,x,3'],
    ['not finite', '1,nan,3'],
    ['with a gap', '1,,3'],
    ['empty', ''],
  ])('a file that is %s is none', (_, text) => {
    expect(parseBottleneck(text, 3)).toBeUndefined();
  });

  test('a photo that was changed later is looked at again', async () => {
    const folder = await temporaryFolder();
    const [photo, kept] = [join(folder, 'a.jpg'), join(folder, 'b', 'a.jpg_x.txt')];
    const values = Float32Array.of(1, 2);
    expect(await readBottleneck(kept, 2, photo)).toBeUndefined();
    await writeFile(photo, 'x');
    await writeBottleneck(kept, values);
    await utimes(photo, 1000, 1000);
    expect(await readBottleneck(kept, 2, photo)).toEqual(values);
    await utimes(kept, 999, 999);
    expect(await readBottleneck(kept, 2, photo)).toBeUndefined();
  });
});

// Files of a killed run stayed for ever where no bottleneck was missing: 12 in 200 kills.
test('what a killed run left beside them is removed, if nothing is written too', async () => {
  const folder = await temporaryFolder();
  const photo = join(folder, 'a.jpg');
  await writeFile(photo, 'x');
  await utimes(photo, 1000, 1000);
  await mkdir(join(folder, 'Ann'));
  await writeFile(bottleneckPath(folder, 'Ann', 'a.jpg', 'x'), '1,2');
  const left = join(folder, 'Ann', `.whosin-${randomUUID()}.tmp`);
  await writeFile(left, 'half of');
  await utimes(left, 1000, 1000);
  const list = {
    label: 'ann',
    folder: 'Ann',
    photos: [{ path: photo, file: 'a.jpg', category: 'training' }],
  };
  const unread = { bottleneck: () => Promise.reject(new Error('Nothing is missing.')) };
  const { photos } = await readBottlenecks([list as ImageList], {
    folder,
    architecture: 'x',
    size: 2,
    reader: unread,
  });
  expect(photos.map(({ values }) => [...values])).toEqual([[1, 2]]);
  expect(await readdir(join(folder, 'Ann'))).toEqual(['a.jpg_x.txt']);
});

describeWithSharedData('a bottleneck file of retrain.py', () => {
  test('is read, and written again as the same text', async () => {
    const text = await readFile(sharedData('models/retrained/glasses/example-bottleneck.txt'), 'utf8');
    const values = parseBottleneck(text, 1001)!;
    expect(values[0]).toBeCloseTo(-3.727002, 6);
    expect(formatBottleneck(values)).toBe(text);
  });
});
