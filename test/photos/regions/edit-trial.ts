/** Random edits of a packet, with a list in memory and ExifTool as judges. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from '../../../src/core/random.ts';
import { namesInXmp } from '../../../src/photos/regions/names-in-xmp.ts';
import { putNames } from '../../../src/photos/regions/put-names.ts';
import { blankXmp } from '../../../src/photos/regions/xmp.ts';
import { xmpByExifTool } from '../../exiftool.ts';
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

interface Expected {
  readonly faces: readonly string[];
  readonly people: readonly string[];
}

export interface EditTrial {
  readonly edits: number;
  /** Packets that ExifTool has read. */
  readonly judged: number;
  readonly faults: readonly string[];
}

/**
 * Each edit is looked at, and each twentieth packet is a file for ExifTool.
 *
 * @param folder an empty one
 */
export async function editTrial(
  folder: string,
  { series, editsEach, seed }: { readonly series: number; readonly editsEach: number; readonly seed: number },
): Promise<EditTrial> {
  const random = seededRandom(seed);
  const pick = (n: number): number => Math.floor(random() * n);
  const faults: string[] = [];
  const expected = new Map<string, Expected>();
  for (let one = 0; one < series; one++) {
    const beginning = one % beginnings.length;
    let bytes: Uint8Array = beginnings[beginning]!;
    const faces = new Map<number, string>();
    const listed = new Set(beginning === 1 ? ['Dana', 'Ann'] : []);
    for (let edit = 1; edit <= editsEach; edit++) {
      const [n, given] = [pick(25), people[pick(people.length)]!];
      // ExifTool 12.57 reads no letters beyond the first 65,536 in UTF-16.
      const name = beginning === 3 && given === '👩‍🚀' ? 'Eve' : given;
      const was = faces.get(n);
      const { left, top, width, height } = cell(n);
      // Another detector sees the face a little elsewhere.
      const box = { left: left + 0.02 * random(), top: top + 0.02 * random(), width, height };
      const put = putNames(bytes, [{ name, box }], { picture, mayChange: () => true });
      if (was === name && put.bytes !== bytes)
        faults.push(`${one}-${edit}: a name that was there changed bytes`);
      bytes = put.bytes;
      faces.set(n, name);
      listed.add(name);
      if (was !== undefined && was !== name && ![...faces.values()].includes(was)) listed.delete(was);
      if (edit % 20 !== 0) continue;
      const file = `${one}-${edit}.xmp`;
      await writeFile(join(folder, file), bytes);
      expected.set(file, { faces: [...faces.values()], people: [...listed] });
      const { regions, unread } = namesInXmp(bytes, picture);
      const names = regions.map((region) => region.name);
      if (unread.length > 0) faults.push(`${file}: ${unread.join(', ')}`);
      if (!isSame(names, [...faces.values()])) faults.push(`${file}: whosin reads ${names.join(', ')}`);
    }
  }
  const judged = xmpByExifTool(folder);
  for (const [file, wanted] of expected) faults.push(...faultsIn(file, judged[file], wanted));
  return { edits: series * editsEach, judged: Object.keys(judged).length, faults };
}

interface Tags {
  readonly 'XMP-mwg-rs:RegionInfo': { readonly RegionList: { readonly Name: unknown }[] };
  readonly 'XMP-MP:RegionInfoMP': { readonly Regions: { readonly PersonDisplayName: unknown }[] };
  readonly 'XMP-iptcExt:PersonInImage': unknown[];
}

function faultsIn(file: string, read: unknown, { faces, people: listed }: Expected): string[] {
  if (read === undefined) return [`${file}: ExifTool has not read it`];
  const tags = read as Tags;
  const found = {
    MWG: tags['XMP-mwg-rs:RegionInfo'].RegionList.map(({ Name }) => String(Name)),
    Microsoft: tags['XMP-MP:RegionInfoMP'].Regions.map(({ PersonDisplayName }) => String(PersonDisplayName)),
  };
  const names = tags['XMP-iptcExt:PersonInImage'].map(String);
  return [
    ...Object.entries(found).flatMap(([form, own]) =>
      isSame(own, faces) ? [] : [`${file}: ${form} ${own.join(', ')}`],
    ),
    ...(isSame(names.toSorted(), listed.toSorted()) ? [] : [`${file}: people ${names.join(', ')}`]),
  ];
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}
