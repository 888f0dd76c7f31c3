import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { groupingOf } from '../../src/album/facts/grouping.ts';
import type { Album } from '../../src/album/open-album.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import {
  type AlbumOf,
  albumOf,
  groupIn,
  type MadeFace,
  namesIn,
  openMadeAlbum,
  writeMadePhoto,
} from './made-album.ts';

/** Twelve people with ten photos each, in an album that counts as a large one. */
const largeAlbum = (): Promise<AlbumOf> => albumOf(12, 10, { wholeUpTo: 0 });

/** New faces that came into groups since all faces were grouped. */
async function grown({ catalog }: Album): Promise<number> {
  return (await catalog.read(groupingOf))!.grown;
}

async function addPhoto({ folder, album, path }: AlbumOf, name: string, faces: MadeFace[]): Promise<string> {
  await writeMadePhoto(path(name), faces, name);
  await album.add([join(folder, 'photos')]);
  return path(name);
}

/** The group of each face, from the left; null: none. */
async function groupsIn({ catalog }: Album, path: string): Promise<(number | null)[]> {
  return catalog.read(async ({ paths, faces, answers }) => {
    const [row] = await paths.find([path]);
    const found = await faces.ofPhotos([row!.photo!]);
    const grp = new Map((await answers.inPhotos([row!.photo!])).map((own) => [own.face, own.grp]));
    return found.toSorted((a, b) => a.box.left - b.box.left).map(({ id }) => grp.get(id)!);
  });
}

/** Which faces are together, whatever the numbers of their groups; faces by the photos' content and their places. */
async function partition({ catalog }: Album): Promise<string[]> {
  return catalog.read(async ({ photos, faces, answers }) => {
    const hashes = new Map((await photos.all()).map(({ id, sha256 }) => [id, sha256]));
    const groups = new Map<number | null, string[]>();
    for await (const part of answers.each()) {
      const rows = new Map((await faces.byIds(part.map(({ face }) => face))).map((row) => [row.id, row]));
      for (const { face, photo, grp } of part) {
        const own = groups.get(grp) ?? [];
        groups.set(grp, own);
        own.push(`${hashes.get(photo)!.slice(0, 8)} ${rows.get(face)!.box.left}`);
      }
    }
    return [...groups.values()].map((own) => own.toSorted().join(', ')).toSorted();
  });
}

describe('a photo more in a large album', () => {
  test('joins the groups that stand, which keep their numbers and their faces; whoever is new founds one', async () => {
    const large = await largeAlbum();
    const { album, path } = large;
    const before = await partition(album);
    const [three, seven] = [await groupIn(album, path('3-0')), await groupIn(album, path('7-0'))];
    const photo = await addPhoto(large, 'new', [
      { who: 7, take: 90 },
      { who: 3, take: 91 },
      { who: 20, take: 0 },
    ]);
    expect(await grown(album)).toBe(3);
    const groups = await groupsIn(album, photo);
    expect(groups.slice(0, 2)).toEqual([seven, three]);
    const other = await addPhoto(large, 'newer', [{ who: 20, take: 1 }]);
    expect(await groupsIn(album, other)).toEqual([groups[2]]);
    expect(await grown(album)).toBe(4);
    // Nobody else has moved.
    await rm(photo);
    await rm(other);
    await album.forget([photo, other]);
    expect(await partition(album)).toEqual(before);
  });

  test('ends where grouping all faces ends, and that is due when a twentieth is new', async () => {
    const large = await largeAlbum();
    const { folder, album } = large;
    for (let i = 0; i < 3; i++) {
      await addPhoto(large, `new-${i}`, [
        { who: i, take: 50 },
        { who: 30 + (i >> 1), take: i },
      ]);
    }
    expect(await grown(album)).toBe(6);
    const other = await openMadeAlbum(await temporaryFolder());
    await other.add([join(folder, 'photos')]);
    expect(await partition(album)).toEqual(await partition(other));
    await addPhoto(large, 'last', [{ who: 4, take: 50 }]);
    expect(await grown(album)).toBe(0);
    await other.add([join(folder, 'photos')]);
    expect(await partition(album)).toEqual(await partition(other));
  });

  test('is bound by what was said of its faces before they came', async () => {
    const large = await largeAlbum();
    const { album, path } = large;
    await album.name(await groupIn(album, path('5-0')), 'Ann');
    await album.correct({ kind: 'is-not', person: 'Ann', faces: [path('5-1')] });
    await album.correct({ kind: 'is', person: 'Bob', faces: [path('5-2')] });
    // The words wait for the photos to come back.
    for (const name of ['5-1', '5-2']) {
      await rm(path(name));
      await album.forget([path(name)]);
      await addPhoto(large, name, [{ who: 5, take: Number(name.at(-1)) }]);
    }
    expect(await grown(album)).toBe(2);
    const ann = await groupIn(album, path('5-0'));
    expect(await groupIn(album, path('5-1'))).not.toBe(ann);
    expect(await groupIn(album, path('5-2'))).not.toBe(ann);
    expect(await namesIn(album, path('5-1'))).not.toEqual(['Ann']);
    expect(await namesIn(album, path('5-2'))).toEqual(['Bob']);
    // Who belongs together is decided among all faces.
    await album.correct({ kind: 'different', faces: [path('6-1'), path('6-2')] });
    await rm(path('6-1'));
    await album.forget([path('6-1')]);
    await addPhoto(large, '6-1', [{ who: 6, take: 1 }]);
    expect(await grown(album)).toBe(0);
    expect(await groupIn(album, path('6-1'))).not.toBe(await groupIn(album, path('6-2')));
  });

  test('has nobody twice, unless it was called a collage', async () => {
    const large = await largeAlbum();
    const { album } = large;
    const twice = (take: number): MadeFace[] => [0, 1].map((i) => ({ who: 2, take: take + i }));
    const [first, second] = await groupsIn(album, await addPhoto(large, 'twice', twice(70)));
    expect(second).not.toBe(first);
    const mirror = await addPhoto(large, 'mirror', twice(80));
    await album.correct({ kind: 'collage', photos: [mirror] });
    await rm(mirror);
    await album.forget([mirror]);
    await addPhoto(large, 'mirror', twice(80));
    expect(await groupsIn(album, mirror)).toEqual([first, first]);
    expect(await grown(album)).toBe(6);
  });
});

test('a face that is too unclear founds no group, and is not compared with all others again each time', async () => {
  for (const wholeUpTo of [0, 5000]) {
    const made = await albumOf(12, 4, { wholeUpTo });
    const photo = await addPhoto(made, 'unclear', [{ who: 20, take: 0, quality: 0.1 }]);
    expect(await groupsIn(made.album, photo)).toEqual([null]);
    const stages: string[] = [];
    await made.album.add([join(made.folder, 'photos')], { onProgress: (stage) => stages.push(stage) });
    expect(stages).not.toContain('group');
  }
});

test('a face that was called none when all were grouped gets a group when that is taken back', async () => {
  const { folder, album, path } = await albumOf(4, 3);
  await album.correct({ kind: 'not-a-face', faces: [path('0-0')] });
  await album.rebuild();
  expect(await groupsIn(album, path('0-0'))).toEqual([null]);
  await album.undo();
  await album.add([join(folder, 'photos')]);
  expect(await groupsIn(album, path('0-0'))).toEqual([await groupIn(album, path('0-1'))]);
});
