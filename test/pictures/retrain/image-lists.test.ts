import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type Category,
  categoryOf,
  mangled,
  readImageLists,
} from '../../../src/pictures/retrain/image-lists.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const tenths = { testing: 10, validation: 10 };

async function folderOf(...paths: readonly string[]): Promise<string> {
  const root = await temporaryFolder();
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), 'x');
  }
  return root;
}

const few = (folder: string): string[] => [`${folder}/1.jpg`, `${folder}/2.jpg`];

describe('the set that a photo belongs to', () => {
  // The lines of retrain.py give this in Python 3.11, with thirty percent each.
  test.each<[path: string, category: Category]>([
    ['flowers/daisy/a.jpg', 'validation'],
    ['flowers/daisy/b.jpg', 'validation'],
    ['flowers/daisy/c.jpg', 'training'],
    ['flowers/rose/d_nohash_1.jpg', 'testing'],
    ['flowers/rose/d_nohash_2.jpeg', 'testing'],
    ['flowers/rose/e.jpg', 'training'],
    ['flowers/rose/f.jpg', 'testing'],
    ['./flowers/daisy/a.jpg', 'validation'],
    ['/home/ann/flower photos/tulip/Größe 1.JPG', 'validation'],
  ])('%s: %s', (path, category) => {
    expect(categoryOf(path, { testing: 30, validation: 30 })).toBe(category);
  });

  test('changes at the percentage that retrain.py computes, to the last digit', () => {
    const [a, d] = ['flowers/daisy/a.jpg', 'flowers/rose/d_nohash_1.jpg'] as const;
    expect(categoryOf(a, { testing: 0, validation: 7.922613679786128 })).toBe('training');
    expect(categoryOf(a, { testing: 0, validation: 7.92261367978613 })).toBe('validation');
    expect(categoryOf(d, { testing: 53.08017695754898, validation: 0 })).toBe('training');
    expect(categoryOf(d, { testing: 53.08017695754899, validation: 0 })).toBe('testing');
  });
});

describe('labels', () => {
  test.each([
    ['Roses', 'roses'],
    ['with_glasses', 'with glasses'],
    ["Black-eyed Susan's (2)", 'black eyed susan s 2 '],
    ['Ärger', ' rger'],
  ])('the folder %s is called "%s"', (folder, label) => {
    expect(mangled(folder)).toBe(label);
  });

  test('two folders that come to one label are an error that names both', async () => {
    const root = await folderOf(...few('Red Rose'), ...few('red-rose'));
    const lists = readImageLists(root, tenths);
    await expect(lists).rejects.toThrow(/"Red Rose" and "red-rose".*label "red rose".*rename one/);
    await expect(lists).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('folders of photos', () => {
  test('are sorted, with JPEGs first as retrain.py finds them, and without what is no photo', async () => {
    const root = await folderOf(
      'tulip/b.JPG',
      'tulip/a.png',
      'tulip/d.jpeg',
      'tulip/c.jpg',
      'tulip/notes.txt',
      'tulip/Thumbs.db',
      'tulip/inner/x.jpg',
      'daisy/1.jpg',
      '.git/1.jpg',
      'stray.jpg',
    );
    await symlink(join(root, 'nowhere'), join(root, 'broken'));
    const { lists } = await readImageLists(root, tenths);
    expect(lists.map(({ label, folder, photos }) => [label, folder, photos.map(({ file }) => file)])).toEqual(
      [
        ['daisy', 'daisy', ['1.jpg']],
        ['tulip', 'tulip', ['c.jpg', 'd.jpeg', 'b.JPG', 'a.png']],
      ],
    );
  });

  test('keep the path as it was given, because it decides about the sets', async () => {
    const root = await folderOf(...few('a'), ...few('b'));
    for (const given of [root, `${root}/`]) {
      const { lists } = await readImageLists(given, tenths);
      expect(lists[0]!.photos[0]!.path).toBe(`${root}/a/1.jpg`);
    }
    const { lists } = await readImageLists(`${root}/.`, tenths);
    expect(lists[0]!.photos[0]!.path).toBe(`${root}/./a/1.jpg`);
  });

  test('say where there are few photos, or none', async () => {
    const many = Array.from({ length: 20 }, (_, i) => `many/${i}.jpg`);
    const root = await folderOf(...many, ...few('few'), 'none/notes.txt');
    expect((await readImageLists(root, tenths)).warnings).toEqual([
      'Folder few has less than 20 images, which may cause issues.',
      'Folder none has no photos: it is left out.',
    ]);
  });

  test.each<[what: string, paths: readonly string[], said: RegExp, code: string]>([
    ['no folder', ['a.jpg'], /No folders of images in .*at least two/, 'too-few-photos'],
    ['one folder', few('a'), /Only one folder of images in .*at least two/, 'too-few-photos'],
  ])('%s: an error that says what is needed', async (_, paths, said, code) => {
    const lists = readImageLists(await folderOf(...paths), tenths);
    await expect(lists).rejects.toThrow(said);
    await expect(lists).rejects.toMatchObject({ code });
  });

  test('that are not there: an error that names them', async () => {
    await expect(readImageLists('/nowhere/flowers', tenths)).rejects.toThrow(
      /Cannot read the image directory \/nowhere\/flowers: no such file/,
    );
  });
});
