/** Ten thousand random edits, with a list in memory and ExifTool as judges. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { namesInXmp } from '../../../src/photos/regions/names-in-xmp.ts';
import { putNames } from '../../../src/photos/regions/put-names.ts';
import { blankXmp } from '../../../src/photos/regions/xmp.ts';
import { describeWithExifTool, xmpByExifTool } from '../../exiftool.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { bag, description, packet } from './xmp-text.ts';

const picture = { width: 4000, height: 3000, orientation: 1 };
const people = [
  'Ann',
  'Bob',
  'Zoë "Z" <3 & Co',
  '王芳',
  "D'Arcy",
  'مريم',
  '👩‍🚀',
  'Ann Lee',
  'a]]>b',
  'x--y',
];

const cell = (n: number) => ({
  left: 0.02 + 0.19 * (n % 5),
  top: 0.02 + 0.19 * Math.floor(n / 5),
  width: 0.12,
  height: 0.14,
});

const beginnings = [
  blankXmp(),
  Buffer.from(
    packet(
      description(bag('Iptc4xmpExt:PersonInImage', ['Dana', 'Ann'])),
      description(bag('dc:subject', ['beach'])),
    ),
  ),
  Buffer.from(packet(description('', 'tiff:Orientation="1"')).replaceAll('\n', '\r\n')),
  Buffer.from(`\uFEFF${packet(description(bag('dc:subject', ['x'])))}`, 'utf16le'),
];

describeWithExifTool('10,000 random edits', () => {
  test('leave what was asked for and nothing else', async () => {
    const folder = join(await temporaryFolder(), 'edits');
    await mkdir(folder);
    const random = seededRandom(18);
    const pick = (n: number): number => Math.floor(random() * n);
    const expected: Record<string, { readonly faces: string[]; readonly people: string[] }> = {};
    for (let series = 0; series < 50; series++) {
      let bytes: Uint8Array = beginnings[series % beginnings.length]!;
      const faces = new Map<number, string>();
      const listed = new Set(series % beginnings.length === 1 ? ['Dana', 'Ann'] : []);
      for (let edit = 1; edit <= 200; edit++) {
        const [n, given] = [pick(25), people[pick(people.length)]!];
        // ExifTool 12.57 reads no letters beyond the first 65,536 in UTF-16.
        const name = series % beginnings.length === 3 && given === '👩‍🚀' ? 'Eve' : given;
        const was = faces.get(n);
        const { left, top, width, height } = cell(n);
        // Another detector sees the face a little elsewhere.
        const box = { left: left + 0.02 * random(), top: top + 0.02 * random(), width, height };
        const put = putNames(bytes, [{ name, box }], { picture, mayChange: () => true });
        // A name that is there already changes no byte.
        expect(was === name && put.bytes !== bytes).toBe(false);
        bytes = put.bytes;
        faces.set(n, name);
        listed.add(name);
        if (was !== undefined && was !== name && ![...faces.values()].includes(was)) listed.delete(was);
        if (edit % 20 !== 0) continue;
        const file = `${series}-${edit}.xmp`;
        await writeFile(join(folder, file), bytes);
        expected[file] = { faces: [...faces.values()], people: [...listed] };
        const { regions, unread } = namesInXmp(bytes, picture);
        expect(unread).toEqual([]);
        expect(regions.map((region) => region.name)).toEqual([...faces.values()]);
      }
    }
    const judged = xmpByExifTool(folder);
    const sorted = (names: readonly string[]): string[] => names.toSorted((a, b) => (a < b ? -1 : 1));
    for (const [file, { faces, people: names }] of Object.entries(expected)) {
      const tags = judged[file] as {
        readonly 'XMP-mwg-rs:RegionInfo': { readonly RegionList: { readonly Name: unknown }[] };
        readonly 'XMP-MP:RegionInfoMP': { readonly Regions: { readonly PersonDisplayName: unknown }[] };
        readonly 'XMP-iptcExt:PersonInImage': unknown[];
      };
      const regions = tags['XMP-mwg-rs:RegionInfo'].RegionList.map(({ Name }) => String(Name));
      const microsoft = tags['XMP-MP:RegionInfoMP'].Regions.map(({ PersonDisplayName }) =>
        String(PersonDisplayName),
      );
      expect([file, regions, microsoft]).toEqual([file, faces, faces]);
      expect([file, sorted(tags['XMP-iptcExt:PersonInImage'].map(String))]).toEqual([file, sorted(names)]);
    }
    expect(Object.keys(judged)).toHaveLength(500);
  }, 300_000);
});
