import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { namesInXmp } from '../../../src/photos/regions/names-in-xmp.ts';
import { putNames } from '../../../src/photos/regions/put-names.ts';
import type { NamedPlace, PutOptions } from '../../../src/photos/regions/put-options.ts';
import { blankXmp } from '../../../src/photos/regions/xmp.ts';
import { describeWithExifTool, xmpByExifTool } from '../../exiftool.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { bag, description, mwgElements, packet } from './xmp-text.ts';
import { type Animal, zoo } from './zoo.ts';

const picture = { width: 4000, height: 3000, orientation: 1 };
const options: PutOptions = { picture, mayChange: () => true };
const optionsFor = ({ orientation = 1 }: Animal): PutOptions => ({
  ...options,
  picture: { ...picture, orientation },
});
const odd = 'Zoë "Z" & <Co> 王芳';

const bytesOf = ({ bytes }: Animal): Uint8Array => (typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
const read = (bytes: Uint8Array, { orientation = 1 }: Partial<Animal> = {}) =>
  namesInXmp(bytes, { ...picture, orientation });
const rounded = ({ left, top, width, height }: NamedPlace['box']): NamedPlace['box'] => ({
  left: Number(left.toFixed(5)),
  top: Number(top.toFixed(5)),
  width: Number(width.toFixed(5)),
  height: Number(height.toFixed(5)),
});
const faces = (bytes: Uint8Array, animal: Partial<Animal> = {}): NamedPlace[] =>
  read(bytes, animal).regions.flatMap(({ name, type, box }) =>
    type === 'Face' && name !== null ? [{ name, box: rounded(box) }] : [],
  );

/** Those that can be written: text that is XMP, in Unicode. */
const writable = Object.entries(zoo).filter(
  ([name, animal]) =>
    !name.startsWith('Latin-1') && !/XML|text|type|nested|elements|large/.test(String(animal.unread)),
);

describe.each(writable)('%s', (_, animal) => {
  const given = bytesOf(animal);
  const put = (bytes: Uint8Array, places: readonly NamedPlace[]) =>
    putNames(bytes, places, optionsFor(animal));
  const corner = { name: 'New Face', box: { left: 0.9, top: 0.02, width: 0.05, height: 0.06 } };
  const before = faces(given, animal);
  const { bytes: first, changes } = put(given, [...before, corner]);

  test('gets a face, and keeps all that it had', () => {
    expect(changes).toContainEqual({ name: 'New Face' });
    const [old, now] = [read(given, animal), read(first, animal)];
    expect(
      now.regions.filter(({ name }) => name !== 'New Face').map(({ name, type }) => [name, type]),
    ).toEqual(old.regions.map(({ name, type }) => [name, type]));
    expect(faces(first, animal)).toContainEqual(expect.objectContaining({ name: 'New Face' }));
    expect(now.unread).toEqual(old.unread);
    const people = now.hints.filter(({ kind }) => kind === 'person').map(({ name }) => name);
    expect(people).toEqual(expect.arrayContaining([...before.map(({ name }) => name), 'New Face']));
  });

  test('a second time changes no byte', () => {
    const again = put(first, [...before, corner]);
    expect(again.bytes).toBe(first);
    expect(again.changes).toEqual([]);
  });

  test('a name that changes is the only thing that changes', () => {
    const [one] = before;
    const renamed = before.map((face) => (face.name === one?.name ? { ...face, name: odd } : face));
    const { bytes, changes: made } = put(first, [...renamed, corner]);
    const expected = faces(first, animal).map(({ name, box }) => ({
      name: name === one?.name ? odd : name,
      box,
    }));
    expect(faces(bytes, animal)).toEqual(expected);
    expect(made).toEqual(one ? [{ name: odd, was: one.name }] : []);
    // There and back again.
    expect(faces(put(bytes, [...before, corner]).bytes, animal)).toEqual(faces(first, animal));
  });
});

describe('names of faces in a packet', () => {
  const ann = { name: 'Ann', box: { left: 0.2, top: 0.25, width: 0.2, height: 0.3 } };

  test('a blank one: MWG, Microsoft and people without a place', () => {
    const text = Buffer.from(putNames(blankXmp(), [ann], options).bytes).toString();
    expect(text).toContain('<mwg-rs:Name>Ann</mwg-rs:Name>');
    expect(text).toContain('<MPReg:Rectangle>0.2, 0.25, 0.2, 0.3</MPReg:Rectangle>');
    expect(text).toContain('<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Ann</rdf:li></rdf:Bag>');
    expect(faces(Buffer.from(text))).toEqual([ann]);
  });

  test('a name at that place that nobody knows stays', () => {
    const given = Buffer.from(
      packet(description(mwgElements([{ name: 'Carol', x: 0.3, y: 0.4, w: 0.2, h: 0.3 }]))),
    );
    const { bytes } = putNames(given, [ann], { picture, mayChange: (name) => name !== 'Carol' });
    expect(read(bytes).regions.map(({ name }) => name)).toEqual(['Carol']);
  });

  test('somebody whose only face got another name is no longer among the people without a place', () => {
    const given = Buffer.from(
      packet(
        description(mwgElements([{ name: 'Bob', x: 0.3, y: 0.4, w: 0.2, h: 0.3 }])),
        description(bag('Iptc4xmpExt:PersonInImage', ['Dana', 'Bob', 'Ann'])),
      ),
    );
    const { bytes } = putNames(given, [ann], options);
    expect(Buffer.from(bytes).toString()).toContain('<rdf:li>Dana</rdf:li><rdf:li>Ann</rdf:li></rdf:Bag>');
  });

  test('regions that would be hidden come along', () => {
    const carried = [{ name: 'Rex', type: 'Pet', box: { left: 0.5, top: 0.5, width: 0.1, height: 0.1 } }];
    const { bytes } = putNames(blankXmp(), [ann], { ...options, carried });
    expect(read(bytes).regions.map(({ name, type }) => [name, type])).toEqual([
      ['Rex', 'Pet'],
      ['Ann', 'Face'],
    ]);
  });

  test('what cannot be read is refused with the reason', () => {
    expect(() => putNames(Buffer.from('<x'), [ann], options)).toThrow(/damaged/);
  });
});

describeWithExifTool('with ExifTool as judge', () => {
  test('a new face and a new name show as that and nothing else', async () => {
    const root = await temporaryFolder();
    const [old, added, renamed] = ['old', 'added', 'renamed'].map((name) => join(root, name)) as [
      string,
      string,
      string,
    ];
    for (const folder of [old, added, renamed]) await mkdir(folder);
    const corner = { name: 'New Face', box: { left: 0.9, top: 0.02, width: 0.05, height: 0.06 } };
    const firsts: Record<string, string | undefined> = {};
    for (const [i, [, animal]] of writable.entries()) {
      const given = bytesOf(animal);
      const before = faces(given, animal);
      const [one] = before;
      firsts[`${i}.xmp`] = one?.name;
      const first = putNames(given, [...before, corner], optionsFor(animal)).bytes;
      const other = before.map((face) => (face.name === one?.name ? { ...face, name: odd } : face));
      await writeFile(join(old, `${i}.xmp`), given);
      await writeFile(join(added, `${i}.xmp`), first);
      await writeFile(
        join(renamed, `${i}.xmp`),
        putNames(first, [...other, corner], optionsFor(animal)).bytes,
      );
    }
    const ours = /RegionInfo|PersonInImage$/;
    const rest = (tags: object = {}): [string, unknown][] =>
      Object.entries(tags).filter(([tag]) => !ours.test(tag));
    const [before, withFace, withName] = [xmpByExifTool(old), xmpByExifTool(added), xmpByExifTool(renamed)];
    for (const name of Object.keys(firsts)) {
      expect([name, rest(withFace[name])]).toEqual([name, rest(before[name])]);
      const was = firsts[name];
      const change = (value: unknown): unknown =>
        JSON.parse(JSON.stringify(value, (_, one: unknown) => (one === was ? odd : one)));
      const expected = Object.entries(withFace[name]!).map(([tag, value]) => [
        tag,
        ours.test(tag) ? change(value) : value,
      ]);
      expect([name, Object.entries(withName[name]!)]).toEqual([name, expected]);
    }
  }, 60_000);
});
