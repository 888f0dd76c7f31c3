import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { portrait, writePhoto, writePortraits } from '../demo-people.ts';
import { demoPhoto, encode, fourColours } from '../photo-fixtures.ts';
import { sharedFolder } from '../shared-folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();
const files = sharedFolder();
/** Knows two women of sample3.jpg and two of sample6.jpg. */
let model = '';

beforeAll(async () => {
  const people = join(files.path, 'people');
  await writePortraits(people, {
    'Mona M.': ['mona', 2],
    nell: ['nell', 1],
    李小龍: ['olga', 1],
    pam: ['pam', 2],
  });
  model = join(files.path, 'people.onnx');
  const { status, stderr } = await whosin(['train', people, '-o', model]);
  expect([status, stderr]).toEqual([0, '']);
});

/** The lines of a photo: its summary, then one line for each face. */
const faceLine =
  /^ {2}(.{24}) {1,3}(>?<?[01]\.\d\d) {2}next (.+?) (>?<?[01]\.\d\d) +(\d+)×(\d+) at (\d+),(\d+)$/;

describe('what is printed', () => {
  test('is a summary of each photo and a line for each face: name, probability, runner-up, box', async () => {
    const { status, stdout, stderr } = await whosin(['identify', demoPhoto(3), demoPhoto(6), '-m', model]);
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
    const { status, stdout } = await whosin(['identify', 'wall.png', '-m', model], { cwd: folder });
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
      const { stdout, stderr } = await whosin(['identify', demoPhoto(3), '/none.jpg', '-m', model], {
        environment,
      });
      expect(`${stdout}${stderr}`).not.toContain('\u001b');
      expect(stdout).toContain('nell');
      expect(stderr).not.toContain('nell');
    }
  });

  test('names nobody below the probability that is asked for', async () => {
    const unlikely = await whosin(['identify', demoPhoto(3), '-m', model, '--min-probability', '0.9999999']);
    expect(unlikely.status).toBe(0);
    const likely = await whosin(['identify', demoPhoto(3), '-m', model, '--min-probability', '0.01']);
    const named = ({ stderr }: { readonly stderr: string }): number => Number(/(\d+) named/.exec(stderr)![1]);
    expect(named(unlikely)).toBeLessThanOrEqual(2);
    expect(named(likely)).toBeGreaterThanOrEqual(2);
  });
});

describe('--json', () => {
  const number = expect.any(Number);
  const face = {
    box: { left: number, top: number, width: number, height: number },
    score: number,
    quality: number,
    person: expect.toSatisfy((name) => name === null || typeof name === 'string'),
    probability: number,
    unknown: number,
    candidates: expect.any(Array),
  };

  test('is one object a line, schema 1, and nothing else on standard output', async () => {
    const { status, stdout } = await whosin(['identify', demoPhoto(3), demoPhoto(6), '-m', model, '--json']);
    expect(status).toBe(0);
    const photos = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(photos).toStrictEqual([
      { schema: 1, file: demoPhoto(3), width: 1920, height: 1350, faces: [face, face, face] },
      { schema: 1, file: demoPhoto(6), width: 1920, height: 1537, faces: [face, face, face, face] },
    ]);
    for (const photo of photos)
      expect(Object.keys(photo)).toEqual(['schema', 'file', 'width', 'height', 'faces']);
  });

  test('has boxes inside the photo, probabilities that add up, null for unknown', async () => {
    const { stdout } = await whosin(['identify', demoPhoto(3), '-m', model, '--json']);
    const { faces, width, height } = JSON.parse(stdout) as JsonPhoto;
    expect(faces.map(({ person }) => person).toSorted()).toEqual(['Mona M.', 'nell', null].toSorted());
    for (const { box, score, person, probability, unknown, candidates } of faces) {
      expect(Math.min(box.left, box.top)).toBeGreaterThanOrEqual(0);
      expect(box.left + box.width).toBeLessThanOrEqual(width);
      expect(box.top + box.height).toBeLessThanOrEqual(height);
      expect(score).toBeGreaterThan(0.5);
      expect(score).toBeLessThanOrEqual(1);
      expect(candidates.map((candidate) => Object.keys(candidate))).toEqual(
        Array(4).fill(['person', 'probability']),
      );
      expect(candidates.reduce((sum, candidate) => sum + candidate.probability, unknown)).toBeCloseTo(1, 4);
      expect(probability).toBe(person === null ? unknown : candidates[0]!.probability);
    }
  });

  test('keeps a photo that could not be read in its place, with code and message', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'empty.jpg'), '');
    await copyFile(demoPhoto(3), join(folder, 'group.jpg'));
    const args = ['identify', 'none.jpg', 'group.jpg', 'empty.jpg', '-m', model, '--json'];
    const { status, stdout } = await whosin(args, { cwd: folder });
    expect(status).toBe(1);
    const photos = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonPhoto);
    expect(photos.map(({ file, error }) => [file, error?.code])).toEqual([
      ['none.jpg', 'not-found'],
      ['group.jpg', undefined],
      ['empty.jpg', 'not-a-photo'],
    ]);
    expect(photos[0]).toStrictEqual({
      schema: 1,
      file: 'none.jpg',
      faces: [],
      error: { code: 'not-found', message: expect.stringContaining('none.jpg') },
    });
  });
});

interface JsonPhoto {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly faces: readonly {
    readonly box: {
      readonly left: number;
      readonly top: number;
      readonly width: number;
      readonly height: number;
    };
    readonly score: number;
    readonly person: string | null;
    readonly probability: number;
    readonly unknown: number;
    readonly candidates: readonly { readonly person: string; readonly probability: number }[];
  }[];
  readonly error?: { readonly code: string };
}

describe('what may be given', () => {
  async function album(): Promise<string> {
    const folder = await temporaryFolder();
    await writePhoto(join(folder, 'a 1.jpg'), portrait('mona', 2));
    await writePhoto(join(folder, 'album', 'IMG_10.png'), portrait('pam').png());
    await writePhoto(join(folder, 'album', 'IMG_9.webp'), portrait('nell').webp());
    await writePhoto(join(folder, 'album', 'deep', 'x.avif'), portrait('olga').avif({ effort: 0 }));
    await writeFile(join(folder, 'album', 'notes.txt'), 'no photo');
    await mkdir(join(folder, 'nothing'));
    return folder;
  }

  function filesIn(stdout: string): string[] {
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as JsonPhoto).file);
  }

  test('files, folders with everything below them, and globs, each photo once and in this order', async () => {
    const cwd = await album();
    const run = (...photos: string[]): ReturnType<typeof whosin> =>
      whosin(['identify', ...photos, '-m', model, '--json'], { cwd });
    const all = await run('a 1.jpg', 'album');
    expect(all.status).toBe(0);
    expect(filesIn(all.stdout)).toEqual([
      'a 1.jpg',
      'album/deep/x.avif',
      'album/IMG_9.webp',
      'album/IMG_10.png',
    ]);
    const names = all.stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as JsonPhoto).faces[0]!.person);
    expect(names).toEqual(['Mona M.', '李小龍', 'nell', 'pam']);
    expect(filesIn((await run('album/**/*.{png,avif}', 'album/IMG_10.png')).stdout).toSorted()).toEqual([
      'album/IMG_10.png',
      'album/deep/x.avif',
    ]);
  });

  test('a dash: paths on standard input, one a line, mixed with others', async () => {
    const cwd = await album();
    const { status, stdout } = await whosin(['identify', 'album/IMG_9.webp', '-', '-m', model, '--json'], {
      cwd,
      input: 'a 1.jpg\n\nalbum/deep\r\n',
    });
    expect(status).toBe(0);
    expect(filesIn(stdout)).toEqual(['album/IMG_9.webp', 'a 1.jpg', 'album/deep/x.avif']);
  });

  test('nothing on standard input is an error with a sentence', async () => {
    const { status, stdout, stderr } = await whosin(['identify', '-', '-m', model]);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toBe('error: No photos were found in what was given.\n');
  });

  test('what is not there is named, and the rest is done', async () => {
    const cwd = await album();
    const photos = ['none.jpg', 'a 1.jpg', 'nothing', '*.bmp', 'album/notes.txt', 'album/IMG_10.png'];
    const { status, stdout, stderr } = await whosin(['identify', ...photos, '-m', model], { cwd });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^a 1\.jpg: 1 face: Mona M\.$/m);
    expect(stdout).toMatch(/^album\/IMG_10\.png: 1 face: pam$/m);
    const errors = stderr.split('\n').filter((line) => line.startsWith('error: '));
    expect(errors).toEqual([
      expect.stringContaining('none.jpg: no such file'),
      expect.stringContaining('There are no photos in nothing.'),
      expect.stringContaining('No photo matches *.bmp.'),
      expect.stringContaining('album/notes.txt is not a photo'),
    ]);
    expect(stderr).toContain('6 photos, 2 faces, 2 named, 4 could not be read');
  });

  test('a photo whose name begins with a dash, behind --', async () => {
    const folder = await temporaryFolder();
    await writePhoto(join(folder, '-rf.jpg'), portrait('nell'));
    const { status, stdout } = await whosin(['identify', '-m', model, '--', '-rf.jpg'], { cwd: folder });
    expect([status, stdout.split('\n')[0]]).toEqual([0, '-rf.jpg: 1 face: nell']);
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
    const whole = await readFile(model);
    await writeFile(join(folder, 'cut.onnx'), whole.subarray(0, whole.length / 2));
    for (const other of [demoPhoto(1), folder, join(folder, 'cut.onnx')]) {
      const { status, stdout, stderr } = await whosin(['identify', demoPhoto(3), '-m', other]);
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^error: [^\n]+\n$/);
      expect(stderr).toContain(other);
    }
  });
});
