import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { groupIn, namesIn, openMadeAlbum, writeMadePhoto, writePeople } from './made-album.ts';

test('another model reads all photos again; groups, names and answers find their faces', async () => {
  const folder = await temporaryFolder();
  const photos = join(folder, 'photos');
  await writePeople(folder, 5, 4);
  const path = (name: string): string => join(photos, name);
  const before = await openMadeAlbum(folder);
  await before.add([photos]);
  await before.name(await groupIn(before, path('1-0.jpg')), 'Ann');
  await before.correct({ kind: 'stranger', faces: [path('2-0.jpg')] });
  await before.correct({ kind: 'is-not', person: 'Ann', faces: [path('3-0.jpg')] });
  const group = await groupIn(before, path('4-0.jpg'));
  await before.close();

  const read: string[] = [];
  const after = await openMadeAlbum(folder, { version: 2, onRead: (one) => read.push(one) });
  expect((await after.status()).outdated).toBe(20);
  await after.add([photos]);
  expect(read).toHaveLength(20);
  expect(await after.status()).toMatchObject({ outdated: 0, photos: 20, faces: 20, confirmed: 4 });
  for (let take = 0; take < 4; take++) expect(await namesIn(after, path(`1-${take}.jpg`))).toEqual(['Ann']);
  expect(await groupIn(after, path('4-1.jpg'))).toBe(group);
  // The answer about one face of a group still counts for it.
  expect((await after.log()).map(({ kind, faces }) => [kind, faces])).toEqual([
    ['is-not', 1],
    ['stranger', 1],
    ['is', 4],
  ]);
  expect(await after.check()).toEqual([]);
});

test('a face that another model does not find stays where somebody spoke of it', async () => {
  const folder = await temporaryFolder();
  const photo = join(folder, 'photos', 'two.jpg');
  await writePeople(folder, 2, 3);
  await writeMadePhoto(photo, [
    { who: 0, take: 7 },
    { who: 1, take: 7 },
  ]);
  const before = await openMadeAlbum(folder);
  await before.add([join(folder, 'photos')]);
  await before.correct({ kind: 'is', person: 'Ann', faces: [`${photo}#2`] });
  await before.close();

  // It finds the first face of each photo alone.
  const { madeFaces } = await import('./made-album.ts');
  const blind = madeFaces(join(folder, '.home'), { version: 2 });
  const after = await openMadeAlbum(folder, {
    faces: async () => ({
      ...blind,
      reader: {
        ...blind.reader,
        async readFile(bytes, name) {
          const seen = await blind.reader.readFile(bytes, name);
          return { ...seen, faces: seen.faces.slice(0, 1) };
        },
      },
    }),
  });
  await after.add([join(folder, 'photos')]);
  expect((await after.find('Ann')).photos.map(({ path }) => path)).toEqual([photo]);
  expect(await namesIn(after, photo)).toEqual([null, 'Ann']);
  expect((await after.find('2 faces')).total).toBe(1);
  // The face is found again by the first model.
  await after.close();
  const again = await openMadeAlbum(folder);
  await again.add([join(folder, 'photos')]);
  expect(await namesIn(again, photo)).toEqual([null, 'Ann']);
  expect(await again.status()).toMatchObject({ faces: 8, confirmed: 1 });
});

test('coordinates that would be placed otherwise are placed again, without a photo', async () => {
  const folder = await temporaryFolder();
  await writePeople(folder, 4, 3);
  const photos = join(folder, 'photos');
  const before = await openMadeAlbum(folder);
  await before.add([photos]);
  await before.name(await groupIn(before, join(photos, '1-0.jpg')), 'Ann');
  await before.close();

  const { madeFaces, madeBackground } = await import('./made-album.ts');
  const read: string[] = [];
  const faces = madeFaces(join(folder, '.home'), { onRead: (path) => read.push(path) });
  const turned = { ...madeBackground, basis: madeBackground.basis.map((v) => -v) };
  const after = await openMadeAlbum(folder, { faces: async () => ({ ...faces, background: turned }) });
  await after.add([photos]);
  expect(read).toEqual([]);
  const [first, second] = await after.catalog.read(async (tables) => {
    const placed = [];
    for await (const part of tables.faces.eachPlaced('made/1/faces-1')) placed.push(...part);
    const embeddings = await tables.faces.embeddings(placed.map(({ id }) => id));
    return [placed[0]!.z, embeddings.get(placed[0]!.id)!];
  });
  expect([...first]).toEqual([...second].map((v) => -v));
  await writeMadePhoto(join(photos, 'new.jpg'), [{ who: 1, take: 8 }]);
  await after.add([photos]);
  expect(await groupIn(after, join(photos, 'new.jpg'))).toBe(await groupIn(after, join(photos, '1-0.jpg')));
});
