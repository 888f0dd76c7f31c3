import { mkdir, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FolderListing, listFolders } from '../../src/photos/folder-listings.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Long after anything was written. */
const later = Date.now() + 3_600_000;

async function list(paths: readonly string[], now = later): Promise<FolderListing[]> {
  const listings: FolderListing[] = [];
  for await (const listing of listFolders(paths, { now })) listings.push(listing);
  return listings;
}

test('each folder comes once, with its photos and videos, and says whether these are all', async () => {
  const root = await temporaryFolder();
  await mkdir(join(root, '2019', '.hidden'), { recursive: true });
  for (const name of [
    'b10.jpg',
    'b9.jpg',
    'notes.txt',
    'clip.mp4',
    'program.ts',
    '.trash.jpg',
    '2019/a.heic',
    '2019/.hidden/x.jpg',
  ]) {
    await writeFile(join(root, name), name);
  }
  // Links that come back to where they began, and one that leads nowhere.
  await symlink(root, join(root, '2019', 'again'));
  await symlink(join(root, 'nothing.jpg'), join(root, 'broken.jpg'));
  const listings = await list([root]);
  expect(listings.map(({ folder, files, whole }) => [folder, files.map(({ name }) => name), whole])).toEqual([
    [root, ['b9.jpg', 'b10.jpg', 'clip.mp4'], true],
    [join(root, '2019'), ['a.heic'], true],
  ]);
  expect(listings[0]!.errors.map(({ error }) => [error.code, error.path])).toEqual([
    ['not-found', join(root, 'broken.jpg')],
  ]);
  expect(listings[0]!.errors[0]!.path).toBe(join(root, 'broken.jpg'));
});

test('a file that is named is listed alone, and a folder that is not there is no folder without files', async () => {
  const root = await temporaryFolder();
  await writeFile(join(root, 'a.jpg'), '1');
  await writeFile(join(root, 'b.jpg'), '2');
  const [named, missing] = await list([join(root, 'a.jpg'), join(root, 'unplugged')]);
  expect(named).toMatchObject({ folder: root, files: [{ name: 'a.jpg' }], whole: false });
  expect(missing).toMatchObject({ files: [], whole: false, errors: [{ path: join(root, 'unplugged') }] });
});

test('the state tells a change, survives a move of the folder, and is not trusted while it is fresh', async () => {
  const root = await temporaryFolder();
  const folder = join(root, 'before');
  await mkdir(folder);
  const photo = join(folder, 'a.jpg');
  await writeFile(photo, 'one');
  const stateNow = async (at: string): Promise<string | null> => (await list([at]))[0]!.files[0]!.state;
  const first = await stateNow(folder);
  expect(first).toMatch(/^\d+:\d+:3:\d+:\d+$/);
  expect(await stateNow(folder)).toBe(first);

  await rename(folder, join(root, 'after'));
  expect(await stateNow(join(root, 'after'))).toBe(first);

  // The same size, and the time of its content set back: the time of the inode's change tells.
  const [, , , modified] = first!.split(':');
  await writeFile(join(root, 'after', 'a.jpg'), 'two');
  await utimes(join(root, 'after', 'a.jpg'), Number(modified) / 1e9, Number(modified) / 1e9);
  expect(await stateNow(join(root, 'after'))).not.toBe(first);

  const [fresh] = await list([join(root, 'after')], Date.now());
  expect(fresh!.files[0]!.state).toBeNull();
});
