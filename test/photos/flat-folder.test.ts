import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listPeople } from '../../src/photos/flat-folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';

async function folderOf(...names: readonly string[]): Promise<string> {
  const root = await temporaryFolder();
  for (const name of names) await writeFile(join(root, name), 'x');
  return root;
}

test('each file is one person, whose name it has; what is no photo is listed with its reason', async () => {
  const root = await folderOf(
    'bob.jpg',
    'ann.jpg',
    'ann.PNG',
    'José M. Núñez.jpeg',
    'notes.txt',
    '.DS_Store',
  );
  await mkdir(join(root, 'more'));
  const { names, files, skipped, doubts } = await listPeople(root, true);
  expect(names).toEqual(['José M. Núñez', 'ann', 'bob']);
  expect(files.map(({ label }) => label)).toEqual(['José M. Núñez', 'ann', 'ann', 'bob']);
  expect(doubts).toEqual([]);
  expect(skipped.map(({ path, reason }) => `${path.slice(root.length + 1)} ${reason}`)).toEqual([
    'more is a folder: --flat takes the photos beside it, one for each person',
    'notes.txt is a .txt file, not a photo',
  ]);
});

// An album that is given with --flat would become a model of people called IMG_0001 and so on.
test('numbers of cameras and dates are asked about', async () => {
  const root = await folderOf('IMG_0001.jpg', '20190607.jpg', 'Ann.jpg', 'Piccard.jpg');
  const { doubts } = await listPeople(root, true);
  expect(doubts).toEqual([
    '"20190607" looks like a date and is learned as a name: is there a folder for each person or thing?',
    '"20190607" and "IMG_0001": these look like numbers of a camera, and --flat learns them as names of people. Give each file the name of its person.',
  ]);
});

test('names that look the same are refused', async () => {
  const root = await folderOf('Jos\u00e9.jpg', 'Jose\u0301.jpg');
  await expect(listPeople(root, true)).rejects.toThrow('has names that look the same');
});

test('without --flat, a folder of photos alone is told of it; one without photos is not', async () => {
  await expect(listPeople(await folderOf('ann.jpg', 'bob.jpg'), false)).rejects.toThrow(
    /has no sub-folders\. .* such as ann\.jpg: .* give --flat\.$/,
  );
  expect((await listPeople(await folderOf('notes.txt'), false)).names).toEqual([]);
});

test('a folder that is not there: a sentence', async () => {
  const root = join(await temporaryFolder(), 'nowhere');
  await expect(listPeople(root, true)).rejects.toThrow(`Cannot read the folder ${root}: no such file`);
});
