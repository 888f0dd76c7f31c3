import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WhosinError } from '../../src/errors.ts';
import { readRegions } from '../../src/faces/regions/photo-regions.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { type ExifTool, openExifTool } from '../../src/runtime/exiftool.ts';
import { writeXmpInto } from '../../src/runtime/write-xmp-into.ts';
import { fourColoursTile, heicGrid, turned } from '../bytes/heic.ts';
import { describeWithExifTool } from '../exiftool.ts';
import { encode, fourColours } from '../photo-fixtures.ts';
import { bag, description, mwgElements, packet } from '../photos/regions/xmp-text.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const xmp = (name: string): Buffer =>
  Buffer.from(packet(description(mwgElements([{ name, x: 0.25, y: 0.25, w: 0.3, h: 0.3 }]))));

const photo = () => encode(fourColours(320, 240));
const formats: Readonly<Record<string, () => Promise<Uint8Array> | Uint8Array>> = {
  'plain.jpg': () => photo().jpeg().toBuffer(),
  'turned.jpg': () => photo().withMetadata({ orientation: 6 }).jpeg({ progressive: true }).toBuffer(),
  'with-names.jpg': () =>
    photo()
      .withXmp(packet(description(bag('dc:subject', ['beach']))))
      .jpeg()
      .toBuffer(),
  'plain.png': () => photo().png().toBuffer(),
  'plain.tif': () => photo().tiff().toBuffer(),
  'phone.heic': () => heicGrid(fourColoursTile, { columns: 5, rows: 4, properties: [turned(3)] }),
  'named.heic': () => heicGrid(fourColoursTile, { columns: 2, rows: 2, xmp: xmp('Bob') }),
};

const quiet = { keepTimes: false, onWritten: async () => {} };

/** The names that the photo carries; throws if it or a part of them cannot be read. */
async function namesIn(path: string): Promise<unknown[]> {
  const names: unknown[] = [];
  for await (const found of readRegions([path])) {
    expect(found).toMatchObject({ kind: 'regions', unread: [] });
    if (found.kind === 'regions') names.push(...found.regions.map(({ name, type }) => `${type} ${name}`));
  }
  return names;
}

async function withTool<T>(work: (tool: ExifTool) => Promise<T>): Promise<T> {
  return work(await openExifTool());
}

describeWithExifTool('names in photos', () => {
  test.each(Object.entries(formats))(
    '%s: they are read back, and the pixels are the same',
    async (name, make) => {
      const folder = await temporaryFolder();
      const path = join(folder, name);
      const before = await make();
      await writeFile(path, before);
      await withTool((tool) => writeXmpInto(path, xmp('Ann'), tool, quiet));
      expect(await namesIn(path)).toEqual(['Face Ann']);
      const [old, now] = [await decodePhoto(before, name), await decodePhoto(await readFile(path), name)];
      expect(Buffer.from(now.image.data).equals(old.image.data)).toBe(true);
      expect(await readdir(folder)).toEqual([name]);
      // Again, with other names.
      await withTool((tool) => writeXmpInto(path, xmp('Bob'), tool, quiet));
      expect(await namesIn(path)).toEqual(['Face Bob']);
    },
  );

  test('WebP: read back where this ExifTool writes it, else its reason, and the photo is as it was', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'a.webp');
    const before = await photo().webp().toBuffer();
    await writeFile(path, before);
    const failure = await withTool((tool) => writeXmpInto(path, xmp('Ann'), tool, quiet)).catch(String);
    // ExifTool 12.57 of Debian 12 does not write RIFF.
    const refused = failure !== undefined;
    expect(failure ?? '').toContain(refused ? 'this ExifTool writes nothing into .webp files' : '');
    expect(await namesIn(path)).toEqual(refused ? [] : ['Face Ann']);
    expect(before.equals(await readFile(path))).toBe(refused);
    expect(await readdir(folder)).toEqual(['a.webp']);
  });

  // Only the writing of sidecars removed them: in a folder where nothing else is written a copy of a photo stayed for ever.
  test('the copy that a killed process left goes with the next photo', async () => {
    const folder = await temporaryFolder();
    const left = join(folder, `.whosin-${randomUUID()}.tmp.jpg`);
    await writeFile(left, 'half of it');
    await utimes(left, 1_000_000, 1_000_000);
    await writeFile(join(folder, 'a.jpg'), await photo().jpeg().toBuffer());
    await withTool((tool) => writeXmpInto(join(folder, 'a.jpg'), xmp('Ann'), tool, quiet));
    expect(await readdir(folder)).toEqual(['a.jpg']);
  });

  test('mode, link and, where asked for, times stay', async () => {
    const folder = await temporaryFolder();
    const [path, link] = [join(folder, 'a.jpg'), join(folder, 'link.jpg')];
    await writeFile(path, await photo().jpeg().toBuffer());
    await chmod(path, 0o640);
    await utimes(path, 1_000_000, 1_000_000);
    await symlink(path, link);
    await withTool((tool) => writeXmpInto(link, xmp('Ann'), tool, { ...quiet, keepTimes: true }));
    const { mode, mtimeMs } = await stat(path);
    expect([mode & 0o777, mtimeMs]).toEqual([0o640, 1_000_000_000]);
    expect((await readdir(folder)).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['a.jpg', 'link.jpg']);
  });

  test('a file that is no photo, or changes in between, is left as it was', async () => {
    const folder = await temporaryFolder();
    const [text, changing] = [join(folder, 'text.jpg'), join(folder, 'changing.jpg')];
    await writeFile(text, 'no photo');
    await writeFile(changing, await photo().jpeg().toBuffer());
    await withTool(async (tool) => {
      await expect(writeXmpInto(text, xmp('Ann'), tool, quiet)).rejects.toThrow(
        /^Cannot write names into .*ExifTool: /,
      );
      const meddling: ExifTool = async (args) => {
        await tool(args);
        await writeFile(changing, 'somebody was quicker');
      };
      await expect(writeXmpInto(changing, xmp('Ann'), meddling, quiet)).rejects.toThrow(WhosinError);
    });
    expect(await readFile(text, 'utf8')).toBe('no photo');
    expect(await readFile(changing, 'utf8')).toBe('somebody was quicker');
    expect(await readdir(folder)).toEqual(['changing.jpg', 'text.jpg']);
  });

  test('names of files that a command line could take for something else', async () => {
    const folder = join(await temporaryFolder(), '-o "$HOME" %d {ready} 王');
    await mkdir(folder);
    const path = join(folder, '-delete.jpg');
    await writeFile(path, await photo().jpeg().toBuffer());
    await withTool((tool) => writeXmpInto(path, xmp('Ann'), tool, quiet));
    expect(await namesIn(path)).toEqual(['Face Ann']);
  });
});

test('where ExifTool is not there, a sentence tells what to do', async () => {
  await expect(openExifTool('/nowhere/exiftool')).rejects.toMatchObject({
    code: 'no-exiftool',
    message: expect.stringContaining('apt-get install libimage-exiftool-perl'),
  });
});
