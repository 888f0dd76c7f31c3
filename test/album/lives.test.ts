/** When people were born and died: who can be in a photo, and how old they are in it. */

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  ageIn,
  isDate,
  type PhotoTime,
  presenceIn,
  stageIn,
  timeOfAges,
} from '../../src/album/facts/lives.ts';
import type { Album } from '../../src/album/open-album.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { albumOf, groupIn, openMadeAlbum, stateIn } from './made-album.ts';

const at = (taken: string | null, from: PhotoTime['taken_from'] = 'exif'): PhotoTime => ({
  taken,
  taken_from: from,
});

describe('a date and a photo', () => {
  test('tell who cannot be in it: nobody before the birth, as far as the time can be trusted', () => {
    const ann = { born: '2015-03-02', died: null };
    const presence = (photo: PhotoTime) => presenceIn(ann, photo);
    expect(presence(at('2014-08-01T10:00:00'))).toBe('no');
    expect(presence(at('2015-02-28T23:00:00'))).toBe('no');
    // The camera's clock may stand for another part of the world.
    expect(presence(at('2015-03-01T10:00:00'))).toBe('yes');
    expect(presence(at('2016-01-05T10:00:00'))).toBe('yes');
    // A scan is later than what it shows.
    expect(presence(at('2014-08-01T10:00:00', 'digitised'))).toBe('no');
    expect(presence(at('2014-08-01T10:00:00', 'file'))).toBe('yes');
    expect(presence(at(null, null))).toBe('yes');
    // A camera that lost its clock.
    expect(presence(at('2000-01-01T00:07:00'))).toBe('yes');
    expect(presenceIn({ born: '2015', died: null }, at('2014-12-30T10:00:00'))).toBe('no');
    expect(presenceIn({ born: '2015', died: null }, at('2015-02-01T10:00:00'))).toBe('yes');
  });

  test('after the death the name is asked about, and only in photos, not in scans', () => {
    const presence = (died: string, photo: PhotoTime) => presenceIn({ born: null, died }, photo);
    expect(presence('2019-07-04', at('2019-07-04T23:00:00'))).toBe('yes');
    expect(presence('2019-07-04', at('2019-07-05T10:00:00'))).toBe('yes');
    expect(presence('2019-07-04', at('2019-07-06T10:00:00'))).toBe('asked');
    expect(presence('2019', at('2019-12-31T10:00:00'))).toBe('yes');
    expect(presence('2019-07-04', at('2021-07-06T10:00:00', 'digitised'))).toBe('yes');
  });

  test('tell how old somebody is', () => {
    const age = (born: string, taken: string, died: string | null = null) => ageIn({ born, died }, at(taken));
    expect(age('2015-03-02', '2019-03-01T23:59:59')).toBe(3);
    expect(age('2015-03-02', '2019-03-02T00:00:00')).toBe(4);
    expect(age('2016-02-29', '2019-02-28T12:00:00')).toBe(2);
    expect(age('2016-02-29', '2019-03-01T12:00:00')).toBe(3);
    expect(age('2015-03', '2019-03-01T12:00:00')).toBe(4);
    expect(age('2015', '2019-01-01T12:00:00')).toBe(4);
    expect(age('2015-03-02', '2015-03-01T12:00:00')).toBe(null);
    expect(age('1931', '2020-03-01T12:00:00', '2019')).toBe(null);
    expect(ageIn({ born: '2015', died: null }, at('2019-03-01T12:00:00', 'file'))).toBe(null);
    expect(timeOfAges('2015-03-02', 2, 5)).toEqual({ from: '2017-03-02', until: '2021-03-02' });
    for (const date of ['2015', '2015-03', '2015-02-28']) expect(isDate(date)).toBe(true);
    for (const date of ['', '15', '2015-13', '2015-02-29', '2015-3-2', '2015..2016'])
      expect(isDate(date)).toBe(false);
  });
});

test('the stage of life in a photo follows from a camera’s time alone', () => {
  const stage = (photo: PhotoTime) => stageIn({ born: '2015-03-02', died: null }, photo);
  const stages = [2015, 2017, 2018, 2021, 2027, 2033, 2060].map((year) =>
    stage(at(`${year}-06-01T10:00:00`)),
  );
  expect(stages).toEqual([0, 1, 1, 2, 3, 4, 4]);
  expect(stage(at('2018-06-01T10:00:00', 'digitised'))).toBe(null);
  expect(stage(at('2018-06-01T10:00:00', 'file'))).toBe(null);
  expect(stage(at('2018-01-01T00:07:00'))).toBe(null);
  expect(stage(at('2014-06-01T10:00:00'))).toBe(null);
  expect(stageIn({ born: null, died: null }, at('2018-06-01T10:00:00'))).toBe(null);
});

/** Gives a photo the time of a camera. */
async function takenAt(album: Album, path: string, taken: string, from: PhotoTime['taken_from'] = 'exif') {
  await album.catalog.write(async (tables) => {
    const [row] = await tables.paths.find([path]);
    const [photo] = await tables.photos.byIds([row!.photo!]);
    const { id: _, ...rest } = photo!;
    await tables.photos.save({ ...rest, taken, taken_from: from });
  });
}

/** Five photos of person 0, one each in 2014 to 2018; the face of 2016 is confirmed to be Ann. */
async function annOverYears() {
  const made = await albumOf(2, 5);
  const photo = (year: number): string => made.path(`0-${year - 2014}`);
  for (const year of [2014, 2015, 2016, 2017, 2018])
    await takenAt(made.album, photo(year), `${year}-06-01T10:00:00`);
  await made.album.correct({ kind: 'is', person: 'Ann', faces: [photo(2016)] });
  const states = async () =>
    Promise.all(
      [2014, 2015, 2016, 2017, 2018].map(async (year) => (await stateIn(made.album, photo(year)))[0]),
    );
  return { ...made, photo, states };
}

describe('in an album', () => {
  test('nobody is named or suggested before the birth; an undo gives the names back', async () => {
    const { album, states } = await annOverYears();
    const all = ['automatic', 'automatic', 'confirmed', 'automatic', 'automatic'];
    expect(await states()).toEqual(all);
    const [born] = await album.correct({ kind: 'born', person: 'Ann', date: '2016-03-02' });
    expect(await states()).toEqual(['unnamed', 'unnamed', 'confirmed', 'automatic', 'automatic']);
    await album.rebuild();
    expect(await states()).toEqual(['unnamed', 'unnamed', 'confirmed', 'automatic', 'automatic']);
    await album.correct({ kind: 'born', person: 'Ann', date: '2015' });
    expect(await states()).toEqual(['unnamed', 'automatic', 'confirmed', 'automatic', 'automatic']);
    await album.undo();
    expect((await states())[1]).toBe('unnamed');
    await album.undo(born!);
    expect(await states()).toEqual(all);
  });

  test('a group that is all from before the birth is asked about without that name', async () => {
    const { album, photo, states } = await annOverYears();
    await album.correct({ kind: 'born', person: 'Ann', date: '2019' });
    expect(await states()).toEqual(['unnamed', 'unnamed', 'confirmed', 'unnamed', 'unnamed']);
    const group = await groupIn(album, photo(2017));
    expect(await album.question('who', group)).toMatchObject({ likely: [], faces: 4 });
  });

  test('a small child is known by photos of that age, not by the many of later', async () => {
    const { album, path } = await albumOf(2, 12);
    // The child looks like person 0, grown up she looks like person 1: nobody changes more.
    for (let take = 0; take < 12; take++) {
      await takenAt(album, path(`0-${take}`), `2018-06-${String(take + 1).padStart(2, '0')}T10:00:00`);
      await takenAt(album, path(`1-${take}`), `${2040 + take}-06-01T10:00:00`);
    }
    const faces = (who: number, count: number) =>
      Array.from({ length: count }, (_, i) => path(`${who}-${i}`));
    await album.correct({ kind: 'is', person: 'Ann', faces: [...faces(0, 4), ...faces(1, 12)] });
    const probability = async () => (await album.why(path('0-10'))).likely[0]?.probability ?? 0;
    const before = await probability();
    await album.correct({ kind: 'born', person: 'Ann', date: '2015-03-02' });
    const known = await probability();
    expect(known).toBeGreaterThan(before);
    await album.undo();
    expect(await probability()).toBeLessThan(known);
  });

  test('an answer of yours is never overruled by a date', async () => {
    const { album, states } = await annOverYears();
    await album.correct({ kind: 'born', person: 'Ann', date: '2017' });
    expect((await states())[2]).toBe('confirmed');
  });

  test('after the death the name is asked about', async () => {
    const { album, states } = await annOverYears();
    await album.correct({ kind: 'died', person: 'Ann', date: '2016-09' });
    expect(await states()).toEqual(['automatic', 'automatic', 'confirmed', 'suggested', 'suggested']);
    const question = (await album.questions()).find(({ kind }) => kind === 'person');
    expect(question).toMatchObject({ person: 'Ann', faces: 2 });
  });

  test('photos are found by age, and report it', async () => {
    const { album, photo } = await annOverYears();
    await expect(album.find('Ann aged 2')).rejects.toMatchObject({ code: 'usage' });
    await album.correct({ kind: 'born', person: 'Ann', date: '2014-03-02' });
    const found = async (query: string) =>
      (await album.find(query)).photos.map(({ path, people }) => [path, people[0]?.age ?? null]);
    expect(await found('Ann aged 1..2')).toEqual([
      [photo(2015), 1],
      [photo(2016), 2],
    ]);
    expect(await found('confirmed Ann aged 2')).toEqual([[photo(2016), 2]]);
    expect(await found('Ann aged 3-9')).toEqual([
      [photo(2017), 3],
      [photo(2018), 4],
    ]);
    expect((await album.find('Ann aged 2')).meaning[0]).toContain('Ann is in it, 2 years old');
    await expect(album.find('Ann aged 5..2')).rejects.toMatchObject({ code: 'usage' });
    await expect(album.find('Ann aged soon')).rejects.toMatchObject({ code: 'usage' });
    const { sha256 } = (await album.find('Ann aged 4')).photos[0]!;
    expect((await album.photo(sha256)).faces).toMatchObject([{ person: 'Ann', age: 4 }]);
    // The time of a file says nothing about an age.
    await takenAt(album, photo(2018), '2018-06-01T10:00:00', 'file');
    expect(await found('Ann aged 4')).toEqual([]);
    expect((await album.photo(sha256)).faces).toMatchObject([{ person: 'Ann', age: null }]);
  });

  test('dates are reported, go with a backup, and are refused if they make no sense', async () => {
    const { album, folder, path } = await annOverYears();
    const { uid } = (await album.people()).people[0]!;
    await album.correct({ kind: 'born', person: 'Ann', date: '2014-03' });
    await album.correct({ kind: 'died', person: 'Ann', date: '2020' });
    expect(await album.person(uid)).toMatchObject({ person: 'Ann', born: '2014-03', died: '2020' });
    expect(await album.log({ limit: 2 })).toMatchObject([
      { kind: 'died', person: 'Ann', date: '2020' },
      { kind: 'born', person: 'Ann', date: '2014-03' },
    ]);
    for (const [kind, date] of [
      ['born', '2014-02-30'],
      ['born', 'yesterday'],
      ['born', ''],
      ['died', '2013'],
      ['born', '2021'],
    ] as const)
      await expect(album.correct({ kind, person: 'Ann', date })).rejects.toMatchObject({ code: 'usage' });
    const file = join(folder, 'said.jsonl');
    await album.backup(file);
    const other = await openMadeAlbum(await temporaryFolder());
    await other.restore(file);
    await other.add([join(folder, 'photos')]);
    expect((await other.people()).people).toMatchObject([{ uid, born: '2014-03', died: '2020' }]);
    await other.correct({ kind: 'died', person: 'Ann', date: 'unknown' });
    expect(await other.person(uid)).toMatchObject({ born: '2014-03', died: null });
    expect(await groupIn(other, path('0-0'))).toBeGreaterThan(0);
  });
});
