import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { encode } from '../photo-fixtures.ts';
import { bag, description, mwgElements, packet } from '../photos/regions/xmp-text.ts';
import { sharedFolder } from '../shared-folder.ts';
import { setUpCalls } from './call-whosin.ts';

const whosin = setUpCalls();
const files = sharedFolder();

beforeAll(async () => {
  const grey = { width: 400, height: 300, data: new Uint8Array(400 * 300 * 3).fill(120) };
  const plain = await encode(grey).jpeg().toBuffer();
  const ann = mwgElements([{ name: 'Ann Lee', x: 0.3, y: 0.4, w: 0.2, h: 0.4 }]);
  const turned = encode(grey).withMetadata({ orientation: 6 });
  const at = (...names: string[]): string => join(files.path, ...names);
  await writeFile(
    at('named.jpg'),
    await turned
      .withXmp(packet(description(ann)))
      .jpeg()
      .toBuffer(),
  );
  await writeFile(at('beside.jpg'), plain);
  await writeFile(at('beside.jpg.xmp'), packet(description(bag('Iptc4xmpExt:PersonInImage', ['Bob']))));
  await writeFile(at('broken.jpg'), plain);
  await writeFile(at('broken.xmp'), '<x:xmpmeta');
  await writeFile(at('none.jpg'), plain);
  await mkdir(at('picasa'));
  await writeFile(at('picasa', 'IMG_1.JPG'), plain);
  await writeFile(at('picasa', 'IMG_2.jpg'), plain);
  await writeFile(
    at('picasa', '.picasa.ini'),
    [
      '\uFEFF[Picasa]\r\nname=Party\r\n[Contacts2]\r\n76bc8d8d518750bc=Cem Öz;;',
      '[img_1.jpg]\r\nfaces=rect64(3333400066668000),76bc8d8d518750bc;rect64(80000000c0004000),ffffffffffffffff',
      '[IMG_2.jpg]\r\nrotate=rotate(0)\r\nfaces=rect64(33340006666),4cd643f64b715489;rect64(xyz),1;',
    ].join('\r\n'),
  );
});

const lines = (stdout: string): Record<string, unknown>[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('whosin regions', () => {
  test('shows names, places in the upright photo, and where they stand', async () => {
    const { status, stdout, stderr } = await whosin(['regions', 'named.jpg', 'beside.jpg', 'none.jpg'], {
      cwd: files.path,
    });
    expect(stdout).toBe(
      [
        'named.jpg  300 × 400, turned (orientation 6)',
        '  Ann Lee  Face  120×80 at 120,80  MWG',
        'beside.jpg  400 × 300',
        '  Bob  a person without a place  Iptc4xmpExt:PersonInImage in beside.jpg.xmp',
        'none.jpg  400 × 300',
        '  no names',
        '',
      ].join('\n'),
    );
    expect([status, stderr]).toEqual([0, '3 photos\n']);
  });

  test('--json: one object for each photo, with boxes in pixels', async () => {
    const { stdout } = await whosin(['regions', 'named.jpg', '--json'], { cwd: files.path });
    expect(lines(stdout)).toEqual([
      {
        schema: 1,
        file: 'named.jpg',
        width: 300,
        height: 400,
        orientation: 6,
        regions: [
          {
            name: 'Ann Lee',
            type: 'Face',
            box: { left: 120, top: 80, width: 120, height: 80 },
            standard: 'mwg',
            from: 'named.jpg',
          },
        ],
        hints: [],
        unread: [],
      },
    ]);
  });

  test('what cannot be parsed is unread, never none', async () => {
    const { status, stdout, stderr } = await whosin(['regions', 'broken.jpg'], { cwd: files.path });
    expect(stdout).toBe('broken.jpg  400 × 300\n  no names that could be read\n');
    expect(stderr).toMatch(/^ {2}unread: broken\.xmp: its XML is damaged \(.+\)\n$/);
    expect(status).toBe(0);
  });

  test("a folder with Picasa's list: names of its contacts, faces without one, what makes no sense", async () => {
    const { stdout } = await whosin(['regions', 'picasa', '--json'], { cwd: files.path });
    const [first, second] = lines(stdout) as Record<string, Record<string, unknown>[]>[];
    expect(first!['regions']).toEqual([
      expect.objectContaining({
        name: 'Cem Öz',
        standard: 'picasa',
        box: { left: 80, top: 75, width: 80, height: 75 },
      }),
      expect.objectContaining({ name: null, box: { left: 200, top: 0, width: 100, height: 75 } }),
    ]);
    // Picasa leaves out zeros in front: 0000 0333 4000 6666.
    expect(second!['regions']).toEqual([expect.objectContaining({ name: null, type: 'Face' })]);
    expect(second!['unread']!.map(({ reason }) => reason)).toEqual([
      'the contact 4cd643f64b715489 of a face has no name there',
      '"rect64(xyz),1" is no face that Picasa writes',
    ]);
  });

  test('photos that cannot be read are reported, and the rest goes on; nothing is written', async () => {
    const before = await readdir(files.path, { recursive: true });
    const { status, stdout, stderr } = await whosin(
      ['regions', 'gone.jpg', 'beside.jpg.xmp', 'none.jpg', '--json'],
      {
        cwd: files.path,
      },
    );
    expect(status).toBe(1);
    expect(stderr).toContain('error: Cannot read gone.jpg: no such file or directory.');
    expect(
      lines(stdout).map(({ file, error }) => [file, (error as { code: string } | undefined)?.code]),
    ).toEqual([
      ['gone.jpg', 'not-found'],
      ['beside.jpg.xmp', 'not-a-photo'],
      ['none.jpg', undefined],
    ]);
    expect(await readdir(files.path, { recursive: true })).toEqual(before);
    expect(await readFile(join(files.path, 'broken.xmp'), 'utf8')).toBe('<x:xmpmeta');
  });
});
