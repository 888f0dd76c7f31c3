import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Added } from '../../src/album/scan/add.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openMadeAlbum, writeMadePhoto, writePeople } from './made-album.ts';

test('what is added, moved, changed and deleted in folders comes into the album by itself', {
  timeout: 60_000,
}, async () => {
  const folder = await temporaryFolder();
  const photos = join(folder, 'photos');
  await writePeople(folder, 2, 2);
  const album = await openMadeAlbum(folder);
  const controller = new AbortController();
  const looks: Added[] = [];
  let heard = (): void => {};
  const watching = album.watch([photos], {
    signal: controller.signal,
    quiet: 50,
    onAdded(added) {
      looks.push(added);
      heard();
    },
  });
  /** The looks since then add up to this. */
  const comesTo = async (what: Partial<Pick<Added, 'photos' | 'known' | 'gone'>>): Promise<void> => {
    for (;;) {
      const sum = (key: 'photos' | 'known' | 'gone'): number =>
        looks.reduce((total, look) => total + look[key], 0);
      const isThere = Object.entries(what).every(([key, value]) => sum(key as 'photos') === value);
      if (isThere) break;
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
    looks.length = 0;
  };
  await comesTo({ photos: 4 });
  await writeMadePhoto(join(photos, 'new.jpg'), [{ who: 1, take: 8 }]);
  await comesTo({ photos: 1 });
  await mkdir(join(photos, 'trip'));
  await writeMadePhoto(join(photos, 'trip', 'a.jpg'), [{ who: 0, take: 8 }]);
  await comesTo({ photos: 1 });
  await rename(join(photos, 'new.jpg'), join(photos, 'trip', 'renamed.jpg'));
  await comesTo({ known: 1, gone: 1 });
  await writeMadePhoto(join(photos, '0-0.jpg'), [{ who: 0, take: 30 }]);
  await comesTo({ photos: 1 });
  await rm(join(photos, 'trip'), { recursive: true });
  await comesTo({ gone: 2 });
  controller.abort();
  await watching;
  expect(await album.status()).toMatchObject({ photos: 4, files: { pending: 0, failed: 0 } });
});

// It printed the error, and then ran until it was killed.
test('a folder that is not there at the beginning is an error', async () => {
  const folder = await temporaryFolder();
  const album = await openMadeAlbum(folder);
  const watching = album.watch([join(folder, 'nowhere')], { signal: AbortSignal.timeout(60_000) });
  await expect(watching).rejects.toMatchObject({ code: 'not-found' });
});
