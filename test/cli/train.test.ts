import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadPeopleModel } from '../../src/faces/people-model.ts';
import { portrait, writePhoto, writePortraits } from '../demo-people.ts';
import { blackPng, demoPhoto, encode, fourColours } from '../photo-fixtures.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Run, setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();

/** Trains on `photos/` of a folder and writes `people.onnx` there. */
async function train(cwd: string, ...flags: readonly string[]): Promise<Run> {
  return whosin(['train', 'photos', '-o', 'people.onnx', ...flags], { cwd });
}

async function peopleIn(cwd: string): Promise<readonly string[]> {
  return (await loadPeopleModel(join(cwd, 'people.onnx'))).people;
}

describe('what is printed', () => {
  test('photos of each person, faces, steps, the held-out result and the file written', async () => {
    const cwd = await temporaryFolder();
    await writePortraits(join(cwd, 'photos'), { mona: ['mona', 4], nell: ['nell', 1], sue: ['sue', 2] });
    const { status, stdout, stderr } = await train(cwd);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^photos: 7 photos of 3 people$/m);
    expect(stdout).toMatch(/^ {2}mona +4$/m);
    expect(stdout).toMatch(/^7 faces in 7 photos \(7 computed, 0 cached\), 0 photos with several faces$/m);
    expect(stdout).toMatch(/^ {2}step +0 {2}accuracy +\d+\.\d % {2}cross-entropy \d+\.\d{4}/m);
    expect(stdout).toMatch(/^(Held out: \d+ photos?|No photos were held out)/m);
    expect(stdout).toMatch(/^Wrote people\.onnx: 3 people, 7 faces\.$/m);
    expect(stdout).not.toContain('\u001b');
    expect(await readdir(cwd)).toEqual(['people.onnx', 'photos']);
  });

  test('--json: the report as one object on standard output and nothing else', async () => {
    const cwd = await temporaryFolder();
    await writePortraits(join(cwd, 'photos'), { mona: ['mona', 2], nell: ['nell', 1] });
    await writeFile(join(cwd, 'photos', 'nell', 'bad.jpg'), 'no photo');
    const { status, stdout } = await train(cwd, '--json');
    expect(status).toBe(1);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      output: 'people.onnx',
      photos: 3,
      faces: 3,
      unreadable: 1,
      skipped: [{ path: 'nell/bad.jpg', reason: expect.stringMatching(/^is /) }],
      people: [
        { person: 'mona', photos: 2, heldOut: 0 },
        { person: 'nell', photos: 1, heldOut: 0 },
      ],
      heldOut: { photos: 0, right: 0, mistakes: [] },
    });
  });
});

describe('names', () => {
  test('are kept exactly as the folders are called', async () => {
    const cwd = await temporaryFolder();
    const names = ['-rf', '<b>&amp;', 'José 😀', '__proto__', 'a  b', 'e\u0301', '\u00e9', '李小龍'];
    const cast = ['mona', 'nell', 'olga', 'pam', 'ruth', 'sue', 'mona', 'nell'] as const;
    // Folders of one face would be two names for one person: the last two are mirror images in other sizes.
    for (const [i, name] of names.entries()) {
      await writePhoto(join(cwd, 'photos', name, '1.jpg'), portrait(cast[i]!, i < 6 ? 1 : 2));
    }
    const { status, stdout } = await train(cwd);
    expect(status).toBe(0);
    for (const name of names) expect(stdout).toContain(`  ${name} `);
    expect(await peopleIn(cwd)).toEqual(names);
  });

  test('a folder of photos that begins with a dash, behind --', async () => {
    const cwd = await temporaryFolder();
    await writePortraits(join(cwd, '-rf'), { mona: ['mona', 1] });
    const { status } = await whosin(['train', '-o', 'people.onnx', '--', '-rf'], { cwd });
    expect(status).toBe(0);
    expect(await peopleIn(cwd)).toEqual(['mona']);
  });
});

describe('few photos', () => {
  test('one person with one photo is enough', async () => {
    const cwd = await temporaryFolder();
    await writePortraits(join(cwd, 'photos'), { mona: ['mona', 1] });
    const { status, stdout } = await train(cwd);
    expect(status).toBe(0);
    expect(stdout).toContain('Wrote people.onnx: 1 person, 1 face.');
    const asked = await whosin(['identify', demoPhoto(3), '-m', 'people.onnx'], { cwd });
    expect(asked.stdout).toContain('3 faces: mona, 2 unknown');
  });

  test('a person with an empty folder, and one without a face, are left out and named', async () => {
    const cwd = await temporaryFolder();
    await writePortraits(join(cwd, 'photos'), { mona: ['mona', 1], nell: ['nell', 1] });
    await mkdir(join(cwd, 'photos', 'nobody'));
    await writePhoto(join(cwd, 'photos', 'wall', '1.png'), encode(fourColours()).png());
    const { status, stdout } = await train(cwd);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ {2}nobody +0 {2}no photos: left out$/m);
    expect(stdout).toContain('wall/1.png shows no face that could be found');
    expect(await peopleIn(cwd)).toEqual(['mona', 'nell']);
  });
});

describe('a folder that cannot be learnt from', () => {
  test.each<[what: string, files: Readonly<Record<string, string | null>>, said: RegExp]>([
    ['missing', {}, /Cannot read the folder photos: no such file.*photos\/<name>/],
    ['empty', { 'photos/': null }, /photos has no sub-folders.*photos\/<name>/],
    ['with photos directly in it', { 'photos/a.jpg': 'x' }, /photos has no sub-folders.*a\.jpg lies outside/],
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
    /^ {2}mona\/cut\.jpg is damaged or cut off/m,
    /^ {2}mona\/empty\.jpg is empty \(0 bytes\)$/m,
    /^ {2}nell\/text\.jpg is not a photo/m,
    /^ {2}nell\/huge\.png is too large to open safely/m,
    /^ {2}nell\/notes\.txt is a \.txt file, not a photo$/m,
  ]) {
    expect(stdout).toMatch(line);
  }
  expect(stdout).toContain('Wrote people.onnx: 2 people, 3 faces.');
});

describe('the second time', () => {
  const counts = ({ stdout }: Run): string => /\((\d+ computed, \d+ cached)\)/.exec(stdout)![1]!;

  test('nothing is computed: not where the folder was moved, nor where a photo was renamed', async () => {
    const cwd = await temporaryFolder();
    const home = join(cwd, 'home');
    await writePortraits(join(cwd, 'photos'), { mona: ['mona', 2], nell: ['nell', 2] });
    const run = (folder: string): Promise<Run> =>
      whosin(['train', folder, '-o', 'people.onnx'], { cwd, home });
    expect(counts(await run('photos'))).toBe('4 computed, 0 cached');
    const first = await readFile(join(cwd, 'people.onnx'));
    expect(counts(await run('photos'))).toBe('0 computed, 4 cached');
    expect(Buffer.compare(gallery(await readFile(join(cwd, 'people.onnx'))), gallery(first))).toBe(0);

    await rename(join(cwd, 'photos'), join(cwd, 'moved'));
    await rename(join(cwd, 'moved', 'mona', '1.jpg'), join(cwd, 'moved', 'mona', 'renamed.jpg'));
    expect(counts(await run('moved'))).toBe('0 computed, 4 cached');

    await writePhoto(join(cwd, 'moved', 'nell', '1.jpg'), portrait('nell', 3));
    await writePhoto(join(cwd, 'moved', 'nell', 'new.jpg'), portrait('nell', 4));
    expect(counts(await run('moved'))).toBe('2 computed, 3 cached');
  });

  /** The model up to its report, which counts what was cached. */
  function gallery(model: Buffer): Buffer {
    return model.subarray(0, model.indexOf('whosin.report'));
  }

  test('two trainings at once into one WHOSIN_HOME are fine', async () => {
    const cwd = await temporaryFolder();
    const home = join(cwd, 'home');
    await writePortraits(join(cwd, 'photos'), { mona: ['mona', 2], nell: ['nell', 1] });
    const names = ['one.onnx', 'two.onnx', 'three.onnx'];
    const runs = await Promise.all(
      names.map((name) => whosin(['train', 'photos', '-o', name], { cwd, home })),
    );
    expect(runs.map(({ status, stderr }) => [status, stderr])).toEqual(Array(3).fill([0, '']));
    const models = await Promise.all(names.map(async (name) => gallery(await readFile(join(cwd, name)))));
    for (const model of models) expect(Buffer.compare(model, models[0]!)).toBe(0);
    const left = await readdir(join(home, 'models'));
    expect(left.every((name) => name.endsWith('.onnx'))).toBe(true);
  });

  test('a cache that cannot be written is said once, and stops nothing', async () => {
    const cwd = await temporaryFolder();
    await writePortraits(join(cwd, 'photos'), { mona: ['mona', 2] });
    const home = join(cwd, 'home');
    await mkdir(home);
    await writeFile(join(home, 'bottlenecks'), 'in the way');
    const { status, stdout, stderr } = await whosin(['train', 'photos', '-o', 'people.onnx'], { cwd, home });
    expect(stderr).toMatch(/^Faces are not cached in this run: [^\n]+\n$/);
    expect(stdout).toContain('Wrote people.onnx');
    expect(status).toBe(0);
  });

  test('a home that cannot be made is the reason that is given, not the photos', async () => {
    const cwd = await temporaryFolder();
    await writePortraits(join(cwd, 'photos'), { mona: ['mona', 2] });
    await writeFile(join(cwd, 'file'), 'in the way');
    const home = join(cwd, 'file', 'home');
    const { status, stderr } = await whosin(['train', 'photos', '-o', 'people.onnx'], { cwd, home });
    expect(stderr).toMatch(/^error: [^\n]*Cannot write [^\n]*home[^\n]*$/m);
    expect(stderr).not.toContain('No face was found');
    expect(status).toBe(1);
  });
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
});

test('--validation 0 holds nothing out, --steps 0 leaves the head at zero', async () => {
  const cwd = await temporaryFolder();
  await writePortraits(join(cwd, 'photos'), { mona: ['mona', 4], sue: ['sue', 4] });
  expect((await train(cwd, '--validation', '0', '--steps', '0')).status).toBe(0);
  const { head, report } = await loadPeopleModel(join(cwd, 'people.onnx'));
  expect([...head.weights, ...head.bias].every((v) => v === 0)).toBe(true);
  expect(report).toMatchObject({ heldOut: { photos: 0 } });
});
