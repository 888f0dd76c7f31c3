/** An album of 500 photos written, its catalog deleted, scanned again; and writing that is killed. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { namesInXmp } from '../../src/photos/regions/names-in-xmp.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { namesIn, openMadeAlbum, writeMadePhoto } from './made-album.ts';

test('500 photos written, the catalog deleted, scanned again: the same people, without a question', async () => {
  const root = await temporaryFolder();
  const folder = join(root, 'photos');
  const photos: { readonly path: string; readonly names: readonly string[] }[] = [];
  for (let n = 0; n < 500; n++) {
    const who = [n % 40, (n * 7 + 1) % 40].filter((one, i, all) => all.indexOf(one) === i);
    const path = join(folder, `${n % 20}`, `${n}.jpg`);
    await writeMadePhoto(
      path,
      who.map((one) => ({ who: one, take: n })),
      `${n}`,
    );
    photos.push({ path, names: who.map((one) => `Person ${one}`) });
  }
  const album = await openMadeAlbum(root);
  await album.add([folder]);
  for (let one = 0; one < 40; one++) {
    const faces = photos.flatMap(({ path, names }) => {
      const place = names.indexOf(`Person ${one}`);
      return place < 0 ? [] : [`${path}#${place + 1}`];
    });
    await album.correct({ kind: 'is', person: `Person ${one}`, faces });
  }
  expect(await album.write()).toMatchObject({ unchanged: 0, failed: [] });
  await album.close();
  await rm(join(root, '.home'), { recursive: true });
  const again = await openMadeAlbum(root);
  await again.add([folder]);
  for (const { path, names } of photos) expect(await namesIn(again, path)).toEqual(names);
  expect((await again.status()).people).toHaveLength(40);
  expect(await again.questions()).toEqual([]);
  expect(await again.write()).toMatchObject({ files: [], unchanged: 500, failed: [] });
}, 300_000);

test('writing that is killed at any moment leaves every sidecar whole', async () => {
  const folder = await temporaryFolder();
  const worker = fileURLToPath(new URL('write-worker.ts', import.meta.url));
  for (let n = 0; n < 20; n++) await writeFile(join(folder, `${n}.jpg`), '{}');
  let seen = 0;
  for (let round = 0; round < 12; round++) {
    const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', worker, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // From here on: it may have ended before it is killed.
    const closed = once(child, 'close');
    await once(child.stdout!, 'data');
    await new Promise((resolve) => setTimeout(resolve, 20 + round * 15));
    child.kill('SIGKILL');
    await closed;
    for (const name of (await readdir(folder)).filter((one) => one.endsWith('.jpg.xmp'))) {
      const { unread, regions } = namesInXmp(await readFile(join(folder, name)), {
        width: 9,
        height: 9,
        orientation: 1,
      });
      expect(unread).toEqual([]);
      expect(regions.length).toBeGreaterThan(0);
      seen++;
    }
  }
  expect(seen).toBeGreaterThan(100);
}, 300_000);
