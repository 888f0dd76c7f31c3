/** Why a face has its name; how somebody looked year by year; with what a search could go on. */

import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { albumOf, openMadeAlbum, writeMadePhoto, writePeople } from './made-album.ts';

describe('why a face has its name', () => {
  test('an automatic name: the confirmed faces that are most like it, and who comes next', async () => {
    const { album, path, folder } = await albumOf(2, 4);
    await album.correct({ kind: 'is', person: 'Ann', faces: ['0-0', '0-1', '0-2', '0-3'].map(path) });
    await album.correct({ kind: 'is', person: 'Bob', faces: ['1-0', '1-1'].map(path) });
    await writeMadePhoto(path('0-9'), [{ who: 0, take: 9 }]);
    await album.add([join(folder, 'photos')]);
    const why = await album.why(path('0-9'));
    expect([why.face.state, why.face.person, why.said]).toEqual(['automatic', 'Ann', null]);
    const [ann, bob] = why.likely;
    expect(ann!.person).toBe('Ann');
    expect(ann!.probability).toBe(why.face.probability);
    expect(new Set(ann!.speakers.map(({ face }) => face.path))).toEqual(
      new Set(['0-0', '0-1', '0-2', '0-3'].map(path)),
    );
    const odds = ann!.speakers.map(({ logOdds }) => logOdds);
    expect(odds).toEqual(odds.toSorted((a, b) => b - a));
    expect(odds[0]).toBeGreaterThan(0);
    expect(bob?.probability ?? 0).toBeLessThan(0.05);
  });

  test('a confirmed face: who said it, and what the other faces alone would say', async () => {
    const { album, path } = await albumOf(2, 4);
    const said = await album.correct({
      kind: 'is',
      person: 'Ann',
      faces: ['0-0', '0-1', '0-2'].map(path),
    });
    await album.correct({ kind: 'is', person: 'Bob', faces: ['1-0', '1-1'].map(path) });
    const why = await album.why(path('0-0'));
    expect(why.said).toMatchObject({ number: said[0], source: 'person' });
    expect(why.likely[0]).toMatchObject({ person: 'Ann' });
    expect(why.likely[0]!.probability).toBeGreaterThan(0.9);
    // It does not speak for itself.
    expect(why.likely[0]!.speakers.map(({ face }) => face.path)).not.toContain(path('0-0'));
    // A face that was named wrongly is unlike the others of the person.
    await album.correct({ kind: 'is', person: 'Ann', faces: [path('1-3')] });
    const wrong = await album.why(path('1-3'));
    expect(wrong.likely.map(({ person }) => person).slice(0, 2)).toEqual(['Ann', 'Bob']);
    expect(wrong.likely[1]!.probability).toBeGreaterThan(wrong.likely[0]!.probability);
  });

  test('a drawn face: nothing speaks for it but the one who drew it', async () => {
    const { album, path } = await albumOf(1, 2);
    await album.correct({ kind: 'is', person: 'Ann', faces: [path('0-0')] });
    const box = { left: 0.7, top: 0.6, width: 0.2, height: 0.25 };
    await album.correct({ kind: 'draw', photo: path('0-1'), box, person: 'Ann' });
    const why = await album.why(`${path('0-1')}#2`);
    expect([why.face.drawn, why.likely]).toEqual([true, []]);
    expect(why.said).toMatchObject({ source: 'person' });
    await expect(album.why(path('0-1'))).rejects.toMatchObject({ code: 'usage' });
  });
});

/** Photos in several folders, and one of them in three at once. */
async function datedAlbum() {
  const folder = await temporaryFolder();
  await writePeople(folder, 3, 4);
  await writeMadePhoto(join(folder, 'photos', 'in two', 'pair.jpg'), [
    { who: 0, take: 7 },
    { who: 1, take: 7 },
  ]);
  await writeMadePhoto(join(folder, 'photos', 'in two', 'nobody.jpg'), []);
  // A copy in another folder: one photo in two places.
  await mkdir(join(folder, 'photos', 'in two', 'copies'));
  await copyFile(join(folder, 'photos', '1-0.jpg'), join(folder, 'photos', 'in two', 'copies', 'same.jpg'));
  await copyFile(join(folder, 'photos', '1-0.jpg'), join(folder, 'photos', 'in two', 'again.jpg'));
  const album = await openMadeAlbum(folder);
  await album.add([join(folder, 'photos')]);
  const path = (name: string): string => join(folder, 'photos', `${name}.jpg`);
  await album.correct({ kind: 'is', person: 'Ann, or "Nan"', faces: ['0-0', '0-1', '0-2', '0-3'].map(path) });
  await album.correct({ kind: 'is', person: 'Bob', faces: ['1-0', '1-1', '1-2', '1-3'].map(path) });
  return { album, path };
}

describe('with what a search could go on', () => {
  test.each(['', 'Bob', 'in "in two"', 'unknown', 'Bob, in "in two"', 'not Bob'])(
    'after "%s", each choice leaves as many photos as it says',
    async (query) => {
      const { album } = await datedAlbum();
      const facets = await album.facets(query);
      expect(facets.total).toBe((await album.find(query)).total);
      const all = [...facets.people, ...facets.years, ...facets.folders, ...facets.others];
      expect(all.length).toBeGreaterThan(1);
      for (const facet of all) {
        const together = [query, facet.query].filter(Boolean).join(', ');
        expect([facet.label, (await album.find(together)).total]).toEqual([facet.label, facet.photos]);
        expect(facet.photos).toBeGreaterThan(0);
      }
    },
  );

  test('hidden people are left out, and a query that makes no sense is refused', async () => {
    const { album } = await datedAlbum();
    await album.correct({ kind: 'hide', person: 'Bob' });
    expect((await album.facets('')).people.map(({ label }) => label)).toEqual(['Ann, or "Nan"']);
    await expect(album.facets('Nobody Known')).rejects.toMatchObject({ code: 'not-found' });
  });
});

test('a person year by year: the photos of each, and the clearest face', async () => {
  const folder = await temporaryFolder();
  const path = (name: string): string => join(folder, `${name}.jpg`);
  await writeMadePhoto(path('a'), [{ who: 0, take: 0, quality: 0.5 }]);
  await writeMadePhoto(path('b'), [{ who: 0, take: 1, quality: 0.9 }]);
  await writeMadePhoto(path('c'), [{ who: 0, take: 2, quality: 0.7 }]);
  const album = await openMadeAlbum(folder);
  await album.add([folder]);
  await album.correct({ kind: 'is', person: 'Ann', faces: ['a', 'b', 'c'].map(path) });
  await album.catalog.write(async (tables) => {
    const rows = await tables.paths.find(['a', 'b', 'c'].map(path));
    for (const [i, photo] of (await tables.photos.byIds(rows.map((row) => row.photo!))).entries()) {
      const { id: _, ...row } = photo;
      await tables.photos.save({ ...row, taken: `${[2018, 2018, 2020][i]}-05-01T10:00:00` });
    }
  });
  const [{ uid } = { uid: '' }] = (await album.people()).people;
  const years = await album.years(uid);
  expect(years.map(({ year, photos, face }) => [year, photos, face.path])).toEqual([
    ['2018', 2, path('b')],
    ['2020', 1, path('c')],
  ]);
  await expect(album.years('nobody')).rejects.toMatchObject({ code: 'not-found' });
});
