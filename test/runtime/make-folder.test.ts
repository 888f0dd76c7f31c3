import { existsSync } from 'node:fs';
import { stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../src/runtime/make-folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('makes the folders on the way, and is content with what is there', async () => {
  const folder = join(await temporaryFolder(), 'a', 'b', 'c');
  await makeFolder(folder);
  await makeFolder(folder);
  expect((await stat(folder)).isDirectory()).toBe(true);
});

test('several at once make one folder', async () => {
  const folder = join(await temporaryFolder(), 'a', 'b', 'c');
  await Promise.all(
    Array.from({ length: 20 }, (_, i) => makeFolder(i % 2 === 0 ? folder : join(folder, '..'))),
  );
  expect((await stat(folder)).isDirectory()).toBe(true);
});

test('a file in the way, and a link to nowhere, are refused by the system', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), '');
  await symlink(join(folder, 'nowhere'), join(folder, 'link'));
  await expect(makeFolder(join(folder, 'file'))).rejects.toThrow('EEXIST');
  await expect(makeFolder(join(folder, 'file', 'a', 'b'))).rejects.toThrow('ENOTDIR');
  await expect(makeFolder(join(folder, 'link'))).rejects.toThrow('EEXIST');
});

// The recursive mkdir of Node 20 tries again for ever.
test.skipIf(!existsSync('/proc/version'))('where no folder can be made, that is said at once', async () => {
  await expect(makeFolder('/proc/x')).rejects.toThrow('no folder can be made in /proc');
  await expect(makeFolder('/proc/x/y/z')).rejects.toThrow('no folder can be made in /proc');
});
