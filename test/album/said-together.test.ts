/** Entries about several faces or people, and what follows from it for each. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { albumOf, groupIn, namesIn, openMadeAlbum, stateIn, writePeople } from './made-album.ts';

describe('what follows from words about several faces', () => {
  test('a name goes to all faces that were said to be the same person, whenever that was said', async () => {
    const { album, path } = await albumOf(3, 2);
    const [same] = await album.correct({ kind: 'same', faces: [path('0-0'), path('1-0')] });
    await album.correct({ kind: 'is', person: 'Ann', faces: [path('1-0')] });
    expect(await stateIn(album, path('0-0'))).toEqual(['confirmed', 'Ann']);
    // Along a chain.
    await album.correct({ kind: 'same', faces: [path('2-0'), path('0-0')] });
    expect(await stateIn(album, path('2-0'))).toEqual(['confirmed', 'Ann']);
    await album.undo(same!);
    expect([await stateIn(album, path('0-0')), await stateIn(album, path('2-0'))]).toEqual([
      ['unnamed', null],
      ['unnamed', null],
    ]);
    await album.undo((await album.log({ limit: 1 }))[0]!.number);
    expect(await stateIn(album, path('2-0'))).toEqual(['confirmed', 'Ann']);
  });

  test('whoever was told apart from Ann is not asked about as Ann, however alike they are', async () => {
    const { album, path } = await albumOf(2, 4);
    await album.correct({ kind: 'is', person: 'Ann', faces: [path('0-0')] });
    const before = await stateIn(album, path('0-1'));
    expect(before[1]).toBe('Ann');
    const [different] = await album.correct({ kind: 'different', faces: [path('0-0'), path('0-1')] });
    expect(await stateIn(album, path('0-1'))).toEqual(['unnamed', null]);
    expect((await stateIn(album, path('0-2')))[1]).toBe('Ann');
    await album.undo(different!);
    expect(await stateIn(album, path('0-1'))).toEqual(before);
  });

  test('faces that were told apart while one of them was called none are apart when it is a face again', async () => {
    const { album, path } = await albumOf(1, 4);
    const [question] = await album.questions({ limit: 1 });
    const { key } = question!.shown.find((face) => face.path === path('0-0'))!;
    const [none] = await album.correct({ kind: 'not-a-face', faces: [key] });
    await album.correct({ kind: 'different', faces: [key, path('0-1')] });
    await album.undo(none!);
    expect(await groupIn(album, path('0-0'))).not.toBe(await groupIn(album, path('0-1')));
  });

  test('a split of a person confirms the first seed, and never takes the others for the person again', async () => {
    const { album, path } = await albumOf(2, 5);
    await album.correct({ kind: 'is', person: 'Ann', faces: [path('0-0'), path('0-1'), path('1-0')] });
    const [split] = await album.correct({ kind: 'split', from: 'Ann', seeds: [path('0-0'), path('1-0')] });
    expect(await stateIn(album, path('0-0'))).toEqual(['confirmed', 'Ann']);
    expect(await stateIn(album, path('1-0'))).toEqual(['unnamed', null]);
    // The rest is open, and goes with the seed that it is more like.
    expect(await stateIn(album, path('0-1'))).toEqual(['automatic', 'Ann']);
    expect(await groupIn(album, path('1-1'))).toBe(await groupIn(album, path('1-0')));
    await album.undo(split!);
    expect(await stateIn(album, path('1-0'))).toEqual(['confirmed', 'Ann']);
  });

  test('the album goes by when something was said, not by when it heard of it', async () => {
    const folder = await temporaryFolder();
    await writePeople(folder, 1, 1);
    const photos = join(folder, 'photos');
    const photo = join(photos, '0-0.jpg');
    let clock = 1000;
    const one = await openMadeAlbum(folder, { now: () => clock });
    await one.add([photos]);
    await one.correct({ kind: 'is', person: 'Ann', faces: [photo] });
    const early = join(folder, 'early.jsonl');
    await one.backup(early);
    // A clock that was put back changes no order.
    clock = 10;
    await one.correct({ kind: 'is', person: 'Bob', faces: [photo] });
    expect(await namesIn(one, photo)).toEqual(['Bob']);
    const late = join(folder, 'late.jsonl');
    await one.backup(late);
    const [first, ...entries] = (await readFile(late, 'utf8')).trim().split('\n');
    await writeFile(late, [first!.replace('"entries":2', '"entries":1'), entries[1]].join('\n'));

    const other = await openMadeAlbum(await temporaryFolder());
    await other.add([photos]);
    await other.restore(late);
    await other.restore(early);
    expect(await namesIn(other, photo)).toEqual(['Bob']);
    expect((await other.log()).map(({ person }) => person)).toEqual(['Ann', 'Bob']);
  });
});
