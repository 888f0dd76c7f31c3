import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { otherKind, type PhotoFile, walkFolder, walkPhotos } from '../../src/photos/photo-files.ts';
import { refusal } from '../../src/photos/unreadable.ts';
import { temporaryFolder } from '../temporary-folder.ts';

async function folderWith(...paths: readonly string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const path of paths) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), path);
  }
  return folder;
}

async function listOf(files: AsyncIterable<PhotoFile>): Promise<PhotoFile[]> {
  const list: PhotoFile[] = [];
  for await (const file of files) list.push(file);
  return list;
}

/** Paths relative to the folder; of what could not be read, the code and the path. */
async function shown(files: AsyncIterable<PhotoFile>, folder: string): Promise<string[]> {
  return (await listOf(files)).map((file) => {
    const path = relative(folder, file.path).split(sep).join('/');
    return file.kind === 'failure' ? `${file.error.code} ${path}` : path;
  });
}

async function walk(folder: string, ...paths: readonly string[]): Promise<string[]> {
  return shown(walkPhotos(paths.map((path) => join(folder, path))), folder);
}

describe('walkFolder', () => {
  test('yields every file, folders within folders, in the order in which people number', async () => {
    const folder = await folderWith(
      'IMG_10.jpg',
      'IMG_9.jpg',
      'b/2.jpg',
      'b/10.jpg',
      'b/c/x.png',
      'notes.txt',
    );
    expect(await shown(walkFolder(folder), folder)).toEqual([
      'b/2.jpg',
      'b/10.jpg',
      'b/c/x.png',
      'IMG_9.jpg',
      'IMG_10.jpg',
      'notes.txt',
    ]);
  });

  test('leaves out what systems hide or leave behind', async () => {
    const folder = await folderWith(
      '.DS_Store',
      '._a.jpg',
      '.git/x.jpg',
      '@eaDir/a.jpg',
      'Thumbs.db',
      'desktop.ini',
      '__MACOSX/a.jpg',
      '#recycle/a.jpg',
      'a.jpg',
      'b/.hidden/a.jpg',
      'b/THUMBS.DB',
    );
    expect(await shown(walkFolder(folder), folder)).toEqual(['a.jpg']);
  });

  test('follows links to files and folders, but no link in circles', async () => {
    const elsewhere = await folderWith('far.jpg', 'deep/farther.jpg');
    const folder = await folderWith('a/near.jpg');
    await symlink(elsewhere, join(folder, 'linked'));
    await symlink(join(elsewhere, 'far.jpg'), join(folder, 'one.jpg'));
    await symlink(folder, join(folder, 'a', 'up'));
    await symlink('..', join(folder, 'a', 'parent'));
    await symlink(join(folder, 'a'), join(elsewhere, 'deep', 'back'));
    expect(await shown(walkFolder(folder), folder)).toEqual([
      'a/near.jpg',
      'linked/deep/farther.jpg',
      'linked/far.jpg',
      'one.jpg',
    ]);
  });

  test('a link to nothing and a link to itself are reported, and the walk goes on', async () => {
    const folder = await folderWith('a.jpg', 'z.jpg');
    await symlink(join(folder, 'gone.jpg'), join(folder, 'b.jpg'));
    await symlink('loop', join(folder, 'loop'));
    expect(await shown(walkFolder(folder), folder)).toEqual([
      'a.jpg',
      'not-found b.jpg',
      'not-found loop',
      'z.jpg',
    ]);
  });

  test('a folder that is not there is reported as such', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'none');
    const [only] = await listOf(walkFolder(path));
    expect(only).toMatchObject({
      path,
      error: { code: 'not-found', message: `Cannot read ${path}: no such file or directory.` },
    });
  });
});

describe('walkPhotos', () => {
  test('takes files, folders and patterns in the order given', async () => {
    const folder = await folderWith('one.jpg', 'album/2.jpg', 'album/10.jpg', 'party/a.heic', 'party/b.jpg');
    expect(await walk(folder, 'one.jpg', 'album', 'party/*.heic')).toEqual([
      'one.jpg',
      'album/2.jpg',
      'album/10.jpg',
      'party/a.heic',
    ]);
  });

  test('takes each file once, however often and by whatever name it is given', async () => {
    const folder = await folderWith('a/1.jpg', 'a/2.jpg');
    await symlink(join(folder, 'a', '1.jpg'), join(folder, 'same.jpg'));
    await symlink(join(folder, 'a'), join(folder, 'b'));
    const given = ['a/1.jpg', 'a', 'a/../a/2.jpg', 'same.jpg', 'b', 'b/*.jpg', '.', '**/*.jpg'];
    expect(await walk(folder, ...given)).toEqual(['a/1.jpg', 'a/2.jpg']);
  });

  test('passes over what is plainly no photo in folders and patterns, but takes it by name', async () => {
    const folder = await folderWith('a/notes.txt', 'a/clip.MOV', 'a/photo', 'a/photo.jpg', 'a/odd.xyz');
    expect(await walk(folder, 'a')).toEqual(['a/odd.xyz', 'a/photo', 'a/photo.jpg']);
    expect(await walk(folder, 'a/*')).toEqual(['a/odd.xyz', 'a/photo', 'a/photo.jpg']);
    expect(await walk(folder, 'a/notes.txt', 'a/clip.MOV')).toEqual(['a/notes.txt', 'a/clip.MOV']);
  });

  test('what is not there is reported, and the rest goes on', async () => {
    const folder = await folderWith('a.jpg');
    expect(await walk(folder, 'gone.jpg', 'a.jpg', '*.png')).toEqual([
      'not-found gone.jpg',
      'a.jpg',
      'not-found *.png',
    ]);
    expect(await listOf(walkPhotos([join(folder, '*.png')]))).toMatchObject([
      { error: { message: `No photo matches ${join(folder, '*.png')}.` } },
    ]);
  });

  test('a folder without photos is reported, unless its photos were taken already', async () => {
    const folder = await folderWith('a/notes.txt', 'b/c/1.jpg');
    await mkdir(join(folder, 'empty'));
    expect(await walk(folder, 'a', 'empty')).toEqual(['not-found a', 'not-found empty']);
    expect(await walk(folder, 'b/c', 'b')).toEqual(['b/c/1.jpg']);
  });

  test('a pattern that matches folders takes the photos in them, as a shell’s expansion would', async () => {
    const folder = await folderWith(
      '2019/1.jpg',
      '2020/a/1.jpg',
      '2020/.hidden/x.jpg',
      '2020/@eaDir/1.jpg',
      '.old/1.jpg',
    );
    expect(await walk(folder, '*')).toEqual(['2019/1.jpg', '2020/a/1.jpg']);
    expect(await walk(folder, '20{19,21}')).toEqual(['2019/1.jpg']);
    expect(await walk(folder, '**')).toEqual(['2019/1.jpg', '2020/a/1.jpg']);
  });

  test('a pattern reaches through links to folders, and ends where they run in circles', async () => {
    const elsewhere = await folderWith('far.jpg');
    const folder = await folderWith('a/1.jpg');
    await symlink(elsewhere, join(folder, 'linked'));
    await symlink('..', join(folder, 'a', 'up'));
    expect(await walk(folder, '**/*.jpg')).toHaveLength(2);
    expect(await walk(folder, 'link*')).toEqual(['linked/far.jpg']);
  });

  test('names that look like patterns are names where they exist', async () => {
    const folder = await folderWith(
      'photo (1).jpg',
      'photo 1.jpg',
      '[2019]/a.jpg',
      '2/b.jpg',
      'a{1,2}.jpg',
      'a1.jpg',
    );
    expect(await walk(folder, 'photo (1).jpg', '[2019]', 'a{1,2}.jpg')).toEqual([
      'photo (1).jpg',
      '[2019]/a.jpg',
      'a{1,2}.jpg',
    ]);
  });

  test('a hidden file or folder is taken when it is named', async () => {
    const folder = await folderWith('.hidden.jpg', '.album/1.jpg');
    expect(await walk(folder, '.hidden.jpg', '.album')).toEqual(['.hidden.jpg', '.album/1.jpg']);
  });

  test('paths relative to the working folder stay relative', async () => {
    const files = await listOf(walkPhotos(['node_modules/@vladmandic/face-api/demo/sample[12].jpg']));
    expect(files.map(({ path }) => path.split(sep).join('/'))).toEqual([
      'node_modules/@vladmandic/face-api/demo/sample1.jpg',
      'node_modules/@vladmandic/face-api/demo/sample2.jpg',
    ]);
  });
});

// They were passed over without a word; to read one would wait for ever.
test.skipIf(process.platform === 'win32')('pipes, sockets and devices in a folder are reported', async () => {
  const folder = await folderWith('a.jpg');
  await promisify(execFile)('mkfifo', [join(folder, 'pipe.jpg')]);
  await symlink('/dev/zero', join(folder, 'zeros.jpg'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(folder, 'socket.jpg'), resolve));
  const files = await listOf(walkFolder(folder));
  await new Promise((resolve) => server.close(resolve));
  expect(files.map((file) => (file.kind === 'failure' ? file.error.message : file.path))).toEqual([
    join(folder, 'a.jpg'),
    `${join(folder, 'pipe.jpg')} is a pipe, not a file.`,
    `${join(folder, 'socket.jpg')} is a socket, not a file.`,
    `${join(folder, 'zeros.jpg')} is a device, not a file.`,
  ]);
});

test.skipIf(process.platform !== 'linux')('a name that is not UTF-8 is reported with a hint', async () => {
  const folder = await folderWith('a.jpg');
  await writeFile(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(0xe9), Buffer.from('.jpg')]), 'x');
  const [, odd] = await listOf(walkFolder(folder));
  expect(odd).toMatchObject({
    path: join(folder, 'caf\uFFFD.jpg'),
    error: { message: expect.stringContaining('no such file or directory (is its name valid UTF-8?)') },
  });
});

test.each([
  ['EACCES', "EACCES: permission denied, open '/a, b/it's.jpg'", 'permission denied'],
  ['ENOENT', "ENOENT: no such file or directory, scandir 'C:\\photos'", 'no such file or directory'],
  ['EISDIR', 'EISDIR: illegal operation on a directory, read', 'illegal operation on a directory'],
  ['ENOTFOUND', 'getaddrinfo ENOTFOUND example.org', 'getaddrinfo ENOTFOUND example.org'],
  [undefined, 'anything else', 'anything else'],
])('the system’s words (%s) %j are shown as %j', (code, message, shownAs) => {
  expect(refusal('photo.jpg', Object.assign(new Error(message), code && { code }))).toBe(shownAs);
});

test.each([
  ['a.JPG', undefined],
  ['a.heic', undefined],
  ['a', undefined],
  ['a.jpg.txt', 'txt'],
  ['CLIP.MP4', 'mp4'],
  ['IMG_1.AAE', 'aae'],
  ['dir.mov/a', undefined],
])('the name %s says of another kind than a photo: %s', (name, kind) => {
  expect(otherKind(name)).toBe(kind);
});
