import { rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Album } from '../../src/album/open-album.ts';
import { bag, description, mwgElements, packet } from '../photos/regions/xmp-text.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { groupIn, namesIn, openMadeAlbum, placeOf, writePairs } from './made-album.ts';

/** A sidecar that names faces of a photo by their number from the left, 20 % larger than they were found. */
async function writeNames(photo: string, names: readonly (string | null)[], type = 'Face'): Promise<void> {
  const areas = names.flatMap((name, i) => {
    if (name === null) return [];
    const { left, top, width, height } = placeOf(i);
    return [{ name, type, x: left + width / 2, y: top + height / 2, w: width * 1.2, h: height * 1.2 }];
  });
  await writeFile(`${photo}.xmp`, packet(description(mwgElements(areas))));
}

/** Two photos of persons 0 and 1; each of these faces is unlike the others of the album. */
async function madeAlbum(): Promise<{
  readonly album: Album;
  readonly folder: string;
  readonly photos: readonly string[];
}> {
  const folder = await temporaryFolder();
  const photos = await writePairs(join(folder, 'photos'));
  return { album: await openMadeAlbum(folder), folder: join(folder, 'photos'), photos };
}

describe('names that files carry', () => {
  test('are people at once, and are read once', async () => {
    const { album, folder, photos } = await madeAlbum();
    await writeNames(photos[0]!, ['Ann', 'Bob']);
    expect(await album.add([folder])).toMatchObject({ photos: 2, named: 2, withdrawn: 0, unread: [] });
    expect(await namesIn(album, photos[0]!)).toEqual(['Ann', 'Bob']);
    // Their likes in the other photo follow.
    expect(await namesIn(album, photos[1]!)).toEqual(['Ann', 'Bob']);
    const [entry] = await album.log({ limit: 1 });
    expect(entry).toMatchObject({ source: 'xmp', kind: 'is', faces: 1 });
    expect(await album.add([folder])).toMatchObject({ named: 0, withdrawn: 0 });
    expect((await album.log()).length).toBe(2);
  });

  test('a sidecar that comes later, or of a photo that is named alone, is seen', async () => {
    const { album, folder, photos } = await madeAlbum();
    await album.add([folder]);
    await writeNames(photos[1]!, [null, 'Bob']);
    expect(await album.add([photos[1]!])).toMatchObject({ photos: 0, named: 1 });
    expect(await namesIn(album, photos[1]!)).toEqual([null, 'Bob']);
  });

  test('a name that changes in the file changes; one that is gone is gone', async () => {
    const { album, folder, photos } = await madeAlbum();
    await writeNames(photos[0]!, ['Ann', 'Bob']);
    await album.add([folder]);
    await writeNames(photos[0]!, ['Anna', 'Bob']);
    expect(await album.add([folder])).toMatchObject({ named: 1, withdrawn: 1 });
    expect(await namesIn(album, photos[0]!)).toEqual(['Anna', 'Bob']);
    await rm(`${photos[0]!}.xmp`);
    expect(await album.add([folder])).toMatchObject({ named: 0, withdrawn: 2 });
    expect(await namesIn(album, photos[0]!)).toEqual([null, null]);
  });

  test('what cannot be understood takes no name away', async () => {
    const { album, folder, photos } = await madeAlbum();
    await writeNames(photos[0]!, ['Ann', 'Bob']);
    await album.add([folder]);
    await writeFile(`${photos[0]!}.xmp`, '<x:xmpmeta');
    const added = await album.add([folder]);
    expect(added).toMatchObject({ named: 0, withdrawn: 0, unread: [{ file: `${photos[0]!}.xmp` }] });
    expect(await namesIn(album, photos[0]!)).toEqual(['Ann', 'Bob']);
  });

  test("a person's own answer goes before them, whichever came first", async () => {
    const { album, folder, photos } = await madeAlbum();
    await album.add([folder]);
    await album.correct({ kind: 'is', person: 'Cem', faces: [`${photos[0]!}#1`] });
    await writeNames(photos[0]!, ['Ann', 'Bob']);
    await album.add([folder]);
    expect(await namesIn(album, photos[0]!)).toEqual(['Cem', 'Bob']);
    await album.correct({ kind: 'not-a-face', faces: [`${photos[0]!}#2`] });
    expect(await namesIn(album, photos[0]!)).toEqual(['Cem', null]);
  });

  test('are taken back as one, and stay so while the files say the same', async () => {
    const { album, folder, photos } = await madeAlbum();
    await writeNames(photos[0]!, ['Ann', 'Bob']);
    await album.add([folder]);
    await album.correct({ kind: 'is', person: 'Cem', faces: [`${photos[1]!}#1`] });
    expect((await album.undoNamesFromFiles()).length).toBe(2);
    expect((await namesIn(album, photos[0]!))[1]).toBe(null);
    expect((await namesIn(album, photos[1]!))[0]).toBe('Cem');
    await utimes(`${photos[0]!}.xmp`, 1, 1);
    expect(await album.add([folder])).toMatchObject({ named: 0, withdrawn: 0 });
  });

  test('a face that nobody found is one that somebody drew; pets and points of focus are none', async () => {
    const { album, folder, photos } = await madeAlbum();
    await writeNames(photos[0]!, [null, null, null, 'Dana']);
    await writeNames(photos[1]!, ['Rex'], 'Pet');
    await album.add([folder]);
    expect(await namesIn(album, photos[0]!)).toEqual([null, null, 'Dana']);
    expect(await namesIn(album, photos[1]!)).toEqual([null, null]);
    expect((await album.status()).people.map(({ shown }) => shown)).toEqual(['Dana']);
  });

  test('a name of which nothing can be seen names nobody, around a face or a person', async () => {
    const { album, folder, photos } = await madeAlbum();
    await writeNames(photos[0]!, ['\u200b']);
    await writeNames(photos[1]!, ['\u200b'], 'Person');
    expect(await album.add([folder])).toMatchObject({ named: 0 });
    expect((await album.status()).people).toEqual([]);
  });

  test("a folder's list of Picasa counts for each of its photos", async () => {
    const { album, folder } = await madeAlbum();
    const { left, top, width, height } = placeOf(0);
    const sides = [left, top, left + width, top + height];
    const digits = sides.map((side) =>
      Math.round(side * 0xffff)
        .toString(16)
        .padStart(4, '0'),
    );
    const entry = (photo: string, contact: string): string =>
      `[${photo}]\nfaces=rect64(${digits.join('')}),${contact}\n`;
    const contacts = '[Contacts2]\n1=Ann;;\n2=Bob;;\n';
    await writeFile(join(folder, '.picasa.ini'), contacts + entry('0.jpg', '1') + entry('1.jpg', '2'));
    expect(await album.add([folder])).toMatchObject({ named: 2, unread: [] });
    expect((await album.status()).people.map(({ shown }) => shown).toSorted()).toEqual(['Ann', 'Bob']);
  });

  test('somebody who was renamed here is still who the files mean', async () => {
    const { album, folder, photos } = await madeAlbum();
    await writeNames(photos[0]!, ['Ann']);
    await album.add([folder]);
    await album.correct({ kind: 'rename', person: 'Ann', name: 'Ann Lee' });
    await writeNames(photos[1]!, ['Ann']);
    await album.add([folder]);
    expect((await namesIn(album, photos[1]!))[0]).toBe('Ann Lee');
    expect((await album.status()).people.map(({ shown }) => shown)).toEqual(['Ann Lee']);
  });

  test('names without a place name nobody', async () => {
    const { album, folder, photos } = await madeAlbum();
    await writeFile(`${photos[0]!}.xmp`, packet(description(bag('Iptc4xmpExt:PersonInImage', ['Ann']))));
    expect(await album.add([folder])).toMatchObject({ named: 0 });
    expect(await groupIn(album, photos[0]!)).toBeGreaterThan(0);
  });
});
