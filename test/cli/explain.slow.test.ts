import { cp, mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import type { OcclusionMap } from '../../src/pictures/explain.ts';
import { isDrawing } from '../../src/runtime/draw.ts';
import { drawHeatMaps } from '../../src/runtime/draw-heat-map.ts';
import { disc, trainOn, writeDiscs } from '../coloured-things.ts';
import { sharedFolder } from '../shared-folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { setUpCalls } from './call-whosin.ts';

const whosin = setUpCalls();
const files = sharedFolder();
const at = (name: string): string => join(files.path, name);

beforeAll(async () => {
  await writeDiscs(at('lessons'), { red: 'red', 'lime green': 'limegreen' }, 10);
  await trainOn(at('lessons'), at('discs.onnx'), files.path);
  await cp(at('discs.onnx'), at('again.onnx'));
  // Lies on its side in the file: shown upright, it is 160 wide and the disc is in the upper half.
  const lying = await disc('red', 60, 80, 99).toBuffer();
  await sharp(lying).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toFile(at('lying.jpg'));
});

const explain = (args: readonly string[], cwd: string): ReturnType<typeof whosin> =>
  whosin(['explain', ...args], { cwd, home: files.path });

describe('whosin explain', () => {
  test('draws two models side by side, upright, and says where the probability falls', async () => {
    const cwd = await temporaryFolder();
    const models = ['-m', at('discs.onnx'), '-m', at('again.onnx')];
    const { status, stdout, stderr } = await explain([at('lying.jpg'), ...models, '--json'], cwd);
    expect([status, stderr]).toEqual([0, 'Wrote lying-explained.jpg\n']);
    expect(await readdir(cwd)).toEqual(['lying-explained.jpg']);
    const { width, height } = await sharp(join(cwd, 'lying-explained.jpg')).metadata();
    expect([width, height > 760]).toEqual([24 + 3 * (507 + 24), true]);

    const said = JSON.parse(stdout) as {
      readonly width: number;
      readonly height: number;
      readonly models: readonly (OcclusionMap & { readonly model: string })[];
    };
    expect(said).toMatchObject({ schema: 1, file: at('lying.jpg'), output: 'lying-explained.jpg' });
    expect([said.width, said.height]).toEqual([160, 240]);
    const [one, two] = said.models;
    expect([one!.model, one!.label, one!.patches]).toEqual([at('discs.onnx'), 'red', [2, 4, 6]]);
    expect(one!.cell).toEqual({ width: 160 / 11, height: 15 });
    expect({ ...two, model: '' }).toEqual({ ...one, model: '' });
    const rows = one!.drops.map((row) => Math.max(...row));
    expect(rows.indexOf(Math.max(...rows))).toBeLessThan(8);
  });

  test('takes a photo on standard input', async () => {
    const cwd = await temporaryFolder();
    const input = await readFile(at('lying.jpg'));
    const args = ['explain', '-', '-m', at('discs.onnx')];
    const { status, stderr } = await whosin(args, { cwd, home: files.path, input });
    expect([status, stderr]).toEqual([0, 'Wrote stdin-explained.jpg\n']);
  });

  // -o x.png held a JPEG.
  test('writes what the name of the file says, and refuses what it does not know', async () => {
    const cwd = await temporaryFolder();
    for (const [name, format] of [
      ['why.png', 'png'],
      ['why.webp', 'webp'],
      ['why.JPG', 'jpeg'],
    ]) {
      const run = await explain([at('lying.jpg'), '-m', at('discs.onnx'), '-o', name!], cwd);
      expect([run.status, (await sharp(join(cwd, name!)).metadata()).format]).toEqual([0, format]);
      // Knows its own picture again.
      expect(await isDrawing(join(cwd, name!))).toBe(true);
    }
    const run = await explain([at('lying.jpg'), '-m', at('discs.onnx'), '-o', 'why.pdf'], cwd);
    expect([run.status, run.stderr]).toEqual([
      2,
      'error: why.pdf: a picture is written as .jpg, .jpeg, .png, .webp.\n',
    ]);
  });

  test('takes a label, writes over its own picture of the photo, and over nothing else', async () => {
    const cwd = await temporaryFolder();
    await cp(at('lying.jpg'), join(cwd, 'p.jpg'));
    await cp(at('lying.jpg'), join(cwd, 'p-explained.jpg'));
    const foreign = await readFile(join(cwd, 'p-explained.jpg'));
    const photo = { width: 2, height: 2, data: new Uint8Array(12) };
    const own = await drawHeatMaps(photo, ['old'], [], await realpath(join(cwd, 'p.jpg')));
    await writeFile(join(cwd, 'p-explained-2.jpg'), own);
    const args = ['p.jpg', '-m', at('discs.onnx'), '--label', 'lime green'];
    const { status, stdout, stderr } = await explain(args, cwd);
    expect([status, stderr]).toEqual([0, 'Wrote p-explained-2.jpg\n']);
    expect(stdout).toMatch(
      /discs\.onnx: lime green [<>]?0\.\d\d, falls furthest where \d+,\d+ is covered: its odds ÷ [\d.,]+\n$/,
    );
    expect(await readFile(join(cwd, 'p-explained.jpg'))).toEqual(foreign);
    expect((await readFile(join(cwd, 'p-explained-2.jpg'))).equals(own)).toBe(false);
  });

  test.each([
    ['the photo itself', ['p.jpg', '-o', 'p.jpg'], 'p.jpg exists and is no picture that whosin drew', 1],
    ['a folder that is in the way', ['p.jpg', '-o', 'sub.jpg'], 'sub.jpg exists', 1],
    [
      'a label that the model has not',
      ['p.jpg', '--label', 'blue'],
      'has no label "blue". It has: lime green, red.',
      1,
    ],
    ['a photo that is none', ['text.jpg'], 'text.jpg is not a photo', 1],
    ['a photo that is not there', ['none.jpg'], 'Cannot read none.jpg', 1],
    ['a model that is none', ['p.jpg', '-m', 'text.jpg'], 'text.jpg is not a model file', 1],
  ])('refuses %s before it asks anything, and leaves nothing behind', async (_, args, message, code) => {
    const cwd = await temporaryFolder();
    await cp(at('lying.jpg'), join(cwd, 'p.jpg'));
    await writeFile(join(cwd, 'text.jpg'), 'no photo');
    await mkdir(join(cwd, 'sub.jpg'));
    const model = args.includes('-m') ? [] : ['-m', at('discs.onnx')];
    const { status, stdout, stderr } = await explain([...args, ...model], cwd);
    expect([status, stdout]).toEqual([code, '']);
    expect(stderr).toContain(message);
    expect(await readdir(cwd)).toEqual(['p.jpg', 'sub.jpg', 'text.jpg']);
  });

  test('without a model it says how it is used', async () => {
    const { status, stderr } = await explain(['p.jpg'], files.path);
    expect(status).toBe(2);
    expect(stderr).toContain("required option '-m, --model <files...>' not specified");
  });
});
