import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { csvRows } from '../../src/album/files/faces-csv.ts';
import type { Album } from '../../src/album/open-album.ts';
import type { AlbumPhoto } from '../../src/album/views/photo-view.ts';
import { parsePicasa } from '../../src/photos/regions/picasa.ts';
import { putPicasa } from '../../src/photos/regions/put-picasa.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openMadeAlbum, placeOf, writePairs } from './made-album.ts';

interface Made {
  readonly album: Album;
  readonly root: string;
  readonly folder: string;
  readonly photos: readonly string[];
}

/** Ann and Bob in two photos; in the first one Ann is confirmed. */
async function madeAlbum(): Promise<Made> {
  const root = await temporaryFolder();
  const folder = join(root, 'photos');
  const photos = await writePairs(folder);
  const album = await openMadeAlbum(root);
  await album.add([folder]);
  await album.correct({ kind: 'is', person: 'Ann', faces: [`${photos[0]!}#1`] });
  return { album, root, folder, photos };
}

describe('the table of names', () => {
  test('has one row for each confirmed and each automatic name, with its place in pixels', async () => {
    const { album, root, photos } = await madeAlbum();
    const file = join(root, 'faces.csv');
    expect(await album.exportCsv(file)).toBe(2);
    const lines = (await readFile(file, 'utf8')).split('\r\n');
    expect(lines[0]).toBe('file,person,answer,probability,left,top,width,height,taken,seconds');
    const [first, second] = lines.slice(1, 3).map((line) => line.split(',')) as [string[], string[]];
    // Made photos are 1000 by 800 pixels.
    expect(first.slice(0, 8)).toEqual([photos[0], 'Ann', 'confirmed', '1', '50.0', '80.0', '120.0', '120.0']);
    expect(second.slice(0, 3)).toEqual([photos[1], 'Ann', 'automatic']);
    expect(Number(second[3])).toBeGreaterThan(0.95);
    expect(first[8]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    expect(lines.slice(3)).toEqual(['']);
  });

  test('is text for spreadsheets: nothing in it is computed, and no comma or line makes a cell of its own', () => {
    const face = {
      state: 'confirmed',
      probability: 1,
      box: { left: -0.001, top: 0, width: 1, height: 1 },
      time: null,
      taken: null,
    };
    const row = (person: string, path = '/a.jpg') =>
      csvRows({
        paths: [path],
        width: 100,
        height: 100,
        faces: [{ ...face, person }],
      } as unknown as AlbumPhoto);
    const rest = 'confirmed,1,-0.1,0.0,100.0,100.0,,';
    expect(row('=HYPERLINK("http://x")')).toEqual([`/a.jpg,"'=HYPERLINK(""http://x"")",${rest}`]);
    for (const sign of ['+', '-', '@', '＝', '＋', '－', '＠']) {
      expect(row(`${sign}1+1`)).toEqual([`/a.jpg,"'${sign}1+1",${rest}`]);
    }
    expect(row('Lee, "Ann"', '/a\nb.jpg')).toEqual([`"/a\nb.jpg","Lee, ""Ann""",${rest}`]);
    expect(row('王芳')).toEqual([`/a.jpg,王芳,${rest}`]);
  });
});

test('all photos of an album are listed with their faces, and none that is gone', async () => {
  const { album, photos } = await madeAlbum();
  const seen: AlbumPhoto[] = [];
  for await (const photo of album.photos()) seen.push(photo);
  expect(seen.map(({ paths }) => paths)).toEqual(photos.map((path) => [path]));
  expect(seen.map(({ faces }) => faces.map(({ person, state }) => [person, state]))).toEqual([
    [
      ['Ann', 'confirmed'],
      [null, 'unnamed'],
    ],
    [
      ['Ann', 'automatic'],
      [null, 'unnamed'],
    ],
  ]);
  expect(await album.photo(seen[0]!.sha256)).toEqual(seen[0]);
});

describe("Picasa's lists", () => {
  test('get the confirmed names beside everything else, and a second time nothing', async () => {
    const { album, folder, photos } = await madeAlbum();
    const file = join(folder, '.picasa.ini');
    const before = [
      '[Picasa]',
      'name=Summer',
      '[0.jpg]',
      'star=yes',
      'faces=rect64(f000f000ffffffff),ffffffffffffffff',
      'backuphash=1234',
      '',
      '[9.jpg]',
      'filters=crop64=1,0;',
      '[Contacts2]',
      'abc=Zoë;zoe@example.org;',
      '',
    ].join('\r\n');
    await writeFile(file, before);
    const change = { file, photo: photos[0]!, changes: [{ name: 'Ann' }] };
    expect(await album.exportPicasa({ dryRun: true })).toEqual({ files: [change], unchanged: 0, failed: [] });
    expect(await readFile(file, 'utf8')).toBe(before);
    expect((await album.exportPicasa({ paths: [folder] })).files).toEqual([change]);
    const after = await readFile(file, 'utf8');
    const [id] = /[0-9a-f]{16}(?==Ann;;)/.exec(after)!;
    const added = after
      .replace(new RegExp(`;rect64\\([0-9a-f]{16}\\),${id}`), '')
      .replace(`${id}=Ann;;\r\n`, '');
    expect(added).toBe(before);
    const { regions } = parsePicasa(after).facesOf('0.jpg')!;
    expect(regions.map(({ name }) => name)).toEqual([null, 'Ann']);
    const { left, top, width, height } = placeOf(0);
    const { box } = regions[1]!;
    for (const [is, wanted] of [
      [box.left, left],
      [box.top, top],
      [box.width, width],
      [box.height, height],
    ] as const)
      expect(is).toBeCloseTo(wanted, 4);
    const { mtimeMs } = await stat(file);
    expect(await album.exportPicasa()).toEqual({ files: [], unchanged: 1, failed: [] });
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
  });

  test('are made where there is none, and are read again by an album that knows nothing', async () => {
    const { album, root, folder, photos } = await madeAlbum();
    await album.correct({ kind: 'is', person: 'Bob "B" Ölm', faces: [`${photos[1]!}#2`] });
    await album.exportPicasa();
    expect(await readdir(folder)).toEqual(['.picasa.ini', '0.jpg', '1.jpg']);
    const other = await openMadeAlbum(join(root, 'other'));
    expect(await other.add([folder])).toMatchObject({ named: 2 });
    expect((await other.status()).people.map(({ shown }) => shown).toSorted()).toEqual([
      'Ann',
      'Bob "B" Ölm',
    ]);
  });

  test('a list that cannot be read is left alone, with a sentence; names that it cannot hold are reported', async () => {
    const { album, folder, photos } = await madeAlbum();
    const file = join(folder, '.picasa.ini');
    await writeFile(file, Buffer.from([0x5b, 0xff, 0x5d]));
    const { failed } = await album.exportPicasa();
    expect(failed).toMatchObject([
      { error: { code: 'cannot-write', message: expect.stringContaining('UTF-8') } },
    ]);
    expect(await readFile(file)).toEqual(Buffer.from([0x5b, 0xff, 0x5d]));
    await writeFile(file, '');
    await album.correct({ kind: 'rename', person: 'Ann', name: 'Ann; Lee' });
    const { failed: refused, files } = await album.exportPicasa();
    expect([files, refused.map(({ path }) => path)]).toEqual([[], [photos[0]]]);
    expect(await readFile(file, 'utf8')).toBe('');
  });

  test('a folder of that name is reported', async () => {
    const { album, folder } = await madeAlbum();
    await mkdir(join(folder, '.picasa.ini'));
    expect((await album.exportPicasa()).failed).toMatchObject([{ error: { code: 'cannot-write' } }]);
  });

  test('a contact that is there is taken; one whom only Picasa knows, or somebody else, keeps the face', () => {
    const box = { left: 0.25, top: 0.25, width: 0.25, height: 0.25 };
    const places = [{ name: 'Ann', box }];
    const put = (text: string, known: readonly string[] = []) =>
      putPicasa(text, 'A.JPG', places, { mayChange: (name) => known.includes(name) });
    const face = 'rect64(3fff3fff7fff7fff)';
    const contacts = '[Contacts2]\n00000000000000ab=Ann;;\n00000000000000ac=Eve;;\n';
    const list = (contact: string): string => `[a.jpg]\nfaces=${face},${contact}\n${contacts}`;
    expect(put(list('ffffffffffffffff')).text).toBe(list('00000000000000ab'));
    // Picasa leaves out zeros in front.
    expect(put(list('ab')).changes).toEqual([]);
    expect(put(list('1234')).changes).toEqual([]);
    expect(put(list('ac')).changes).toEqual([]);
    expect(put(list('ac'), ['Eve'])).toMatchObject({
      text: list('00000000000000ab'),
      changes: [{ name: 'Ann', was: 'Eve' }],
    });
    expect(put('[a.jpg]\rstar=yes').text).toMatch(
      /^\[a\.jpg\]\rstar=yes\rfaces=rect64\(40004000(80008000|7fff7fff|7fff8000|80007fff)\),([0-9a-f]{16})\r\[Contacts2\]\r\2=Ann;;\r$/,
    );
  });
});
