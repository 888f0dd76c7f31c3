import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WhosinError } from '../../src/errors.ts';
import { listLabelFolders } from '../../src/photos/label-folders.ts';
import { doubtsAboutLabels } from '../../src/photos/label-names.ts';
import { describeWithSharedData, sharedData } from '../shared-data.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Doubts about paths below the folder of all labels. */
function doubts(...paths: readonly string[]): string[] {
  return doubtsAboutLabels(
    'photos',
    paths.map((path) => ({ path: join('photos', ...path.split('/')), label: path.split('/')[0]! })),
  );
}

function refusal(...paths: readonly string[]): string {
  try {
    return `doubts: ${doubts(...paths).join(' ')}`;
  } catch (error) {
    if (!(error instanceof WhosinError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

describe('folders that would teach nonsense', () => {
  // They were learned as labels: 43 % right, and status 0.
  test('parts of a set above the labels are refused, with what to name instead', () => {
    const message = refusal('train/red/1.png', 'train/blue/1.png', 'Val/red/2.png');
    expect(message).toMatch(/^usage: photos holds parts of a set \(Val and train\)/);
    expect(message).toContain(`Name one part: ${join('photos', 'train')}`);
  });

  test.each([
    ['people with folders of their own', ['ann/frontal/1.jpg', 'ann/profile/1.jpg', 'bob/frontal/1.jpg']],
    ['people called so', ['Val/1.jpg', 'Dev/1.jpg']],
    ['people called so, by year', ['Val/2019/1.jpg', 'Dev/2020/1.jpg']],
    ['things called so, without folders in them', ['train/1.jpg', 'test/1.jpg']],
    ['ordinary names', ['Ann/1.jpg', 'Bob/1.jpg', 'unknown/1.jpg', 'José/1.jpg', '李小龍/1.jpg']],
    ['names of digits', ['1001/1.jpg', '42/1.jpg', '20190/1.jpg', '2019 Ann/1.jpg']],
  ])('%s are fine', (_, paths) => {
    expect(doubts(...paths)).toEqual([]);
  });

  test.each([
    ['two Unicode forms', 'Jos\u00e9', 'Jose\u0301', '"Jos\\u{e9}" and "Jose\\u{301}"'],
    ['a space at the end', 'Ann', 'Ann ', '"Ann" and "Ann "'],
    ['a character without a shape', 'Ann', 'An\u200bn', '"Ann" and "An\\u{200b}n"'],
  ])('names that look the same are refused: %s', (_, one, other, named) => {
    const message = refusal(`${one}/1.jpg`, `${other}/1.jpg`, 'Bob/1.jpg');
    expect(message).toMatch(/^usage: photos has names that look the same: /);
    for (const name of named.split(' and ')) expect(message).toContain(name);
  });

  test.each([
    [
      'small and capital letters',
      ['Alex/1.jpg', 'alex/1.jpg'],
      '"Alex" and "alex" are learned as different names.',
    ],
    [
      'strangers in capitals',
      ['Unknown/1.jpg', 'Bob/1.jpg'],
      '"Unknown" is learned as a name. The folder of strangers',
    ],
    ['years', ['2019/1.jpg', '2020/1.jpg'], '"2019" and "2020" look like dates and are learned as a name'],
    ['a day', ['2019-05-12/1.jpg', 'Bob/1.jpg'], '"2019-05-12" looks like a date and is learned as a name'],
    [
      'one folder above all',
      ['album/Ann/1.jpg', 'album/Bob/1.jpg'],
      `If these are the people or things, name ${join('photos', 'album')} instead.`,
    ],
  ])('a doubt names what it is about: %s', (_, paths, words) => {
    expect(doubts(...paths)).toEqual([expect.stringContaining(words)]);
  });

  test('folders without photos raise no doubt', async () => {
    const root = await temporaryFolder();
    for (const path of ['Ann/1.jpg', 'ann/notes.txt']) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), 'x');
    }
    expect((await listLabelFolders(root)).doubts).toEqual([]);
  });
});

describeWithSharedData('the folders that were learned as nonsense', () => {
  test('train/ and test/ above the colours', async () => {
    await expect(listLabelFolders(sharedData('cases', 'wrapper-folder'))).rejects.toThrow('parts of a set');
    await expect(listLabelFolders(sharedData('images', 'hymenoptera'))).rejects.toThrow('parts of a set');
    expect((await listLabelFolders(sharedData('images', 'hymenoptera', 'train'))).doubts).toEqual([]);
  });

  test('people with frontal/ and profile/ are people', async () => {
    expect((await listLabelFolders(sharedData('faces', 'cfp-dev'))).doubts).toEqual([]);
    expect((await listLabelFolders(sharedData('faces', 'lfw-dev'))).doubts).toEqual([]);
  });
});
