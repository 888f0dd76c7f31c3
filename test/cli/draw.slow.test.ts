import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { portrait, writePhoto } from '../demo-people.ts';
import { demoPhoto, encode, fourColours } from '../photo-fixtures.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { setUpCalls } from './call-whosin.ts';
import { setUpModel } from './whosin.ts';

const whosin = setUpCalls();
const model = setUpModel(whosin, {
  '<b>&amp; "R&D" \'x\'': ['mona', 1],
  'José 😀': ['nell', 1],
  李小龍: ['olga', 1],
  ['a very long name '.repeat(12).trim()]: ['pam', 1],
});

/** Every file below a folder with the sha256 of its content. */
async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
  const hashes = paths.toSorted().map(async (path) => {
    const hash = createHash('sha256').update(await readFile(path));
    return [path.slice(folder.length + 1), hash.digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(hashes));
}

/** How many pixels are of the green of known faces, and of the orange of unknown ones. */
async function tones(path: string): Promise<{ readonly known: number; readonly unknown: number }> {
  const { data } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const near = (i: number, [r, g, b]: readonly [number, number, number]): boolean =>
    Math.abs(data[i]! - r) + Math.abs(data[i + 1]! - g) + Math.abs(data[i + 2]! - b) < 40;
  let [known, unknown] = [0, 0];
  for (let i = 0; i < data.length; i += 3) {
    if (near(i, [0x35, 0xd0, 0x7f])) known++;
    if (near(i, [0xff, 0xb0, 0x20])) unknown++;
  }
  return { known, unknown };
}

describe('--draw', () => {
  test('writes a copy with boxes and names for each photo that could be read', async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'broken.jpg'), 'no photo');
    const photos = [demoPhoto(3), demoPhoto(6), 'broken.jpg'];
    const { status, stderr } = await whosin(
      ['identify', ...photos, '-m', model.path, '--draw', 'out/drawn'],
      { cwd },
    );
    expect(status).toBe(1);
    expect(stderr).toContain('drawn into out/drawn');
    // They are of another folder than the broken one, hence in a folder of their own.
    expect((await readdir(join(cwd, 'out', 'drawn', 'demo'))).toSorted()).toEqual([
      'sample3-whosin.jpg',
      'sample6-whosin.jpg',
    ]);
    const copy = join(cwd, 'out', 'drawn', 'demo', 'sample3-whosin.jpg');
    expect(await sharp(copy).metadata()).toMatchObject({ format: 'jpeg', width: 1920, height: 1350 });
    const { known, unknown } = await tones(copy);
    const before = await tones(demoPhoto(3));
    expect(known - before.known).toBeGreaterThan(2000);
    expect(unknown - before.unknown).toBeGreaterThan(2000);
  });

  test('takes every name that a folder can have, and draws it as it is', async () => {
    const cwd = await temporaryFolder();
    const args = ['identify', demoPhoto(3), demoPhoto(6), '-m', model.path, '--draw', '.', '--json'];
    const { status, stdout } = await whosin(args, { cwd });
    expect(status).toBe(0);
    for (const name of ['<b>&amp; "R&D" \'x\'', 'José 😀', '李小龍', 'a very long name']) {
      expect(stdout).toContain(JSON.stringify(name).slice(1, -1));
    }
    expect(await readdir(cwd)).toHaveLength(2);
  });

  test('changes no photo and puts nothing beside one, even where the copies go to the photos’ own folder', async () => {
    const album = await temporaryFolder();
    await writePhoto(join(album, 'party.jpg'), portrait('mona'));
    await writePhoto(join(album, 'party-whosin.jpg'), portrait('nell'));
    await writePhoto(join(album, 'deep', 'x.png'), portrait('pam').png());
    const before = await contents(album);
    const apart = join(await temporaryFolder(), 'drawn');
    expect((await whosin(['identify', album, '-m', model.path, '--draw', apart])).status).toBe(0);
    expect(await contents(album)).toEqual(before);
    const copies = await contents(apart);
    expect(Object.keys(copies)).toHaveLength(3);

    // The second time each copy takes the place of the one from before.
    expect((await whosin(['identify', album, '-m', model.path, '--draw', apart])).status).toBe(0);
    expect(await contents(apart)).toEqual(copies);

    expect((await whosin(['identify', album, '-m', model.path, '--draw', album])).status).toBe(0);
    const after = await contents(album);
    expect(after).toMatchObject(before);
    expect(Object.keys(after).length).toBe(Object.keys(before).length + 3);
  });

  test('copies keep the folders of their photos, and an earlier one is found there again', async () => {
    const cwd = await temporaryFolder();
    await writePhoto(join(cwd, 'album', 'may', 'IMG_1.jpg'), portrait('mona'));
    await writePhoto(join(cwd, 'album', 'june', 'IMG_1.jpg'), portrait('nell'));
    for (const _ of [1, 2]) {
      await whosin(['identify', 'album', '-m', model.path, '--draw', 'album/named'], { cwd });
      expect(Object.keys(await contents(join(cwd, 'album', 'named')))).toEqual([
        join('june', 'IMG_1-whosin.jpg'),
        join('may', 'IMG_1-whosin.jpg'),
      ]);
    }
  });

  test('photos of one name from two folders get a copy each', async () => {
    const cwd = await temporaryFolder();
    await writePhoto(join(cwd, 'may', 'IMG_1.jpg'), portrait('mona'));
    await writePhoto(join(cwd, 'june', 'IMG_1.jpg'), portrait('nell'));
    await writePhoto(join(cwd, 'june', 'IMG_1.png'), portrait('pam').png());
    await writePhoto(join(cwd, 'july', 'img_1.JPG'), portrait('olga'));
    const { status } = await whosin(['identify', 'may', 'june', 'july', '-m', model.path, '--draw', 'out'], {
      cwd,
    });
    expect(status).toBe(0);
    const copies = await contents(join(cwd, 'out'));
    expect(Object.keys(copies)).toEqual([
      join('july', 'img_1-whosin.jpg'),
      join('june', 'IMG_1-whosin-2.jpg'),
      join('june', 'IMG_1-whosin.jpg'),
      join('may', 'IMG_1-whosin.jpg'),
    ]);
    expect(new Set(Object.values(copies)).size).toBe(4);
  });

  test('turns and sizes of the camera are kept: the copy is upright', async () => {
    const cwd = await temporaryFolder();
    const turned = portrait('mona').withMetadata({ orientation: 6 }).resize(300, 200, { fit: 'cover' });
    await writePhoto(join(cwd, 'turned.jpg'), turned);
    expect(
      (await whosin(['identify', 'turned.jpg', '-m', model.path, '--draw', 'out'], { cwd })).status,
    ).toBe(0);
    const { width, height, orientation } = await sharp(join(cwd, 'out', 'turned-whosin.jpg')).metadata();
    // Small photos are drawn at a size that has room for names.
    expect([width, height, orientation ?? 1]).toEqual([533, 800, 1]);
  });

  test('draws a photo without faces, and one smaller than a name', async () => {
    const cwd = await temporaryFolder();
    await writePhoto(join(cwd, 'wall.png'), encode(fourColours()).png());
    await writePhoto(join(cwd, 'tiny.jpg'), portrait('nell').resize(40, 40));
    const { status, stderr } = await whosin(['identify', '.', '-m', model.path, '--draw', 'out'], { cwd });
    expect([status, stderr]).toEqual([0, expect.stringContaining('2 photos')]);
    expect(await readdir(join(cwd, 'out'))).toHaveLength(2);
  });

  test('into what cannot be a folder: status 1 and a sentence', async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'file'), 'in the way');
    for (const folder of ['file', 'file/deep']) {
      const { status, stdout, stderr } = await whosin(
        ['identify', demoPhoto(3), '-m', model.path, '--draw', folder],
        { cwd },
      );
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^error: [^\n]*folder file[^\n]*\n$/);
    }
    expect(await readFile(join(cwd, 'file'), 'utf8')).toBe('in the way');
  });
});
