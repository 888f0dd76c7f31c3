import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadPeopleModel } from '../../src/faces/people/people-model.ts';
import { portrait, writePhoto, writePortraits } from '../demo-people.ts';
import { demoPhoto, encode, fourColours } from '../photo-fixtures.ts';
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
    expect(stdout).toMatch(/^ {2}no head +accuracy +\d+\.\d % {2}cross-entropy \d+\.\d{4}/m);
    expect(stdout).toMatch(/^(Held out: \d+ photos?|No photos were held out)/m);
    expect(stdout).toMatch(/^Wrote people\.onnx: 3 people, 7 faces\.$/m);
    expect(stdout).not.toContain('\u001b');
    expect(await readdir(cwd)).toEqual(['people.onnx', 'photos']);
  });

  // The double went unnoticed, and either name got half of every answer.
  test('one person in two folders, and names that may not be meant so, are warned of with both names', async () => {
    const cwd = await temporaryFolder();
    const people = { Mona: ['mona', 2], mona: ['sue', 1], nell: ['nell', 1], Unknown: ['pam', 1] } as const;
    await writePortraits(join(cwd, 'photos'), people);
    await writePhoto(join(cwd, 'photos', 'M. Lisa', '1.jpg'), portrait('mona', 3));
    const text = await train(cwd);
    const json = await train(cwd, '--json');
    for (const { status, stderr } of [text, json]) {
      expect(status).toBe(0);
      expect(stderr.split('\n')).toEqual([
        'warning: "Mona" and "mona" are learned as different names. If they are one, put their photos into one folder.',
        'warning: "Unknown" is learned as a name. The folder of strangers, or of none of the labels, is called "unknown".',
        expect.stringMatching(
          /^warning: "M\. Lisa" and "Mona" seem to be one person \(>?0\.\d+\), and answers are shared/,
        ),
        '',
      ]);
    }
    expect(JSON.parse(json.stdout)).toMatchObject({
      doubts: [expect.stringContaining('"Mona" and "mona"'), expect.stringContaining('"Unknown"')],
      samePerson: [{ people: ['M. Lisa', 'Mona'], probability: expect.any(Number) }],
    });
  });

  test('parts of a set in the place of people are refused', async () => {
    const cwd = await temporaryFolder();
    await writePortraits(join(cwd, 'photos', 'train'), { mona: ['mona', 1], nell: ['nell', 1] });
    await writePortraits(join(cwd, 'photos', 'test'), { mona: ['mona', 2] });
    const { status, stderr } = await train(cwd);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(
        /^error: photos holds parts of a set \(test and train\), .* Name one part: photos\/train\n$/,
      ),
    ]);
    expect(await readdir(cwd)).toEqual(['photos']);
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
    const names = ['-rf', '<b>&amp;', 'José 😀', '__proto__', 'a  b', 'e\u0301', '李小龍'];
    const cast = ['mona', 'nell', 'olga', 'pam', 'ruth', 'sue', 'mona'] as const;
    // One face in two folders would be used for neither: the last one is a mirror image in another size.
    for (const [i, name] of names.entries()) {
      await writePhoto(join(cwd, 'photos', name, '1.jpg'), portrait(cast[i]!, i < 6 ? 1 : 2));
    }
    const { status, stdout } = await train(cwd);
    expect(status).toBe(0);
    for (const name of names) expect(stdout).toContain(`  ${name} `);
    expect(await peopleIn(cwd)).toEqual(names);
  });

  test('with --flat they are those of the files, one photo each', async () => {
    const cwd = await temporaryFolder();
    await writePhoto(join(cwd, 'photos', 'Mona Lisa.jpg'), portrait('mona', 1));
    await writePhoto(join(cwd, 'photos', 'nell.jpg'), portrait('nell', 1));
    const { status, stderr } = await train(cwd, '--flat');
    expect([status, stderr]).toEqual([0, '']);
    expect(await peopleIn(cwd)).toEqual(['Mona Lisa', 'nell']);
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

test('--validation 0 holds nothing out, --steps 0 leaves the head at zero', async () => {
  const cwd = await temporaryFolder();
  await writePortraits(join(cwd, 'photos'), { mona: ['mona', 4], sue: ['sue', 4] });
  expect((await train(cwd, '--validation', '0', '--steps', '0')).status).toBe(0);
  const { head, report } = await loadPeopleModel(join(cwd, 'people.onnx'));
  expect([...head.weights, ...head.bias].every((v) => v === 0)).toBe(true);
  expect(report).toMatchObject({ heldOut: { photos: 0 } });
});
