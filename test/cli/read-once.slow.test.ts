/** Photos are opened once, and not again while they stay as they were. `train` used to open each twice, and once when all was cached. */

import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { demoPhoto } from '../photo-fixtures.ts';
import { sharedFolder } from '../shared-folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { warmHome } from '../warm-home.ts';
import { setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();
const files = sharedFolder();
const people = (): string => join(files.path, 'people');
const model = (): string => join(files.path, 'people.onnx');

// Links to files that have not changed for longer than a tick of any clock: the hash of a fresh one is not trusted.
beforeAll(async () => {
  const folders = { ann: [1, 2, 3, 3], ben: [4, 5, 6], unknown: [6] };
  for (const [name, photos] of Object.entries(folders)) {
    await mkdir(join(people(), name), { recursive: true });
    for (const [i, photo] of photos.entries()) {
      await symlink(demoPhoto(photo), join(people(), name, `${i}.jpg`));
    }
  }
});

/** How often each photo was opened, and what the command said. */
async function opens(
  home: string,
  ...args: readonly string[]
): Promise<{ readonly counts: Readonly<Record<string, number>>; readonly stdout: string }> {
  const log = join(await temporaryFolder(), 'opens.log');
  const preload = pathToFileURL(fileURLToPath(new URL('count-opens.mjs', import.meta.url))).href;
  const environment = { NODE_OPTIONS: `--import ${preload}`, COUNT_OPENS: log, WHOSIN_THREADS: '2' };
  const { status, stdout, stderr } = await whosin(args, { home, environment });
  expect(stderr).not.toContain('error:');
  expect(status).toBeLessThanOrEqual(1);
  const counts: Record<string, number> = {};
  for (const path of (await readFile(log, 'utf8')).split('\n')) {
    if (path.startsWith(join(people(), '/'))) counts[path] = (counts[path] ?? 0) + 1;
  }
  return { counts, stdout };
}

/** By their contents: a further name of the same file need not be opened. */
const contents = ['ann/0.jpg', 'ann/1.jpg', 'ann/2.jpg', 'ben/0.jpg', 'ben/1.jpg', 'ben/2.jpg'];

function expectOnce(counts: Readonly<Record<string, number>>): void {
  expect(Object.keys(counts)).toEqual(
    expect.arrayContaining(contents.map((name) => join(people(), name))) as string[],
  );
  expect(new Set(Object.values(counts))).toEqual(new Set([1]));
}

describe('every photo is opened once', () => {
  test('by a first train, a copy and a stranger too; and by no second one, nor by evaluate', async () => {
    const home = join(files.path, 'home');
    await warmHome(home);
    const first = await opens(home, 'train', people(), '-o', model());
    expectOnce(first.counts);
    // The photo that lies in two folders is used for neither.
    expect(first.stdout).toContain('people: 5 photos of 2 people');
    expect(first.stdout).toContain('(5 computed, 0 cached)');
    expect(first.stdout).toContain('ann/3.jpg is an exact copy of ann/2.jpg');
    const second = await opens(home, 'train', people(), '-o', model());
    expect(second.counts).toEqual({});
    expect(second.stdout).toContain('(0 computed, 5 cached)');
    // One more face network is run: of the photo that was hashed only.
    expect((await opens(home, 'evaluate', people(), '--cross-validate', '2')).counts).toEqual({});
    expect((await opens(home, 'identify', join(people(), 'ann'), '-m', model())).counts).toEqual({});
    const [one, other] = [join(people(), 'ann', '0.jpg'), join(people(), 'ben', '0.jpg')];
    expect((await opens(home, 'verify', one, other)).counts).toEqual({});
  });

  test('by train and evaluate of whole pictures', async () => {
    const home = join(files.path, 'another home');
    const args = ['train', people(), '--on', 'picture', '-o', join(files.path, 'pictures.onnx')];
    expectOnce((await opens(home, ...args)).counts);
    expect((await opens(home, ...args)).counts).toEqual({});
    const evaluate = ['evaluate', people(), '-m', join(files.path, 'pictures.onnx')];
    expectOnce((await opens(home, ...evaluate)).counts);
  });
});
