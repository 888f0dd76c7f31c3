import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { demoPhoto, iphoneHeic } from '../photo-fixtures.ts';
import { toyGraph, toyLabels } from '../runtime/toy-model.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();

interface Line {
  readonly schema: number;
  readonly file: string;
  readonly width?: number;
  readonly height?: number;
  readonly labels: readonly { readonly label: string; readonly index: number; readonly score: number }[];
  readonly objects?: readonly { readonly label: string; readonly box: { readonly left: number } }[];
  readonly error?: { readonly code: string };
}

function lines(stdout: string): Line[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** A folder with a model that tells red, green and blue apart, and photos in these colours. */
async function album(): Promise<{ readonly cwd: string; readonly model: readonly string[] }> {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'graph.pb'), toyGraph());
  await writeFile(join(cwd, 'labels.txt'), toyLabels.join('\n'));
  await mkdir(join(cwd, 'album'));
  for (const [i, background] of ['red', 'blue', 'lime'].entries()) {
    const picture = sharp({ create: { width: 40, height: 30, channels: 3, background } });
    await picture
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toFile(join(cwd, 'album', `${i}.jpg`));
  }
  return { cwd, model: ['-m', 'graph.pb', '--labels', 'labels.txt'] };
}

describe('the things in a photo', () => {
  test('are said with their places, and drawn into a copy', async () => {
    const cwd = await temporaryFolder();
    const { status, stdout, stderr } = await whosin(['classify', demoPhoto(1), '--draw', 'found'], { cwd });
    expect(status).toBe(0);
    expect(stdout).toMatch(/sample1.jpg: 3 × person/);
    expect(stdout).toMatch(/\n {2}person +0\.\d{5} {2}\d+×\d+ at \d+,\d+\n/);
    expect(stderr).toBe('1 photo; drawn into found\n');
    expect(await readdir(join(cwd, 'found'))).toEqual(['sample1-whosin.jpg']);
    const { width } = await sharp(join(cwd, 'found', 'sample1-whosin.jpg')).metadata();
    expect(width).toBeGreaterThan(800);
  });

  test('are objects in JSON, and the labels the best of each kind', async () => {
    const [photo] = lines((await whosin(['classify', demoPhoto(1), '--json'])).stdout);
    expect(photo).toMatchObject({
      schema: 1,
      width: 1920,
      labels: expect.arrayContaining([expect.objectContaining({ label: 'person', index: 0 })]),
    });
    expect(photo!.objects!.filter(({ label }) => label === 'person')).toHaveLength(3);
    const strict = await whosin(['classify', demoPhoto(1), '--json', '--min-score', '0.99']);
    expect(lines(strict.stdout)[0]).toMatchObject({ labels: [], objects: [] });
  });
});

describe('a model of labels', () => {
  test('says the best of each photo as the tutorial does, upright, in the order given', async () => {
    const { cwd, model } = await album();
    const { status, stdout } = await whosin(['classify', 'album', ...model, '--top', '1'], { cwd });
    expect(status).toBe(0);
    const line = (file: string, label: string): string => `album/${file}\n  ${label.padEnd(32)} 1.00000\n`;
    const rounded = stdout.replaceAll(/0\.999\d\d|1\.00000/g, '1.00000');
    expect(rounded).toBe(line('0.jpg', 'red') + line('1.jpg', 'blue') + line('2.jpg', 'green'));
    const [first] = lines((await whosin(['classify', 'album/0.jpg', ...model, '--json'], { cwd })).stdout);
    expect([first!.width, first!.height]).toEqual([30, 40]);
    expect(first!.labels.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(first!.objects).toBeUndefined();
  });

  test('goes on behind bad photos, which are named, and takes paths on standard input', async () => {
    const { cwd, model } = await album();
    await writeFile(join(cwd, 'album', 'bad.jpg'), 'no photo');
    await writeFile(join(cwd, 'phone.heic'), iphoneHeic);
    const run = await whosin(['classify', '-', 'gone.jpg', ...model, '--json'], {
      cwd,
      input: 'album/bad.jpg\nalbum/1.jpg\nphone.heic\n',
    });
    expect(run.status).toBe(1);
    const photos = lines(run.stdout);
    expect(photos.map(({ file, error }) => [file, error?.code])).toEqual([
      ['album/bad.jpg', 'not-a-photo'],
      ['album/1.jpg', undefined],
      ['phone.heic', undefined],
      ['gone.jpg', 'not-found'],
    ]);
    expect(photos[1]!.labels[0]!.label).toBe('blue');
    expect(photos[0]).toMatchObject({ schema: 1, labels: [] });
    expect(run.stderr).toContain('2 could not be read');
  });

  test.each([
    [
      ['-m', 'other/graph.pb'],
      2,
      'graph.pb has no labels of its own: name them with --labels (a text file with one label a line), or put labels.txt beside it.',
    ],
    [['-m', 'grahp.pb'], 1, 'There is no model file grahp.pb.'],
    [['-m', 'coco-mobilenet-v2'], 1, 'Near it: coco-mobilenet-v3,'],
    [['--top', '0'], 2, 'Give a whole number from 1 up.'],
  ])('%j is refused before any photo is read', async (args, status, said) => {
    const { cwd } = await album();
    // A list beside a graph is taken for its labels.
    await mkdir(join(cwd, 'other'));
    await copyFile(join(cwd, 'graph.pb'), join(cwd, 'other', 'graph.pb'));
    const run = await whosin(['classify', 'album', ...args], { cwd });
    expect(run).toMatchObject({ status, stdout: '' });
    expect(run.stderr).toContain(said);
  });
});
