import { chmod, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Album } from '../../src/album/open-album.ts';
import { namesInXmp } from '../../src/photos/regions/names-in-xmp.ts';
import { putNames } from '../../src/photos/regions/put-names.ts';
import { blankXmp } from '../../src/photos/regions/xmp.ts';
import { bag, description, mwgElements, packet } from '../photos/regions/xmp-text.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { namesIn, openMadeAlbum, placeOf, writePairs } from './made-album.ts';

const picture = { width: 1000, height: 800, orientation: 1 };

async function regionsIn(file: string): Promise<(readonly [string | null, number])[]> {
  const { regions } = namesInXmp(await readFile(file), picture);
  return regions.map(({ name, box }) => [name, Number(box.left.toFixed(3))] as const);
}

interface Made {
  readonly album: Album;
  readonly root: string;
  readonly folder: string;
  readonly photos: readonly string[];
}

/** Two photos with persons 0 and 1; nobody is named. */
async function madeAlbum(): Promise<Made> {
  const root = await temporaryFolder();
  const folder = join(root, 'photos');
  const photos = await writePairs(folder);
  const album = await openMadeAlbum(root);
  await album.add([folder]);
  return { album, root, folder, photos };
}

const ann = placeOf(0).left;
const bob = Number(placeOf(1).left.toFixed(3));

describe('names of confirmed faces', () => {
  test('nothing is written once the signal stops it, while names of files are read too', async () => {
    const { album, folder, photos } = await madeAlbum();
    await album.correct({ kind: 'is', person: 'Ann', faces: [`${photos[0]!}#1`] });
    const signal = AbortSignal.abort();
    await expect(album.write({ signal })).rejects.toMatchObject({ code: 'cancelled' });
    await writeFile(`${photos[1]!}.xmp`, packet(description(bag('dc:subject', ['new']))));
    await expect(album.write({ signal })).rejects.toMatchObject({ code: 'cancelled' });
    expect(await readdir(folder)).toEqual(['0.jpg', '1.jpg', '1.jpg.xmp']);
  });

  test('are written beside the photos; a second time changes nothing', async () => {
    const { album, folder, photos } = await madeAlbum();
    expect(await album.write()).toEqual({ files: [], unchanged: 0, failed: [] });
    await album.correct({ kind: 'is', person: 'Ann', faces: [`${photos[0]!}#1`] });
    const sidecar = `${photos[0]!}.xmp`;
    const changes = [{ name: 'Ann' }];
    const written = { files: [{ file: sidecar, photo: photos[0]!, changes }], unchanged: 0, failed: [] };
    expect(await album.write({ dryRun: true })).toEqual(written);
    expect(await readdir(folder)).toEqual(['0.jpg', '1.jpg']);
    expect(await album.write()).toEqual(written);
    expect(await readdir(folder)).toEqual(['0.jpg', '0.jpg.xmp', '1.jpg']);
    expect(await regionsIn(sidecar)).toEqual([['Ann', ann]]);
    const [bytes, before] = [await readFile(sidecar), await stat(sidecar)];
    expect(await album.write()).toEqual({ files: [], unchanged: 1, failed: [] });
    expect(await readFile(sidecar)).toEqual(bytes);
    expect((await stat(sidecar)).mtimeMs).toBe(before.mtimeMs);
    // Automatic names are suggestions of the machine: photo 1 shows her too, and gets no sidecar.
    expect((await namesIn(album, photos[1]!))[0]).toBe('Ann');
  });

  test('a run with nothing to write removes what a killed one has left', async () => {
    const { album, folder, photos } = await madeAlbum();
    const places = [{ name: 'Ann', box: placeOf(0) }];
    await writeFile(
      `${photos[0]!}.xmp`,
      putNames(blankXmp(), places, { picture, mayChange: () => true }).bytes,
    );
    const left = '.whosin-2331de52-6f21-46d5-835f-ff3d6dd1a821.tmp';
    await writeFile(join(folder, left), 'half');
    const then = new Date(Date.now() - 2 * 3_600_000);
    await utimes(join(folder, left), then, then);
    expect(await album.write({ dryRun: true })).toMatchObject({ files: [], unchanged: 1 });
    expect(await readdir(folder)).toContain(left);
    expect(await album.write()).toMatchObject({ files: [], unchanged: 1 });
    expect(await readdir(folder)).toEqual(['0.jpg', '0.jpg.xmp', '1.jpg']);
  });

  test('come back where the catalog is gone: the same people, without a question', async () => {
    const { album, root, folder, photos } = await madeAlbum();
    await album.correct({ kind: 'is', person: 'Ann', faces: [`${photos[0]!}#1`, `${photos[1]!}#1`] });
    await album.correct({ kind: 'is', person: 'Bob', faces: [`${photos[0]!}#2`] });
    await album.write();
    await album.close();
    await rm(join(root, '.home'), { recursive: true });
    const again = await openMadeAlbum(root);
    expect(await again.add([folder])).toMatchObject({ named: 3 });
    expect(await namesIn(again, photos[0]!)).toEqual(['Ann', 'Bob']);
    expect(await again.write()).toMatchObject({ files: [], unchanged: 2 });
  });

  test('change with the person: renamed, corrected', async () => {
    const { album, photos } = await madeAlbum();
    await album.correct({ kind: 'is', person: 'Ann', faces: [`${photos[0]!}#1`] });
    await album.write();
    await album.correct({ kind: 'rename', person: 'Ann', name: 'Ann Lee' });
    expect((await album.write()).files[0]!.changes).toEqual([{ name: 'Ann Lee', was: 'Ann' }]);
    await album.correct({ kind: 'is', person: 'Bob', faces: [`${photos[0]!}#1`] });
    expect((await album.write()).files[0]!.changes).toEqual([{ name: 'Bob', was: 'Ann Lee' }]);
    expect(await regionsIn(`${photos[0]!}.xmp`)).toEqual([['Bob', ann]]);
    const text = await readFile(`${photos[0]!}.xmp`, 'utf8');
    expect(text).not.toContain('Ann');
  });

  test('what else is in a sidecar stays, letter by letter; photo.xmp is used where it is there', async () => {
    const { album, folder, photos } = await madeAlbum();
    const rex = mwgElements([{ name: 'Rex', type: 'Pet', x: 0.9, y: 0.9, w: 0.1, h: 0.1 }]);
    const other = '<x:secret xmlns:x="urn:x" a=\'1\'><!-- kept --></x:secret>';
    const before = packet(description(`${rex}\n${bag('dc:subject', ['beach'])}\n${other}`));
    await writeFile(join(folder, '0.xmp'), before);
    await album.correct({ kind: 'is', person: 'Ann', faces: [`${photos[0]!}#1`] });
    await album.write();
    expect(await readdir(folder)).toEqual(['0.jpg', '0.xmp', '1.jpg']);
    const after = await readFile(join(folder, '0.xmp'), 'utf8');
    let at = 0;
    // All letters of before are there in their order, with others in between.
    for (const part of before.split('\n')) {
      at = after.indexOf(part, at);
      expect([part, at < 0]).toEqual([part, false]);
      at += part.length;
    }
    expect(await regionsIn(join(folder, '0.xmp'))).toEqual([
      ['Rex', 0.85],
      ['Ann', ann],
    ]);
  });

  test('a sidecar that cannot be read is left alone, with a sentence; the rest goes on', async () => {
    const { album, photos } = await madeAlbum();
    await writeFile(`${photos[0]!}.xmp`, '<x:xmpmeta');
    await album.correct({ kind: 'is', person: 'Ann', faces: [`${photos[0]!}#1`, `${photos[1]!}#1`] });
    const { files, failed } = await album.write();
    expect(files.map(({ file }) => file)).toEqual([`${photos[1]!}.xmp`]);
    expect(failed).toMatchObject([
      {
        path: photos[0]!,
        error: { code: 'cannot-write', message: expect.stringContaining('XML is damaged') },
      },
    ]);
    expect(await readFile(`${photos[0]!}.xmp`, 'utf8')).toBe('<x:xmpmeta');
  });

  test.skipIf(process.getuid?.() === 0)(
    'a folder that cannot be written to is reported, and nothing is in it',
    async () => {
      const { album, folder, photos } = await madeAlbum();
      await album.correct({ kind: 'is', person: 'Ann', faces: [`${photos[0]!}#1`] });
      await chmod(folder, 0o555);
      const { failed } = await album.write();
      await chmod(folder, 0o755);
      expect(failed).toMatchObject([{ error: { code: 'cannot-write' } }]);
      expect(await readdir(folder)).toEqual(['0.jpg', '1.jpg']);
    },
  );

  test('a place that is a folder is reported', async () => {
    const { album, photos } = await madeAlbum();
    await mkdir(`${photos[0]!}.xmp`);
    await album.correct({ kind: 'is', person: 'Ann', faces: [`${photos[0]!}#1`] });
    expect((await album.write()).failed).toMatchObject([{ error: { code: 'cannot-write' } }]);
  });

  test("of a photo that is named alone, hidden people's aside", async () => {
    const { album, photos } = await madeAlbum();
    await album.correct({ kind: 'is', person: 'Ann', faces: [`${photos[0]!}#1`, `${photos[1]!}#1`] });
    await album.correct({ kind: 'is', person: 'Bob', faces: [`${photos[1]!}#2`] });
    await album.correct({ kind: 'hide', person: 'Bob' });
    expect((await album.write({ paths: [photos[1]!] })).files.map(({ file }) => file)).toEqual([
      `${photos[1]!}.xmp`,
    ]);
    expect(await regionsIn(`${photos[1]!}.xmp`)).toEqual([['Ann', ann]]);
    await expect(album.write({ paths: ['/nowhere'] })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('what another program wrote since the last look is known before anything is changed', async () => {
    const { album, photos } = await madeAlbum();
    await album.correct({ kind: 'is', person: 'Ann', faces: [`${photos[0]!}#1`] });
    await album.write();
    const { left, top, width, height } = placeOf(1);
    const named = mwgElements([
      { name: 'Bea', x: left + width / 2, y: top + height / 2, w: width, h: height },
    ]);
    const text = await readFile(`${photos[0]!}.xmp`, 'utf8');
    const item = named.slice(named.indexOf('<rdf:li'), named.lastIndexOf('</rdf:li>') + 9);
    await writeFile(
      `${photos[0]!}.xmp`,
      text.replace(
        '<rdf:Bag>',
        `<rdf:Bag xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/" xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#">${item}`,
      ),
    );
    await album.write();
    expect(await namesIn(album, photos[0]!)).toEqual(['Ann', 'Bea']);
    expect(await regionsIn(`${photos[0]!}.xmp`)).toEqual([
      ['Bea', bob],
      ['Ann', ann],
    ]);
  });
});
