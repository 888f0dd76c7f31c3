/** Photos that lost their end were refused whole, and faces in what is left of them with it. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { cutAtRow, twoPeople } from '../cut-photos.ts';
import { writePhoto, writePortraits } from '../demo-people.ts';
import { sharedFolder } from '../shared-folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { photosIn } from './json-photo.ts';
import { setUpModel, setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();
const model = setUpModel(whosin, { Mona: ['mona', 3], Nell: ['nell', 3] });
const photos = sharedFolder();
const at = (name: string): string => join(photos.path, name);

beforeAll(async () => {
  const whole = await twoPeople('mona', 'nell');
  await writeFile(at('whole.jpg'), whole);
  // Below both faces; through the lower one.
  await writeFile(at('below.jpg'), await cutAtRow(whole, 800));
  await writeFile(at('through.jpg'), await cutAtRow(whole, 640));
});

describe('identify', () => {
  test('says what is missing below the name of the photo, from the cache too; of a whole photo nothing', async () => {
    const run = () =>
      whosin(['identify', at('whole.jpg'), at('below.jpg'), at('through.jpg'), '-m', model.path]);
    const { status, stdout } = await run();
    expect(status).toBe(0);
    expect(stdout.match(/damaged/g)).toHaveLength(2);
    expect(stdout).toMatch(/whole\.jpg: 2 faces: Nell, Mona\n {2}Nell/);
    expect(stdout).toMatch(
      /below\.jpg: 2 faces: Nell, Mona\n {2}damaged: \d(\.\d)? % of the picture is missing\n {2}Nell/,
    );
    expect(stdout).toMatch(/through\.jpg: .*\n {2}damaged: 2\d % of the picture is missing\n {2}Nell/);
    expect((await run()).stdout).toBe(stdout);
  });

  test('has it as a field in JSON; what is left of a face counts for less', async () => {
    const files = [at('whole.jpg'), at('below.jpg'), at('through.jpg')];
    const { stdout } = await whosin(['identify', ...files, '-m', model.path, '--json']);
    const [whole, below, through] = photosIn(stdout) as [Damaged, Damaged, Damaged];
    expect(whole).not.toHaveProperty('damage');
    expect(below.damage).toMatchObject({ kind: 'missing', box: { left: 0, width: 420 } });
    const { kind, share, box } = through.damage!;
    expect([kind, box.top + box.height]).toEqual(['missing', 840]);
    expect(share).toBeCloseTo(box.height / 840, 3);
    const lowest = ({ faces }: Damaged): Damaged['faces'][number] =>
      faces.toSorted((a, b) => b.box.top - a.box.top)[0]!;
    expect(lowest(below).quality).toBeCloseTo(lowest(whole).quality, 1);
    expect(through.faces.map(({ person }) => person)).toEqual(['Nell', 'Mona']);
    expect(lowest(through).quality).toBeLessThan(0.8 * lowest(whole).quality);
  });
});

interface Damaged extends Omit<ReturnType<typeof photosIn>[number], 'faces'> {
  readonly damage?: {
    readonly kind: string;
    readonly share: number;
    readonly box: {
      readonly left: number;
      readonly top: number;
      readonly width: number;
      readonly height: number;
    };
  };
  readonly faces: readonly (ReturnType<typeof photosIn>[number]['faces'][number] & {
    readonly quality: number;
  })[];
}

test('classify says it too, in words and in JSON', async () => {
  const { stdout } = await whosin(['classify', at('whole.jpg'), at('below.jpg')]);
  expect(stdout).toMatch(/below\.jpg: [^\n]*\n {2}damaged: \d(\.\d)? % of the picture is missing\n/);
  expect(stdout.match(/damaged/g)).toHaveLength(1);
  const json = await whosin(['classify', at('whole.jpg'), at('below.jpg'), '--json']);
  const [whole, below] = photosIn(json.stdout) as [Damaged, Damaged];
  expect(whole).not.toHaveProperty('damage');
  expect(below.damage).toMatchObject({ kind: 'missing' });
});

describe('train', () => {
  test('learns whole faces of damaged photos and says so; a photo without one is left out', async () => {
    const folder = await temporaryFolder();
    await writePortraits(join(folder, 'people'), { Mona: ['mona', 2], Nell: ['nell', 2] });
    await writePhoto(join(folder, 'people', 'Mona', 'below.jpg'), await readFile(at('below.jpg')));
    const upsideDown = await cutAtRow(await twoPeople('sue', 'nell'), 640);
    await writePhoto(join(folder, 'people', 'Sue', 'cut.jpg'), upsideDown);
    const output = join(folder, 'people.onnx');
    const { status, stdout } = await whosin(['train', join(folder, 'people'), '-o', output]);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /2 photos damaged: only faces that are whole were learned:\n {2}Mona\/below\.jpg is damaged: .* is missing\n {2}Sue\/cut\.jpg is damaged/,
    );
  });

  test('on pictures leaves a damaged one out: its label may hang on what is missing', async () => {
    const folder = await temporaryFolder();
    await writePortraits(join(folder, 'pictures'), { mona: ['mona', 4], nell: ['nell', 4] });
    await writePhoto(join(folder, 'pictures', 'mona', 'below.jpg'), await readFile(at('below.jpg')));
    const output = join(folder, 'pictures.onnx');
    const given = ['train', join(folder, 'pictures'), '--on', 'picture', '-o', output];
    // The second time from the cache.
    for (let run = 1; run <= 2; run++) {
      const { stdout } = await whosin(given);
      expect(stdout).toMatch(
        /1 file left out:\n {2}mona\/below\.jpg is damaged: \d(\.\d)? % of the picture is missing\n/,
      );
    }
  });
});
