/** Names are written on disks that are full or read-only, and into files that change in between: nothing is half-written. */

import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { requireAsRead } from '../../src/album/files/write-names-of-photo.ts';
import type { Album } from '../../src/album/open-album.ts';
import { describeWithDisks, disk, makeReadOnly } from '../disk.ts';
import { bag, description, packet } from '../photos/regions/xmp-text.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openMadeAlbum, writePairs } from './made-album.ts';

const before = packet(description(bag('dc:subject', ['beach'])));
const list = '[0.jpg]\nstar=yes\n';

/** Ann is confirmed in both photos of a folder on that disk; photo 0 has a sidecar, and the folder a list of Picasa. */
async function albumOn(
  folder: string,
): Promise<{ readonly album: Album; readonly photos: readonly string[] }> {
  const made = await writePairs(await temporaryFolder());
  const photos = made.map((path) => join(folder, basename(path)));
  for (const [i, path] of made.entries()) await copyFile(path, photos[i]!);
  await writeFile(`${photos[0]!}.xmp`, before);
  await writeFile(join(folder, '.picasa.ini'), list);
  const album = await openMadeAlbum(await temporaryFolder());
  await album.add([folder]);
  await album.correct({ kind: 'is', person: 'Ann', faces: photos.map((photo) => `${photo}#1`) });
  return { album, photos };
}

const names = ['.picasa.ini', '0.jpg', '0.jpg.xmp', '1.jpg'];

describeWithDisks('a disk', () => {
  test('that is full: each file is reported and is as it was; with room again all is written', async () => {
    const folder = await disk('size=64k');
    const { album, photos } = await albumOn(folder);
    await writeFile(join(folder, 'filler'), new Uint8Array(64 * 1024)).catch(() => {});
    const { files, failed } = await album.write();
    expect([files, failed.map(({ path }) => path)]).toEqual([[], photos]);
    for (const { error } of failed)
      expect(error).toMatchObject({ code: 'cannot-write', message: expect.stringMatching(/no space left/i) });
    expect((await album.exportPicasa()).failed).toMatchObject([
      { path: folder, error: { code: 'cannot-write' } },
    ]);
    expect((await readdir(folder)).filter((name) => name !== 'filler')).toEqual(names);
    expect(await readFile(`${photos[0]!}.xmp`, 'utf8')).toBe(before);
    expect(await readFile(join(folder, '.picasa.ini'), 'utf8')).toBe(list);
    await rm(join(folder, 'filler'));
    expect((await album.write()).files).toHaveLength(2);
    expect((await album.exportPicasa()).files).toHaveLength(2);
  });

  test('that is read-only: each file is reported', async () => {
    const folder = await disk('size=1m');
    const { album, photos } = await albumOn(folder);
    makeReadOnly(folder);
    const { files, failed } = await album.write();
    expect([files, failed.map(({ path }) => path)]).toEqual([[], photos]);
    for (const { error } of failed) expect(error).toMatchObject({ code: 'cannot-write' });
    expect((await album.exportPicasa()).failed).toHaveLength(1);
    expect(await readdir(folder)).toEqual(names);
    expect(await readFile(`${photos[0]!}.xmp`, 'utf8')).toBe(before);
  });
});

test('a sidecar that somebody wrote, made or deleted since it was read is not written over', async () => {
  const file = join(await temporaryFolder(), 'a.jpg.xmp');
  const refused = {
    code: 'cannot-write',
    message: expect.stringContaining('was changed in between') as string,
  };
  await requireAsRead(file, undefined);
  await expect(requireAsRead(file, Buffer.from(before))).rejects.toMatchObject(refused);
  await writeFile(file, before);
  await requireAsRead(file, Buffer.from(before));
  await expect(requireAsRead(file, undefined)).rejects.toMatchObject(refused);
  await writeFile(file, before.replace('beach', 'beech'));
  await expect(requireAsRead(file, Buffer.from(before))).rejects.toMatchObject(refused);
});
