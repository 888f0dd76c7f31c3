/** Names that whosin wrote into files go again when they hold no longer; names of others stay. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Album } from '../../src/album/open-album.ts';
import { namesInXmp } from '../../src/photos/regions/names-in-xmp.ts';
import { parseXmp } from '../../src/photos/regions/xmp.ts';
import { propertyOf, textsOf } from '../../src/photos/regions/xmp-values.ts';
import { bag, description, mwgElements, packet } from '../photos/regions/xmp-text.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { namesIn, openMadeAlbum, placeOf, writePairs } from './made-album.ts';

interface Made {
  readonly album: Album;
  readonly folder: string;
  readonly photo: string;
  readonly sidecar: string;
}

async function madeAlbum(): Promise<Made> {
  const root = await temporaryFolder();
  const folder = join(root, 'photos');
  const [photo] = (await writePairs(folder)) as [string];
  const album = await openMadeAlbum(root);
  await album.add([folder]);
  return { album, folder, photo, sidecar: `${photo}.xmp` };
}

const subject = ['http://purl.org/dc/elements/1.1/', 'subject'] as const;
const people = ['http://iptc.org/std/Iptc4xmpExt/2008-02-29/', 'PersonInImage'] as const;

async function inFile(file: string) {
  const bytes = await readFile(file);
  const xmp = parseXmp(bytes);
  const { regions } = namesInXmp(bytes, { width: 1000, height: 800, orientation: 1 });
  const listed = ([uri, local]: readonly [string, string]) => textsOf(propertyOf(xmp, uri, local)?.value);
  return { regions: regions.map(({ name }) => name), people: listed(people), keywords: listed(subject) };
}

/** A region of another program at the place of a face. */
function regionAt(face: number, name?: string) {
  const { left, top, width, height } = placeOf(face);
  return {
    ...(name !== undefined && { name }),
    x: left + width / 2,
    y: top + height / 2,
    w: width,
    h: height,
  };
}

describe('a name that whosin wrote', () => {
  test('goes when the answer is taken back, and does not come back from the file', async () => {
    const { album, folder, photo, sidecar } = await madeAlbum();
    await album.correct({ kind: 'is', person: 'Bob', faces: [`${photo}#2`] });
    const [ann] = await album.correct({ kind: 'is', person: 'Ann', faces: [`${photo}#1`] });
    await album.write();
    await album.undo(ann!);
    // The file still has the name: it was no answer of the file's.
    await album.add([folder]);
    expect(await namesIn(album, photo)).toEqual([null, 'Bob']);
    const change = { file: sidecar, photo, changes: [{ name: null, was: 'Ann' }] };
    expect((await album.write({ dryRun: true })).files).toEqual([change]);
    expect((await album.write()).files).toEqual([change]);
    expect(await inFile(sidecar)).toEqual({ regions: ['Bob'], people: ['Bob'], keywords: [] });
    expect(await readFile(sidecar, 'utf8')).not.toContain('Ann');
    const bytes = await readFile(sidecar);
    expect(await album.write()).toEqual({ files: [], unchanged: 1, failed: [] });
    expect(await readFile(sidecar)).toEqual(bytes);
    // It may be said again.
    await album.correct({ kind: 'is', person: 'Ann', faces: [`${photo}#1`] });
    await album.write();
    expect(await inFile(sidecar)).toMatchObject({ regions: ['Bob', 'Ann'], people: ['Bob', 'Ann'] });
  });

  test('goes with the last name of a photo too, and stays while its person is hidden', async () => {
    const { album, photo, sidecar } = await madeAlbum();
    const [ann] = await album.correct({ kind: 'is', person: 'Ann', faces: [`${photo}#1`] });
    await album.write();
    await album.correct({ kind: 'hide', person: 'Ann' });
    expect(await album.write()).toEqual({ files: [], unchanged: 0, failed: [] });
    await album.undo(ann!);
    expect((await album.write()).files).toHaveLength(1);
    expect(await inFile(sidecar)).toEqual({ regions: [], people: [], keywords: [] });
    expect(await album.write()).toEqual({ files: [], unchanged: 0, failed: [] });
  });

  test('leaves the region of another program, and the names, people and keywords that others wrote', async () => {
    const { album, photo, sidecar } = await madeAlbum();
    const before = packet(
      description(
        mwgElements([regionAt(0), { name: 'Ann', x: 0.9, y: 0.9, w: 0.05, h: 0.05 }]) +
          bag('dc:subject', ['beach', 'Ann']) +
          bag('Iptc4xmpExt:PersonInImage', ['Ann', 'Zoë']),
      ),
    );
    await writeFile(sidecar, before);
    const [ann] = await album.correct({ kind: 'is', person: 'Ann', faces: [`${photo}#1`] });
    await album.write({ keywords: true });
    expect((await inFile(sidecar)).regions).toEqual(['Ann', 'Ann']);
    await album.undo(ann!);
    await album.write();
    expect(await inFile(sidecar)).toEqual({
      regions: [null, 'Ann'],
      people: ['Ann', 'Zoë'],
      keywords: ['beach', 'Ann'],
    });
  });

  test('is whosin’s no longer once another program has changed it', async () => {
    const { album, folder, photo, sidecar } = await madeAlbum();
    const [ann] = await album.correct({ kind: 'is', person: 'Ann', faces: [`${photo}#1`] });
    await album.write();
    await writeFile(sidecar, (await readFile(sidecar, 'utf8')).replaceAll('Ann', 'Anna Lee'));
    await album.undo(ann!);
    await album.add([folder]);
    expect(await namesIn(album, photo)).toEqual(['Anna Lee', null]);
    expect(await album.write()).toMatchObject({ files: [] });
    expect((await inFile(sidecar)).regions).toEqual(['Anna Lee']);
  });

  test('goes when the face is somebody else, also where the album forgot the name', async () => {
    const { album, photo, sidecar } = await madeAlbum();
    const [ann] = await album.correct({ kind: 'is', person: 'Ann', faces: [`${photo}#1`] });
    await album.write({ keywords: true });
    await album.undo(ann!);
    await album.correct({ kind: 'is', person: 'Eve', faces: [`${photo}#1`] });
    expect((await album.write()).files[0]!.changes).toEqual([{ name: 'Eve', was: 'Ann' }]);
    // Without --keywords no new keyword is written, and the one that holds no longer goes.
    expect(await inFile(sidecar)).toEqual({ regions: ['Eve'], people: ['Eve'], keywords: [] });
    await album.correct({ kind: 'stranger', faces: [`${photo}#1`] });
    await album.write();
    expect(await inFile(sidecar)).toEqual({ regions: [], people: [], keywords: [] });
  });

  test('goes from a list of Picasa', async () => {
    const { album, folder, photo } = await madeAlbum();
    const list = join(folder, '.picasa.ini');
    await writeFile(list, '[0.jpg]\nstar=yes\n');
    const [ann] = await album.correct({ kind: 'is', person: 'Ann', faces: [`${photo}#1`] });
    await album.correct({ kind: 'is', person: 'Bob', faces: [`${photo}#2`] });
    await album.exportPicasa();
    const both = await readFile(list, 'utf8');
    await album.undo(ann!);
    expect((await album.exportPicasa()).files).toMatchObject([{ changes: [{ name: null, was: 'Ann' }] }]);
    const entry = /faces=(rect64\([0-9a-f]{16}\),[0-9a-f]{16};)/.exec(both)![1]!;
    expect(await readFile(list, 'utf8')).toBe(both.replace(entry, ''));
    await album.correct({ kind: 'stranger', faces: [`${photo}#2`] });
    await album.exportPicasa();
    expect(await readFile(list, 'utf8')).toMatch(/^\[0\.jpg\]\nstar=yes\n\[Contacts2\]\n/);
  });
});

test('keywords are written on request, each once', async () => {
  const { album, photo, sidecar } = await madeAlbum();
  await writeFile(sidecar, packet(description(bag('dc:subject', ['beach']))));
  await album.correct({ kind: 'is', person: 'Ann', faces: [`${photo}#1`] });
  await album.write();
  expect((await inFile(sidecar)).keywords).toEqual(['beach']);
  await album.write({ keywords: true });
  expect((await inFile(sidecar)).keywords).toEqual(['beach', 'Ann']);
  expect(await album.write({ keywords: true })).toMatchObject({ files: [], unchanged: 1 });
});
