import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { openMadeAlbum } from './made-album.ts';

test('a place in which no album can be made is refused by a sentence', async () => {
  const folder = await temporaryFolder();
  const album = await openMadeAlbum(folder);
  // It ended in a stack trace.
  const nowhere = join('/proc', 'whosin', 'album.db');
  await expect(album.move(nowhere)).rejects.toMatchObject({ code: 'cannot-write', path: nowhere });
  const there = join(folder, 'there.db');
  expect((await album.move(there)).place).toBe(there);
});
