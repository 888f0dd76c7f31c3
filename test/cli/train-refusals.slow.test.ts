import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { portrait, writePhoto, writePortraits } from '../demo-people.ts';
import { blackPng } from '../photo-fixtures.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { setUpCalls } from './call-whosin.ts';
import type { Run } from './whosin.ts';

const whosin = setUpCalls();

/** Trains on `photos/` of a folder and writes `people.onnx` there. */
async function train(cwd: string): Promise<Run> {
  return whosin(['train', 'photos', '-o', 'people.onnx'], { cwd });
}

describe('a folder that cannot be learnt from', () => {
  test.each<[what: string, files: Readonly<Record<string, string | null>>, said: RegExp]>([
    ['missing', {}, /Cannot read the folder photos: no such file.*photos\/<name>/],
    ['empty', { 'photos/': null }, /photos has no sub-folders.*photos\/<name>/],
    [
      'with photos directly in it',
      { 'photos/a.jpg': 'x' },
      /photos has no sub-folders.*such as a\.jpg: .*--flat/,
    ],
    ['of folders without photos', { 'photos/ann/notes.txt': 'x' }, /no photos in the sub-folders/],
    ['of photos that are none', { 'photos/ann/1.jpg': 'x', 'photos/ben/1.png': '' }, /No face was found/],
  ])('%s: status 1, a sentence, no model', async (_, files, said) => {
    const cwd = await temporaryFolder();
    for (const [path, content] of Object.entries(files)) {
      if (content === null) await mkdir(join(cwd, path));
      else await writePhoto(join(cwd, path), Buffer.from(content));
    }
    const { status, stderr } = await train(cwd);
    expect(stderr).toMatch(said);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(status).toBe(1);
    expect(await readdir(cwd)).not.toContain('people.onnx');
  });

  test('a file instead of a folder: a sentence', async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'photos'), 'x');
    const { status, stderr } = await train(cwd);
    expect(stderr).toMatch(/^error: photos is a file, not a folder[^\n]+\n$/);
    expect(status).toBe(2);
  });
});

test('broken files: each is named with its reason, the rest is learnt, status 1', async () => {
  const cwd = await temporaryFolder();
  const photos = join(cwd, 'photos');
  await writePortraits(photos, { mona: ['mona', 2], nell: ['nell', 1] });
  const whole = await portrait('mona', 3).toBuffer();
  await writePhoto(join(photos, 'mona', 'cut.jpg'), whole.subarray(0, whole.length / 2));
  await writePhoto(join(photos, 'mona', 'empty.jpg'), Buffer.alloc(0));
  await writePhoto(join(photos, 'nell', 'text.jpg'), Buffer.from('a letter to nell'));
  await writePhoto(join(photos, 'nell', 'huge.png'), blackPng(20_000, 20_000));
  await writePhoto(join(photos, 'nell', 'notes.txt'), Buffer.from('not meant to be a photo'));
  const { status, stdout } = await train(cwd);
  expect(status).toBe(1);
  expect(stdout).toContain('5 files left out:');
  for (const line of [
    /^ {2}mona\/cut\.jpg is cut off: \d+ % of the picture is missing$/m,
    /^ {2}mona\/empty\.jpg is empty \(0 bytes\)$/m,
    /^ {2}nell\/text\.jpg is not a photo/m,
    /^ {2}nell\/huge\.png is too large to open safely/m,
    /^ {2}nell\/notes\.txt is a \.txt file, not a photo$/m,
  ]) {
    expect(stdout).toMatch(line);
  }
  expect(stdout).toContain('Wrote people.onnx: 2 people, 3 faces.');
});

describe('an output that cannot be written', () => {
  test('is a sentence and status 1', async () => {
    const cwd = await temporaryFolder();
    await writePortraits(join(cwd, 'photos'), { mona: ['mona', 1] });
    await writeFile(join(cwd, 'file'), 'in the way');
    for (const output of ['file/people.onnx', 'photos']) {
      const { status, stderr } = await whosin(['train', 'photos', '-o', output], { cwd });
      expect(stderr).toMatch(/^error: [^\n]+\n$/);
      expect(stderr).toContain(output);
      expect(status).toBe(1);
    }
    expect(await readFile(join(cwd, 'file'), 'utf8')).toBe('in the way');
  });

  test.skipIf(process.platform === 'win32')(
    'because it is no file: a pipe stays a pipe (as root, /dev/null once became a model)',
    async () => {
      const cwd = await temporaryFolder();
      await writePortraits(join(cwd, 'photos'), { mona: ['mona', 1] });
      await promisify(execFile)('mkfifo', ['pipe'], { cwd });
      const { status, stderr } = await whosin(['train', 'photos', '-o', 'pipe'], { cwd });
      expect((await stat(join(cwd, 'pipe'))).isFIFO()).toBe(true);
      expect(stderr).toMatch(/^error: [^\n]*pipe[^\n]*\n$/);
      expect(status).toBe(1);
    },
  );
});
