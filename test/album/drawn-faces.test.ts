/** Faces that a person draws, boxes that a person corrects, and the face that shows a person in lists. */

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Album } from '../../src/album/open-album.ts';
import type { Box } from '../../src/core/geometry.ts';
import { albumOf, openMadeAlbum } from './made-album.ts';

const corner: Box<'ratio'> = { left: 0.7, top: 0.6, width: 0.2, height: 0.25 };

async function facesIn(album: Album, path: string) {
  const { photos } = await album.find('');
  const { sha256 } = photos.find((photo) => photo.path === path)!;
  return (await album.photo(sha256)).faces;
}

/** The state, the person and the box of each face, from the left. */
async function placesIn(album: Album, path: string): Promise<unknown[]> {
  return (await facesIn(album, path)).map(({ state, person, box }) => [state, person, rounded(box)]);
}

function rounded({ left, top, width, height }: Box<'ratio'>): number[] {
  return [left, top, width, height].map((value) => Number(value.toFixed(3)));
}

const first = [0.05, 0.1, 0.12, 0.15];

describe('a face that was missed', () => {
  test('is drawn and named at once, is found, and is gone with undo and back with the undo of that', async () => {
    const { album, path } = await albumOf(1, 1);
    const said = await album.correct({ kind: 'draw', photo: path('0-0'), box: corner, person: 'Ann' });
    const drawn = ['confirmed', 'Ann', [0.7, 0.6, 0.2, 0.25]];
    expect(await placesIn(album, path('0-0'))).toEqual([['unnamed', null, first], drawn]);
    expect((await album.find('Ann')).total).toBe(1);
    expect((await album.find('at least 2 faces')).total).toBe(1);

    const undone = await album.undo(...said);
    expect(await placesIn(album, path('0-0'))).toEqual([['unnamed', null, first]]);
    expect((await album.find('at least 2 faces')).total).toBe(0);
    expect((await album.people()).people).toEqual([]);
    expect((await album.status()).faces).toBe(1);
    const [entry] = await album.log({ limit: 1 });
    expect([entry!.kind, entry!.undoes]).toEqual(['undo', undone[0]]);
    await album.undo(entry!.number);
    expect(await placesIn(album, path('0-0'))).toEqual([['unnamed', null, first], drawn]);
  });

  test('stays where it was drawn after a rebuild and after another model has read the photo', async () => {
    const { folder, album, path } = await albumOf(1, 1);
    await album.correct({ kind: 'draw', photo: path('0-0'), box: corner, person: 'Ann' });
    await album.rebuild();
    const drawn = ['confirmed', 'Ann', [0.7, 0.6, 0.2, 0.25]];
    expect((await placesIn(album, path('0-0')))[1]).toEqual(drawn);
    await album.close();
    const later = await openMadeAlbum(folder, { version: 2 });
    await later.add([join(folder, 'photos')]);
    expect(await placesIn(later, path('0-0'))).toEqual([['unnamed', null, [0.06, 0.11, 0.12, 0.15]], drawn]);
  });

  test('is restored into another album of the same photos', async () => {
    const one = await albumOf(1, 1);
    await one.album.correct({ kind: 'draw', photo: one.path('0-0'), box: corner, person: 'Ann' });
    const backup = join(one.folder, 'said.jsonl');
    await one.album.backup(backup);
    const two = await albumOf(1, 1);
    await two.album.restore(backup);
    expect((await placesIn(two.album, two.path('0-0')))[1]).toEqual([
      'confirmed',
      'Ann',
      [0.7, 0.6, 0.2, 0.25],
    ]);
  });

  test('where a face is already gives that face the name and the box, and is no second face', async () => {
    const { album, path } = await albumOf(1, 1);
    const box = { left: 0.06, top: 0.11, width: 0.12, height: 0.15 };
    const said = await album.correct({ kind: 'draw', photo: path('0-0'), box, person: 'Ann' });
    expect(await placesIn(album, path('0-0'))).toEqual([['confirmed', 'Ann', [0.06, 0.11, 0.12, 0.15]]]);
    await album.undo(...said);
    expect(await placesIn(album, path('0-0'))).toEqual([['unnamed', null, first]]);
  });

  test('is cut off at the edge of the photo; a box outside of it is refused, and nothing is said', async () => {
    const { album, path } = await albumOf(1, 1);
    const over = { left: 0.9, top: 0.9, width: 0.3, height: 0.3 };
    await album.correct({ kind: 'draw', photo: path('0-0'), box: over, person: 'Ann' });
    expect((await placesIn(album, path('0-0')))[1]).toEqual(['confirmed', 'Ann', [0.9, 0.9, 0.1, 0.1]]);
    for (const box of [
      { ...over, left: 1.2 },
      { ...over, width: 0 },
      { ...over, top: Number.NaN },
    ]) {
      const refused = album.correct({ kind: 'draw', photo: path('0-0'), box, person: 'Bob' });
      await expect(refused).rejects.toMatchObject({ code: 'usage' });
    }
    await expect(
      album.correct({ kind: 'draw', photo: 'nowhere.jpg', box: corner, person: 'Bob' }),
    ).rejects.toMatchObject({ code: 'not-found' });
    expect(await album.log()).toHaveLength(1);
  });
});

describe('a box that was corrected', () => {
  const wide: Box<'ratio'> = { left: 0.3, top: 0.3, width: 0.3, height: 0.4 };

  test('is the place of the face from then on, even far away, and not after an undo', async () => {
    const { album, path } = await albumOf(1, 2);
    const [face] = await facesIn(album, path('0-0'));
    const said = await album.correct({ kind: 'box', face: face!.key, box: wide });
    const [moved] = await facesIn(album, path('0-0'));
    expect(rounded(moved!.box)).toEqual([0.3, 0.3, 0.3, 0.4]);
    expect(moved!.group).toBe(face!.group);
    // The face is named by the place that is shown.
    await album.correct({ kind: 'is', person: 'Ann', faces: [moved!.key] });
    expect(await placesIn(album, path('0-0'))).toEqual([['confirmed', 'Ann', [0.3, 0.3, 0.3, 0.4]]]);
    expect((await album.log())[1]).toMatchObject({ kind: 'box', faces: 1, photos: 1 });
    await album.undo(...said);
    expect(await placesIn(album, path('0-0'))).toEqual([['confirmed', 'Ann', first]]);
  });

  test('stays after a rebuild, another model, and in another album', async () => {
    const { folder, album, path } = await albumOf(1, 1);
    const [face] = await facesIn(album, path('0-0'));
    await album.correct({ kind: 'box', face: face!.key, box: wide });
    await album.correct({ kind: 'is', person: 'Ann', faces: [path('0-0')] });
    const expected = [['confirmed', 'Ann', [0.3, 0.3, 0.3, 0.4]]];
    await album.rebuild();
    expect(await placesIn(album, path('0-0'))).toEqual(expected);
    const backup = join(folder, 'said.jsonl');
    await album.backup(backup);
    await album.close();
    const later = await openMadeAlbum(folder, { version: 2 });
    await later.add([join(folder, 'photos')]);
    expect(await placesIn(later, path('0-0'))).toEqual(expected);
    const other = await albumOf(1, 1);
    await other.album.restore(backup);
    expect(await placesIn(other.album, other.path('0-0'))).toEqual(expected);
  });

  test('of a drawn face moves it; the last correction counts', async () => {
    const { album, path } = await albumOf(1, 1);
    await album.correct({ kind: 'draw', photo: path('0-0'), box: corner, person: 'Ann' });
    for (const left of [0.6, 0.5]) {
      const drawn = (await facesIn(album, path('0-0'))).find(({ person }) => person === 'Ann')!;
      await album.correct({ kind: 'box', face: drawn.key, box: { ...corner, left } });
    }
    expect((await placesIn(album, path('0-0')))[1]).toEqual(['confirmed', 'Ann', [0.5, 0.6, 0.2, 0.25]]);
  });
});

describe('the face that shows a person', () => {
  test('is the one that was chosen, until that is taken back or the face is somebody else', async () => {
    const { album, path } = await albumOf(1, 3);
    await album.correct({ kind: 'is', person: 'Ann', faces: ['0-0', '0-1', '0-2'].map(path) });
    const cover = async (): Promise<string | null> => (await album.people()).people[0]!.cover!.path;
    const before = await cover();
    const chosen = [path('0-1'), path('0-2')].find((one) => one !== before)!;
    const said = await album.correct({ kind: 'cover', person: 'Ann', face: chosen });
    expect(await cover()).toBe(chosen);
    await album.undo(...said);
    expect(await cover()).toBe(before);

    await album.correct({ kind: 'cover', person: 'Ann', face: chosen });
    await album.correct({ kind: 'merge', person: 'Ann', into: await bob(album, path) });
    expect((await album.people()).people[0]).toMatchObject({ person: 'Bob' });
    expect(await cover()).toBe(chosen);
    await album.correct({ kind: 'is', person: 'Cleo', faces: [chosen] });
    expect(await cover()).not.toBe(chosen);
  });

  async function bob(album: Album, path: (name: string) => string): Promise<string> {
    await album.correct({ kind: 'draw', photo: path('0-0'), box: corner, person: 'Bob' });
    return 'Bob';
  }

  test('has to be a face of the person', async () => {
    const { album, path } = await albumOf(1, 2);
    await album.correct({ kind: 'is', person: 'Ann', faces: [path('0-0')] });
    await album.correct({ kind: 'is', person: 'Bob', faces: [path('0-1')] });
    await expect(album.correct({ kind: 'cover', person: 'Ann', face: path('0-1') })).rejects.toMatchObject({
      code: 'usage',
    });
  });
});
