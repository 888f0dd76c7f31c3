import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writePhoto } from '../demo-people.ts';
import { demoPhoto, encode, fourColours } from '../photo-fixtures.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { setUpModel, setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();
/** Knows two women of sample3.jpg and two of sample6.jpg. */
const model = setUpModel(whosin, {
  'Mona M.': ['mona', 2],
  nell: ['nell', 1],
  李小龍: ['olga', 1],
  pam: ['pam', 2],
});

/** The lines of a photo: its summary, then one line for each face. */
const faceLine =
  /^ {2}(.{24}) {1,3}(>?<?[01]\.\d\d) {2}next (.+?) (>?<?[01]\.\d\d) +(\d+)×(\d+) at (\d+),(\d+)$/;

describe('what is printed', () => {
  test('is a summary of each photo and a line for each face: name, probability, runner-up, box', async () => {
    const { status, stdout, stderr } = await whosin([
      'identify',
      demoPhoto(3),
      demoPhoto(6),
      '-m',
      model.path,
    ]);
    expect(status).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(`${demoPhoto(3)}: 3 faces: Mona M., nell, 1 unknown`);
    expect(lines[4]).toBe(`${demoPhoto(6)}: 4 faces: 李小龍, pam, 2 unknown`);
    expect(lines).toHaveLength(9);
    const faces = lines.filter((line) => line.startsWith('  ')).map((line) => faceLine.exec(line));
    expect(faces.map((face) => face?.[1]?.trim())).toEqual(
      expect.arrayContaining(['Mona M.', 'nell', '李小龍', 'pam', 'unknown']),
    );
    expect(stderr).toBe('2 photos, 7 faces, 4 named\n');
  });

  test('says where no face was found', async () => {
    const folder = await temporaryFolder();
    await writePhoto(join(folder, 'wall.png'), encode(fourColours()).png());
    const { status, stdout } = await whosin(['identify', 'wall.png', '-m', model.path], { cwd: folder });
    expect([status, stdout]).toEqual([0, 'wall.png: no face found\n']);
  });

  test('has no escape codes in a pipe, nor with NO_COLOR, and names stay results', async () => {
    for (const environment of [
      {},
      // Build servers set it; some colour libraries take that for a wish.
      { CI: 'true' },
      { NO_COLOR: '1', FORCE_COLOR: '1' },
      { NO_COLOR: '1', TERM: 'xterm-256color' },
    ]) {
      const { stdout, stderr } = await whosin(['identify', demoPhoto(3), '/none.jpg', '-m', model.path], {
        environment,
      });
      expect(`${stdout}${stderr}`).not.toContain('\u001b');
      expect(stdout).toContain('nell');
      expect(stderr).not.toContain('nell');
    }
  });

  test('names nobody below the probability that is asked for', async () => {
    const unlikely = await whosin([
      'identify',
      demoPhoto(3),
      '-m',
      model.path,
      '--min-probability',
      '0.9999999',
    ]);
    expect(unlikely.status).toBe(0);
    const likely = await whosin(['identify', demoPhoto(3), '-m', model.path, '--min-probability', '0.01']);
    const named = ({ stderr }: { readonly stderr: string }): number => Number(/(\d+) named/.exec(stderr)![1]);
    expect(named(unlikely)).toBeLessThanOrEqual(2);
    expect(named(likely)).toBeGreaterThanOrEqual(2);
  });
});

describe('a model that is none', () => {
  test.each<[what: string, content: Uint8Array | string | undefined, said: string]>([
    ['missing', undefined, 'Cannot read the model other.onnx'],
    ['empty', '', 'other.onnx is not a model file'],
    ['text', 'hello', 'other.onnx is not a model file'],
  ])('%s: status 1 and a sentence', async (_, content, said) => {
    const folder = await temporaryFolder();
    if (content !== undefined) await writeFile(join(folder, 'other.onnx'), content);
    const { status, stdout, stderr } = await whosin(['identify', demoPhoto(3), '-m', 'other.onnx'], {
      cwd: folder,
    });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`error: ${said}`);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a photo, a folder, or a model that was cut off: status 1 and a sentence', async () => {
    const folder = await temporaryFolder();
    const whole = await readFile(model.path);
    await writeFile(join(folder, 'cut.onnx'), whole.subarray(0, whole.length / 2));
    for (const other of [demoPhoto(1), folder, join(folder, 'cut.onnx')]) {
      const { status, stdout, stderr } = await whosin(['identify', demoPhoto(3), '-m', other]);
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^error: [^\n]+\n$/);
      expect(stderr).toContain(other);
    }
  });
});

describe('--max-wrong', () => {
  test('names fewer the fewer strangers may be named, and says from which probability', async () => {
    const loose = await whosin(['identify', demoPhoto(3), '-m', model.path, '--max-wrong', '0.1']);
    expect(loose.status).toBe(0);
    expect(loose.stderr).toMatch(
      /\nNames are given from 0\.\d+ up: a stranger is named in at most about (?:10|5) % of cases\.\n$/,
    );
    const from = (stderr: string): number => Number(/from (0\.\d+) up/.exec(stderr)![1]);
    const strict = await whosin(['identify', demoPhoto(3), '-m', model.path, '--max-wrong', '0.001']);
    expect(from(strict.stderr)).toBeGreaterThan(from(loose.stderr));
    const named = (stdout: string): number => stdout.match(/^ {2}(?!unknown)/gm)?.length ?? 0;
    expect(named(strict.stdout)).toBeLessThanOrEqual(named(loose.stdout));
  });

  test('says which rate is kept where less than that cannot be known', async () => {
    const { status, stderr } = await whosin([
      'identify',
      demoPhoto(3),
      '-m',
      model.path,
      '--max-wrong',
      '0.00000001',
    ]);
    expect(status).toBe(0);
    expect(stderr).toContain(
      '0.000001 % of strangers is too low a rate to measure with this many people: the limit is for 0.01 %',
    );
  });

  test('and --min-probability set the same thing: both are refused', async () => {
    const both = ['--max-wrong', '0.1', '--min-probability', '0.5'];
    const { status, stderr } = await whosin(['identify', demoPhoto(3), '-m', model.path, ...both]);
    expect(status).toBe(2);
    expect(stderr).toContain('Give either --max-wrong or --min-probability');
  });
});
