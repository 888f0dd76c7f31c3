import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Album } from '../../src/album/open-album.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { groupIn, type MadeFace, namesIn, openMadeAlbum, writeMadePhoto, writePeople } from './made-album.ts';

/** Groups of 6, 4 and 2 faces, three single ones, and a photo of two people. */
async function madeAlbum(more: readonly (readonly MadeFace[])[] = []): Promise<{
  readonly album: Album;
  readonly path: (name: string) => string;
}> {
  const folder = await temporaryFolder();
  const path = (name: string): string => join(folder, 'photos', `${name}.jpg`);
  for (const [who, takes] of [6, 4, 2, 1, 1, 1].entries()) {
    for (let take = 0; take < takes; take++) await writeMadePhoto(path(`${who}-${take}`), [{ who, take }]);
  }
  for (const [n, faces] of more.entries()) await writeMadePhoto(path(`more-${n}`), faces);
  const album = await openMadeAlbum(folder);
  await album.add([join(folder, 'photos')]);
  return { album, path };
}

const asked = async (album: Album, singles = false) =>
  (await album.questions({ singles })).map(({ kind, faces, person }) => [kind, faces, person]);

describe('what is asked', () => {
  test('settles most first; single faces of nobody likely are left in peace unless they are wanted', async () => {
    const { album } = await madeAlbum();
    expect(await asked(album)).toEqual([
      ['who', 6, null],
      ['who', 4, null],
      ['who', 2, null],
    ]);
    expect((await asked(album, true)).map(([, faces]) => faces)).toEqual([6, 4, 2, 1, 1, 1]);
  });

  test('is answered once: a name, a stranger, no face, not sure', async () => {
    const { album, path } = await madeAlbum();
    const next = async () => (await album.questions({ limit: 1, singles: true }))[0]!;
    const named = await album.answer(await next(), { kind: 'is', person: 'Ann' });
    expect(named).toMatchObject({ faces: 6, besides: 0 });
    expect(await namesIn(album, path('0-5'))).toEqual(['Ann']);
    await album.answer(await next(), { kind: 'stranger' });
    await album.answer(await next(), { kind: 'not-sure' });
    await album.answer(await next(), { kind: 'not-a-face' });
    expect((await asked(album, true)).map(([, faces]) => faces)).toEqual([1, 1]);
    // Taken back, it is asked again.
    const unsure = (await album.log()).find(({ kind }) => kind === 'not-sure');
    await album.undo(unsure!.number);
    expect((await asked(album, true)).map(([, faces]) => faces)).toEqual([2, 1, 1]);
  });

  test('yes or no is no answer to the question who it is', async () => {
    const { album } = await madeAlbum();
    const [question] = await album.questions({ limit: 1 });
    await expect(album.answer(question!, { kind: 'yes' })).rejects.toMatchObject({ code: 'usage' });
    expect(await album.log()).toEqual([]);
  });

  test('a suggestion that was rejected never comes back, nor is it asked about another face as if it had been', async () => {
    // Unclear faces of Ann, of whom one photo is clear: alike enough to be asked about, not to be in one group with it.
    const unclear = [60, 61, 62].map((take) => [{ who: 3, take, quality: 0.2 }]);
    const others = Array.from({ length: 20 }, (_, n) => [{ who: 10 + n, take: 0 }]);
    const { album, path } = await madeAlbum([...unclear, ...others]);
    await album.name(await groupIn(album, path('3-0')), 'Ann');
    const about = async () =>
      (await album.questions({ limit: 100, singles: true })).filter(({ person }) => person === 'Ann');
    const before = await about();
    const open = before.reduce((sum, { faces }) => sum + faces, 0);
    expect(open).toBeGreaterThan(0);
    await album.answer(before[0]!, { kind: 'no' });
    const after = await about();
    expect(after.reduce((sum, { faces }) => sum + faces, 0)).toBe(open - before[0]!.faces);
    const rejected = new Set(before[0]!.about);
    expect(after.flatMap((question) => question.about).filter((face) => rejected.has(face))).toEqual([]);
    await album.undo();
    expect((await about()).map(({ faces }) => faces)).toEqual(before.map(({ faces }) => faces));
  });

  test('what is certain is not asked', async () => {
    const { album, path } = await madeAlbum([[{ who: 0, take: 70 }], [{ who: 0, take: 71 }]]);
    await album.correct({ kind: 'is', person: 'Ann', faces: [path('0-0'), path('0-1'), path('0-2')] });
    for (const name of ['0-3', '0-5', 'more-0', 'more-1'])
      expect(await namesIn(album, path(name))).toEqual(['Ann']);
    expect(await asked(album)).toEqual([
      ['who', 4, null],
      ['who', 2, null],
    ]);
  });
});

test('groups are listed with dates, likely people and faces to look at', async () => {
  const { album, path } = await madeAlbum();
  const { total, groups } = await album.groups({ shown: 3 });
  expect(total).toBe(3);
  expect(groups[0]).toMatchObject({ faces: 6, photos: 6, likely: [] });
  expect(groups[0]!.from).toMatch(/^20\d\d-\d\d-\d\dT/);
  expect(groups[0]!.shown).toHaveLength(3);
  expect(groups[0]!.shown[0]).toMatchObject({ path: path('0-0'), kind: 'photo', time: null });
  expect((await album.groups({ limit: 1 })).groups).toHaveLength(1);
  expect((await album.groups({ least: 5 })).total).toBe(1);
});

test('an answer at one machine is known at another that has the album open', async () => {
  const folder = await temporaryFolder();
  await writePeople(folder, 3, 3);
  const here = await openMadeAlbum(folder);
  await here.add([join(folder, 'photos')]);
  const there = await openMadeAlbum(folder);
  expect((await there.questions()).length).toBe(3);
  const [question] = await here.questions({ limit: 1 });
  await here.answer(question!, { kind: 'is', person: 'Ann' });
  expect((await there.questions()).length).toBe(2);
  expect((await there.find('Ann')).total).toBe(3);
  await there.undo();
  expect((await here.questions()).length).toBe(3);
});

test('what was said and not yet thought through, because the process was ended, is at the next command', async () => {
  const folder = await temporaryFolder();
  await writePeople(folder, 2, 5);
  const path = (name: string): string => join(folder, 'photos', `${name}.jpg`);
  const album = await openMadeAlbum(folder);
  await album.add([join(folder, 'photos')]);
  await album.correct({ kind: 'is', person: 'Ann', faces: [path('0-0')] });
  const named = await namesIn(album, path('0-4'));
  // As it stands in the file right after something was said: nothing of what follows from it is known.
  await album.catalog.write(async (tables) => {
    const ids = (await tables.people.all()).map(({ id }) => id);
    await tables.people.touch(ids);
    await tables.groups.touch('all');
    for await (const part of tables.answers.each()) {
      const open = part.filter(({ state }) => state !== 'confirmed');
      await tables.answers.save(
        open.map((a) => ({ ...a, state: 'unnamed', person: null, probability: null })),
      );
    }
  });
  expect(await namesIn(album, path('0-4'))).toEqual([null]);
  await album.close();
  const again = await openMadeAlbum(folder);
  await again.status();
  expect(await namesIn(again, path('0-4'))).toEqual(named);
});
