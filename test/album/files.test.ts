import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Album } from '../../src/album/open-album.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type AlbumOf, albumOf, groupIn, namesIn, openMadeAlbum, writePeople } from './made-album.ts';

/** Some of everything that can be said. */
async function speak({ album, path }: AlbumOf): Promise<void> {
  await album.name(await groupIn(album, path('0-0')), 'Ann');
  await album.name(await groupIn(album, path('1-0')), '祖母');
  await album.correct({ kind: 'is-not', person: 'Ann', faces: [path('0-2')] });
  await album.correct({ kind: 'stranger', faces: [path('2-0')] });
  await album.correct({ kind: 'rename', person: '祖母', name: 'Grandma' });
  const [hidden] = await album.correct({ kind: 'hide', person: 'Grandma' });
  await album.undo(hidden!);
}

const standing = async (album: Album, { path }: Pick<AlbumOf, 'path'>): Promise<unknown> => ({
  people: (await album.status()).people.map(({ shown, confirmed, hidden }) => [shown, confirmed, hidden]),
  names: [
    await namesIn(album, path('0-0')),
    await namesIn(album, path('0-2')),
    await namesIn(album, path('1-1')),
  ],
  log: (await album.log({ limit: 100 })).map(({ kind, person, faces, undone }) => [
    kind,
    person,
    faces,
    undone,
  ]),
});

describe('a backup', () => {
  test('brings all that was said to an album of the same photos, and is read twice without harm', async () => {
    const first = await albumOf(4, 3);
    await speak(first);
    const file = join(first.folder, 'said.jsonl');
    expect(await first.album.backup(file)).toBe(7);
    const before = await standing(first.album, first);

    // Another computer: the same photos elsewhere.
    const folder = await temporaryFolder();
    await writePeople(folder, 4, 3);
    const album = await openMadeAlbum(folder);
    const path = (name: string): string => join(folder, 'photos', `${name}.jpg`);
    await album.add([join(folder, 'photos')]);
    // The content of made photos follows from who is in them.
    expect(await album.restore(file)).toEqual({ entries: 7, known: 0, photosMissing: 0 });
    expect(await standing(album, { path })).toEqual(before);
    expect(await album.restore(file)).toEqual({ entries: 0, known: 7, photosMissing: 0 });
    expect(await standing(album, { path })).toEqual(before);
    expect(await album.check()).toEqual([]);
  });

  test('waits for photos that come later', async () => {
    const first = await albumOf(4, 3);
    await speak(first);
    const file = join(first.folder, 'said.jsonl');
    await first.album.backup(file);
    const before = await standing(first.album, first);
    const folder = await temporaryFolder();
    const album = await openMadeAlbum(folder);
    expect(await album.restore(file)).toMatchObject({ entries: 7, photosMissing: 7 });
    expect((await album.status()).people).toEqual([]);
    await writePeople(folder, 4, 3);
    await album.add([join(folder, 'photos')]);
    const path = (name: string): string => join(folder, 'photos', `${name}.jpg`);
    expect(await standing(album, { path })).toEqual(before);
  });

  test('of two computers goes together: one name is one person', async () => {
    const one = await albumOf(3, 3);
    await one.album.name(await groupIn(one.album, one.path('0-0')), 'Ann');
    const other = await albumOf(3, 3);
    await other.album.name(await groupIn(other.album, other.path('1-0')), 'Ann');
    const file = join(other.folder, 'said.jsonl');
    await other.album.backup(file);
    await one.album.restore(file);
    expect((await one.album.status()).people).toMatchObject([{ shown: 'Ann', confirmed: 6 }]);
    await one.album.undo((await one.album.log({ limit: 1 }))[0]!.number);
    expect((await one.album.status()).people).toMatchObject([{ shown: 'Ann', confirmed: 3 }]);
  });

  test('that is damaged is refused whole', async () => {
    const { folder, album, path } = await albumOf(3, 3);
    await album.name(await groupIn(album, path('0-0')), 'Ann');
    await album.name(await groupIn(album, path('1-0')), 'Bob');
    const file = join(folder, 'said.jsonl');
    await album.backup(file);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.slice(0, -100));
    const other = await openMadeAlbum(await temporaryFolder());
    await expect(other.restore(file)).rejects.toMatchObject({ code: 'usage', path: file });
    expect(await other.log()).toEqual([]);
    await expect(other.restore(join(folder, 'none.jsonl'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('to forget', () => {
  test('takes photos out; what was said waits for them to come back', async () => {
    const { folder, album, path } = await albumOf(3, 3);
    await album.name(await groupIn(album, path('0-0')), 'Ann');
    expect(await album.forget([path('0-0'), path('1-0')])).toEqual({ files: 2, photos: 2, faces: 2 });
    expect(await album.status()).toMatchObject({ photos: 7, faces: 7, confirmed: 2 });
    await expect(album.forget([join(folder, 'elsewhere')])).rejects.toMatchObject({ code: 'not-found' });
    await album.add([join(folder, 'photos')]);
    expect(await namesIn(album, path('0-0'))).toEqual(['Ann']);
    expect(await album.forget([join(folder, 'photos')])).toMatchObject({ files: 9, photos: 9 });
    expect(await album.status()).toMatchObject({ photos: 0, faces: 0, people: [] });
    expect(await album.check()).toEqual([]);
  });

  test('what was said too leaves nothing of it in the file, not even a name', async () => {
    const { folder, album, path } = await albumOf(2, 3);
    await album.name(await groupIn(album, path('0-0')), 'Confidential Name');
    await album.correct({ kind: 'rename', person: 'Confidential Name', name: 'Confidential Other' });
    await album.forget([path('0-0'), path('0-1'), path('0-2')], { said: true });
    expect(await album.log()).toEqual([]);
    await album.close();
    const file = await readFile(join(folder, '.home', 'album.db'));
    expect(file.includes('Confidential')).toBe(false);
    expect(file.includes(path('0-0'))).toBe(false);
    expect(file.includes('1-0.jpg')).toBe(true);
  });

  test('all that is gone, and nothing else', async () => {
    const { folder, album, path } = await albumOf(2, 3);
    const { rm } = await import('node:fs/promises');
    await rm(path('0-0'));
    await album.add([join(folder, 'photos')]);
    expect(await album.forget('gone')).toEqual({ files: 1, photos: 1, faces: 1 });
    expect(await album.forget('gone')).toEqual({ files: 0, photos: 0, faces: 0 });
    expect(await album.status()).toMatchObject({ photos: 5 });
  });
});

test('everything that follows from photos and words can be dropped and made again', async () => {
  const all = await albumOf(5, 4);
  await speak(all);
  const before = await standing(all.album, all);
  await all.album.rebuild();
  expect(await standing(all.album, all)).toEqual(before);
});
