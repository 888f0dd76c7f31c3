import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { portrait, writePhoto } from '../demo-people.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { photosIn } from './json-photo.ts';
import { setUpModel, setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();
/** Knows two women of sample3.jpg and two of sample6.jpg. */
const model = setUpModel(whosin, {
  'Mona M.': ['mona', 2],
  nell: ['nell', 1],
  李小龍: ['olga', 1],
  pam: ['pam', 2],
});

describe('what may be given', () => {
  async function album(): Promise<string> {
    const folder = await temporaryFolder();
    await writePhoto(join(folder, 'a 1.jpg'), portrait('mona', 2));
    await writePhoto(join(folder, 'album', 'IMG_10.png'), portrait('pam').png());
    await writePhoto(join(folder, 'album', 'IMG_9.webp'), portrait('nell').webp());
    await writePhoto(join(folder, 'album', 'deep', 'x.avif'), portrait('olga').avif({ effort: 0 }));
    await writeFile(join(folder, 'album', 'notes.txt'), 'no photo');
    await mkdir(join(folder, 'nothing'));
    return folder;
  }

  function filesIn(stdout: string): string[] {
    return photosIn(stdout).map(({ file }) => file);
  }

  test('files, folders with everything below them, and globs, each photo once and in this order', async () => {
    const cwd = await album();
    const run = (...photos: string[]): ReturnType<typeof whosin> =>
      whosin(['identify', ...photos, '-m', model.path, '--json'], { cwd });
    const all = await run('a 1.jpg', 'album');
    expect(all.status).toBe(0);
    expect(filesIn(all.stdout)).toEqual([
      'a 1.jpg',
      'album/deep/x.avif',
      'album/IMG_9.webp',
      'album/IMG_10.png',
    ]);
    const names = photosIn(all.stdout).map(({ faces }) => faces[0]!.person);
    expect(names).toEqual(['Mona M.', '李小龍', 'nell', 'pam']);
    expect(filesIn((await run('album/**/*.{png,avif}', 'album/IMG_10.png')).stdout).toSorted()).toEqual([
      'album/IMG_10.png',
      'album/deep/x.avif',
    ]);
  });

  test('a dash: paths on standard input, one a line, mixed with others', async () => {
    const cwd = await album();
    const { status, stdout } = await whosin(
      ['identify', 'album/IMG_9.webp', '-', '-m', model.path, '--json'],
      {
        cwd,
        input: 'a 1.jpg\n\nalbum/deep\r\n',
      },
    );
    expect(status).toBe(0);
    expect(filesIn(stdout)).toEqual(['album/IMG_9.webp', 'a 1.jpg', 'album/deep/x.avif']);
  });

  test('nothing on standard input is an error with a sentence', async () => {
    const { status, stdout, stderr } = await whosin(['identify', '-', '-m', model.path]);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toBe('error: The given paths hold no photos.\n');
  });

  test('what is not there is named, and the rest is done', async () => {
    const cwd = await album();
    const photos = ['none.jpg', 'a 1.jpg', 'nothing', '*.bmp', 'album/notes.txt', 'album/IMG_10.png'];
    const { status, stdout, stderr } = await whosin(['identify', ...photos, '-m', model.path], { cwd });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^a 1\.jpg: 1 face: Mona M\.$/m);
    expect(stdout).toMatch(/^album\/IMG_10\.png: 1 face: pam$/m);
    const errors = stderr.split('\n').filter((line) => line.startsWith('error: '));
    expect(errors).toEqual([
      expect.stringContaining('none.jpg: no such file'),
      expect.stringContaining('There are no photos in nothing.'),
      expect.stringContaining('No photo matches *.bmp.'),
      expect.stringContaining('album/notes.txt is not a photo'),
    ]);
    expect(stderr).toContain('6 photos, 2 faces, 2 named, 4 could not be read');
  });

  test('a photo whose name begins with a dash, behind --', async () => {
    const folder = await temporaryFolder();
    await writePhoto(join(folder, '-rf.jpg'), portrait('nell'));
    const { status, stdout } = await whosin(['identify', '-m', model.path, '--', '-rf.jpg'], { cwd: folder });
    expect([status, stdout.split('\n')[0]]).toEqual([0, '-rf.jpg: 1 face: nell']);
  });
});
