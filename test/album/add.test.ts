import { spawnSync } from 'node:child_process';
import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Album } from '../../src/album/open-album.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { groupIn, namesIn, openMadeAlbum, writeMadePhoto, writePeople } from './made-album.ts';

/** An album of four people with three photos each, and what was read for it. */
async function familyAlbum(): Promise<{
  readonly folder: string;
  readonly photos: string;
  readonly album: Album;
  readonly read: string[];
}> {
  const folder = await temporaryFolder();
  const photos = join(folder, 'photos');
  await writePeople(folder, 4, 3);
  const read: string[] = [];
  const album = await openMadeAlbum(folder, { onRead: (path) => read.push(path) });
  await album.add([photos]);
  expect(read.splice(0)).toHaveLength(12);
  return { folder, photos, album, read };
}

const nothingNew = {
  photos: 0,
  faces: 0,
  known: 0,
  gone: 0,
  named: 0,
  withdrawn: 0,
  unread: [],
  failed: [],
};

describe('photos that were added before', () => {
  test('cost nothing where nothing has changed', async () => {
    const { photos, album, read } = await familyAlbum();
    expect(await album.add([photos])).toEqual({ files: 12, unchanged: 12, ...nothingNew });
    expect(read).toEqual([]);
  });

  test('are known by what they hold where they were moved, renamed or copied: names stay, nothing is read', async () => {
    const { folder, photos, album, read } = await familyAlbum();
    await album.name(await groupIn(album, join(photos, '1-0.jpg')), 'Ann');
    // A folder that is moved is known by the state of its files: not even their content is looked at.
    const moved = join(folder, 'moved');
    await rename(photos, moved);
    expect(await album.add([folder])).toEqual({
      files: 12,
      unchanged: 0,
      ...nothingNew,
      known: 12,
      gone: 12,
    });
    await rename(join(moved, '1-0.jpg'), join(moved, 'birthday.jpg'));
    await copyFile(join(moved, '1-1.jpg'), join(moved, 'copy.jpg'));
    expect(await album.add([moved])).toEqual({ files: 13, unchanged: 11, ...nothingNew, known: 2, gone: 1 });
    expect(read).toEqual([]);
    expect(await namesIn(album, join(moved, 'birthday.jpg'))).toEqual(['Ann']);
    expect(await namesIn(album, join(moved, 'copy.jpg'))).toEqual(['Ann']);
    expect(await album.status()).toMatchObject({ photos: 12, faces: 12, files: { gone: 13 } });
    // A photo in two files is found once.
    expect((await album.find('Ann')).photos).toHaveLength(3);
  });

  test('that are gone are remembered, and cost nothing when they come back', async () => {
    const { folder, photos, album, read } = await familyAlbum();
    await album.name(await groupIn(album, join(photos, '1-0.jpg')), 'Ann');
    const away = join(folder, 'away.jpg');
    await rename(join(photos, '1-0.jpg'), away);
    expect(await album.add([photos])).toMatchObject({ gone: 1 });
    expect((await album.find('Ann')).total).toBe(2);
    expect((await album.status()).people).toMatchObject([{ shown: 'Ann', confirmed: 3 }]);
    await rename(away, join(photos, '1-0.jpg'));
    expect(await album.add([photos])).toMatchObject({ unchanged: 12, known: 0, gone: 0 });
    expect((await album.find('Ann')).total).toBe(3);
    expect(read).toEqual([]);
  });

  test('that changed between two looks are read again, even where their size and time are the same', async () => {
    const { photos, album, read } = await familyAlbum();
    const path = join(photos, '0-0.jpg');
    const before = await stat(path);
    await writeMadePhoto(path, [{ who: 3, take: 7 }]);
    await utimes(path, before.atime, before.mtime);
    expect((await stat(path)).size).toBe(before.size);
    expect(await album.add([photos])).toMatchObject({ photos: 1, unchanged: 11 });
    expect(read).toEqual([path]);
    expect(await groupIn(album, path)).toBe(await groupIn(album, join(photos, '3-0.jpg')));
  });
});

/** Whom permissions do not stop. */
const isRoot = process.getuid?.() === 0;

describe('folders', () => {
  test('that vanish or cannot be read lose nothing', async () => {
    const { folder, photos, album, read } = await familyAlbum();
    const card = join(folder, 'card');
    await rename(photos, card);
    // Not there, as a card that was pulled out: nothing is known about what was on it.
    const gone = await album.add([photos]);
    expect(gone).toMatchObject({
      files: 0,
      gone: 0,
      failed: [{ path: photos, error: { code: 'not-found' } }],
    });
    expect(await album.status()).toMatchObject({ photos: 12, files: { gone: 0 } });
    await rename(card, photos);

    expect(await album.add([photos])).toMatchObject({ unchanged: 12 });
    // A folder that was really deleted is gone: the one above it was looked at.
    await rm(photos, { recursive: true });
    expect(await album.add([folder])).toMatchObject({ gone: 12 });
    expect(read).toEqual([]);
  });

  test.skipIf(isRoot)('that may not be read lose nothing either', async () => {
    const { folder, photos, album } = await familyAlbum();
    await chmod(photos, 0);
    const added = await album.add([folder]);
    await chmod(photos, 0o755);
    expect(added).toMatchObject({ gone: 0, failed: [{ path: photos, error: { code: 'not-found' } }] });
    expect(await album.add([photos])).toMatchObject({ unchanged: 12 });
  });

  test('in folders are looked through, links that come back are not followed for ever', async () => {
    const { folder, photos, album } = await familyAlbum();
    await mkdir(join(photos, 'deep', 'er'), { recursive: true });
    await writeMadePhoto(join(photos, 'deep', 'er', 'x.jpg'), [{ who: 1, take: 9 }]);
    await symlink(folder, join(photos, 'deep', 'again'));
    expect(await album.add([photos])).toMatchObject({ photos: 1 });
  });
});

describe('bad photos', () => {
  test('are kept with their reason, are not tried again in vain, and stop nothing', async () => {
    const { photos, album, read } = await familyAlbum();
    await writeFile(join(photos, 'broken.jpg'), 'no photo');
    await writeFile(join(photos, 'notes.txt'), 'passed over');
    await symlink(join(photos, 'nowhere.jpg'), join(photos, 'link.jpg'));
    await writeMadePhoto(join(photos, 'new.jpg'), [{ who: 0, take: 5 }]);
    const added = await album.add([photos]);
    expect(added).toMatchObject({ photos: 1, faces: 1 });
    expect(Object.fromEntries(added.failed.map(({ path, error }) => [path, error.code]))).toEqual({
      [join(photos, 'broken.jpg')]: 'not-a-photo',
      [join(photos, 'link.jpg')]: 'not-found',
    });
    read.length = 0;
    const again = await album.add([photos]);
    expect(read).toEqual([]);
    expect(again.failed.map(({ path }) => path)).toEqual([join(photos, 'link.jpg')]);
    expect((await album.status()).files).toEqual({ pending: 0, gone: 0, failed: 2 });
    // Mended, it is read.
    await writeMadePhoto(join(photos, 'broken.jpg'), [{ who: 2, take: 5 }]);
    expect(await album.add([photos])).toMatchObject({ photos: 1 });
    await unlink(join(photos, 'link.jpg'));
    await album.add([photos]);
    expect((await album.status()).files).toEqual({ pending: 0, gone: 1, failed: 0 });
  });
});

test('a run that is stopped keeps what it has read, and the next one goes on', async () => {
  const folder = await temporaryFolder();
  await writePeople(folder, 30, 6);
  const controller = new AbortController();
  const read: string[] = [];
  const album = await openMadeAlbum(folder, {
    onRead(path) {
      read.push(path);
      if (read.length === 100) controller.abort();
    },
  });
  const photos = join(folder, 'photos');
  await expect(album.add([photos], { signal: controller.signal })).rejects.toMatchObject({
    code: 'cancelled',
    exitStatus: 130,
  });
  const { photos: kept, files } = await album.status();
  expect(kept).toBeGreaterThanOrEqual(100);
  expect(files.pending).toBe(180 - kept);
  await album.add([photos]);
  // Nothing was read twice.
  expect(read.toSorted()).toEqual([...new Set(read)].toSorted());
  expect(await album.status()).toMatchObject({ photos: 180, files: { pending: 0 } });
});

test('two that add the same folder at once come to the same album as one', async () => {
  const folder = await temporaryFolder();
  await writePeople(folder, 10, 5);
  const photos = join(folder, 'photos');
  const read: string[] = [];
  const onRead = (path: string): void => void read.push(path);
  const one = await openMadeAlbum(folder, { onRead });
  const other = await openMadeAlbum(folder, { onRead });
  const both = await Promise.all([one.add([photos]), other.add([photos])]);
  expect(both.flatMap(({ failed }) => failed)).toEqual([]);
  // Whoever was done first used to read once more what the other one had under way.
  expect(new Set(read).size).toBe(read.length);
  expect(await one.status()).toMatchObject({ photos: 50, faces: 50, files: { pending: 0 } });
  const { groups } = await one.groups({ limit: 100, least: 1 });
  expect(groups.map(({ faces }) => faces)).toEqual(Array(10).fill(5));
  expect(await other.check()).toEqual([]);
});

test('files that somebody took who was killed are read at once', async () => {
  const folder = await temporaryFolder();
  await writePeople(folder, 2, 2);
  const album = await openMadeAlbum(folder);
  const names = await readdir(join(folder, 'photos'));
  const ended = spawnSync(process.execPath, ['--version']).pid;
  await album.catalog.write(async ({ paths, waiting }) => {
    await paths.await(
      join(folder, 'photos'),
      names.map((name) => ({ name, state: null })),
    );
    const now = Date.now() + 3_600_000;
    await waiting.take({ limit: 9, claimer: `${hostname()}/${ended}/1`, now, free: 0 });
  });
  expect(await album.add([join(folder, 'photos')])).toMatchObject({ photos: 4 });
});

test('progress goes up to the end, stage by stage', async () => {
  const folder = await temporaryFolder();
  await writePeople(folder, 5, 20);
  const album = await openMadeAlbum(folder);
  const seen: [string, number, number][] = [];
  await album.add([join(folder, 'photos')], { onProgress: (...now) => seen.push(now) });
  expect([...new Set(seen.map(([stage]) => stage))]).toEqual(['look', 'read', 'group']);
  const reading = seen.filter(([stage]) => stage === 'read');
  expect(reading.at(-1)).toEqual(['read', 100, 100]);
  expect(reading.map(([, done]) => done)).toEqual(reading.map(([, done]) => done).toSorted((a, b) => a - b));
});
