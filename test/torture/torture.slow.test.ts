/**
 * The commands that read photos, over a folder of files that are odd, broken or hostile. Each file is answered about or named with
 * a reason in plain words; memory stays below what was allowed; nothing is written into the folder.
 */

import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Run, setUpModel, setUpWhosin } from '../cli/whosin.ts';
import { sharedFolder } from '../shared-folder.ts';
import { makeTortureFolder, type TortureFolder } from './make-folder.ts';
import { type Outcome, outcomesIn } from './outcomes.ts';

const whosin = setUpWhosin();
const model = setUpModel(whosin, { Mona: ['mona', 2], Nell: ['nell', 2] });
const shared = sharedFolder();
const at = (...parts: string[]): string => join(shared.path, ...parts);
const odd = (...parts: string[]): string => at('odd', ...parts);

/** Words that no person should have to read. */
const raw = [
  /whosin failed/,
  /^ {4}at /m,
  /\bE[A-Z]{4,}\b[:,]/,
  /\(\d+\.\d{3,}\)/,
  /Unknown error|vips|GLib|libheif|Napi/i,
  /\b(undefined|NaN)\b|\[object/,
  /Warning:/,
];

let folder: TortureFolder;
let before: string[];
let identified: Run;
let outcomes: Outcome[];
const answerAbout = (path: string): string | undefined => outcomes.find((o) => o.path === path)?.answer;

beforeAll(async () => {
  folder = await makeTortureFolder(odd());
  before = await everything();
  identified = await run('identify', odd(), '-m', model.path, '--json');
  outcomes = outcomesIn(identified.stdout, odd());
});
afterAll(() => folder.close());

/** Every path with its size, mode and times. */
async function everything(): Promise<string[]> {
  const paths = await readdir(odd(), { recursive: true });
  const lines = paths.toSorted().map(async (path) => {
    // A name that is no UTF-8 leads nowhere.
    const info = await lstat(odd(path)).catch(() => undefined);
    return [path, info?.size, info?.mode, info?.mtimeMs, info?.ctimeMs].join(' ');
  });
  return Promise.all(lines);
}

/** Runs it with a gigabyte of memory, and expects what holds for every command. */
async function run(...args: string[]): Promise<Run> {
  const peaks = at('peaks');
  const done = await whosin(args, {
    cwd: shared.path,
    environment: { WHOSIN_MEMORY: '1GB', WHOSIN_THREADS: '2', NODE_OPTIONS: notePeak(peaks) },
  });
  const words = `${done.stdout}\n${done.stderr}`;
  for (const pattern of raw) expect(words).not.toMatch(pattern);
  const peak = Math.max(...(await readFile(peaks, 'utf8')).trim().split('\n').map(Number));
  expect(peak).toBeGreaterThan(50e6);
  expect(peak).toBeLessThan(1e9);
  return done;
}

/** Node's option that makes a process append its peak to a file when it ends, in bytes. */
function notePeak(file: string): string {
  const program = `
    import { appendFileSync, readFileSync } from 'node:fs';
    process.on('exit', () => {
      let kilobytes = process.resourceUsage().maxRSS;
      try { kilobytes = /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]; } catch {}
      appendFileSync(${JSON.stringify(file)}, kilobytes * 1024 + '\\n');
    });`;
  return `--import data:text/javascript,${encodeURIComponent(program).replaceAll("'", '%27')}`;
}

/** The names of files that could not be read. */
const refused = (): string[] => outcomes.filter((o) => o.refused).map(({ path }) => path);

describe('identify', () => {
  test('answers about every file once, and passes over what is plainly no photo', () => {
    expect(identified.status).toBe(1);
    const seen = outcomes.map(({ path }) => path);
    expect(new Set(seen).size).toBe(seen.length);
    expect(folder.files.filter((path) => !seen.includes(path))).toEqual(['heif/clip.mp4']);
    expect(identified.stderr).toContain('1 video in folders passed over');
    expect(folder.files.length).toBeGreaterThan(400);
  });

  test('gives each that it cannot read a reason in plain words', () => {
    const reasons = new Set(
      outcomes.filter((o) => o.refused).map(({ answer }) => answer.replaceAll(/\d+/g, '#')),
    );
    const known = [
      /^is (a|an) .+, which whosin does not read: save it as JPEG or PNG\.$/,
      /^is (empty \(# bytes\)|not a photo: no known picture format)\.$/,
      /^is (a pipe|a socket|a device), not a file\.$/,
      /^is damaged: its data make no sense as a picture\.$/,
      /^is damaged or cut off: its end is missing\.$/,
      /^is cut off: ([#.]+ % of the picture is missing|the last # of its # bytes are missing)\.$/,
      /^is too large (for a photo \(# bytes\)|to open safely \(# × # pixels\): save a smaller copy)\.$/,
      /^needs [#.]+ GB of memory to be opened, and whosin may use [#.]+ GB for photos: save a smaller copy, or raise WHOSIN_MEMORY\.$/,
      /^Cannot read .+: (no such file or directory|too many symbolic links encountered|permission denied)/,
    ];
    expect([...reasons].filter((reason) => !known.some((pattern) => pattern.test(reason)))).toEqual([]);
  });

  test.each([
    ['jpeg/whole.jpg', '160 × 200'],
    ['jpeg/arithmetic.jpg', '48 × 64'],
    ['jpeg/arithmetic-progressive.jpg', '48 × 64'],
    ['jpeg/icc-inside-icc.jpg', '160 × 200'],
    ['jpeg/exif-next-is-itself.jpg', '160 × 200'],
    ['jpeg/orientation-1.jpg', '160 × 200'],
    ['jpeg/orientation-6.jpg', '200 × 160'],
    ['jpeg/orientation-9.jpg', '160 × 200'],
    ['jpeg/xmp-two-megabytes.jpg', '160 × 200'],
    ['jpeg/lacks-2-bytes.jpg', '160 × 200'],
    ['jpeg/cut-at-90-percent.jpg', '160 × 200, damaged'],
    ['jpeg/cut-at-10-percent.jpg', 'is cut off: 92 % of the picture is missing.'],
    ['png/12-megapixels-in-a-few-kilobytes.png', '4000 × 3000'],
    ['png/three-megabytes-of-names.png', '160 × 160'],
    ['png/text-bomb.png', '160 × 160'],
    ['png/four-billion-squared.png', 'is damaged: its data make no sense as a picture.'],
    ['gif/bomb-of-two-hundred-frames.gif', '4000 × 4000'],
    ['webp/bomb-of-fifty-frames.webp', '1000 × 1000'],
    ['webp/alpha-and-orientation.webp', '160 × 160'],
    ['heif/turned-by-0.heic', '64 × 48'],
    ['heif/turned-by-1.heic', '48 × 64'],
    ['heif/turned-by-3-and-mirrored.heic', '48 × 64'],
    ['tiff/next-directory-is-itself.tif', '48 × 64'],
    ['no photos/heic-called.jpg', '48 × 64'],
    ['no photos/diary.jpg', 'is not a photo: no known picture format.'],
    ['specials/pipe.jpg', 'is a pipe, not a file.'],
    ['specials/socket.jpg', 'is a socket, not a file.'],
    ['specials/endless.jpg', 'is a device, not a file.'],
    ['specials/sparse-2-terabytes.png', 'is too large for a photo (2199023255552 bytes).'],
  ])('%s: %s', (path, answer) => {
    expect(answerAbout(path)).toBe(answer);
  });

  test('draws what it could read, each folder apart', async () => {
    const { status, stderr } = await run('identify', odd(), '-m', model.path, '--draw', at('drawn'));
    expect(status).toBe(1);
    expect(stderr).toContain(`${refused().length} could not be read`);
    const drawn = (await readdir(at('drawn'), { recursive: true })).filter((path) => path.endsWith('.jpg'));
    expect(drawn).toHaveLength(outcomes.length - refused().length);
  });
});

test('classify answers as identify does: the same sizes, the same reasons', async () => {
  const { status, stdout } = await run('classify', odd(), '--json');
  expect(status).toBe(1);
  expect(outcomesIn(stdout, odd())).toEqual(outcomes);
});

describe.each([
  ['train', ['-o', 'people.onnx']],
  ['train --on picture', ['-o', 'pictures.onnx']],
  ['evaluate --cross-validate', ['--json']],
])('%s', (command, more) => {
  test('names every file that is left out, with its reason', async () => {
    const [name, ...flags] = command.split(' ') as [string, ...string[]];
    const { stdout, status } = await run(name, odd(), ...flags, ...more);
    // Broken photos in a folder of photos are normal to it, files that could not be opened are not.
    expect(status).toBe(1);
    for (const path of refused()) expect(stdout).toContain(path);
  });
});

describe('album add', () => {
  test('counts and names what it cannot read, now and the next time', async () => {
    const album = ['album', 'add', odd(), '--album', at('album.whosin')];
    const first = await run(...album);
    expect(first.status).toBe(1);
    for (const path of refused()) expect(first.stderr).toContain(path);
    const [, files, unchanged, photos, copies, unread] = summary.exec(first.stdout)!.map(Number);
    expect(unchanged).toBe(0);
    expect(photos! + copies! + unread!).toBe(files);
    const again = summary.exec((await run(...album)).stdout)!.map(Number);
    expect(again[1]).toBe(files);
    expect(again[2]! + again[5]!).toBe(files);
  });

  const summary =
    /^(\d+) files, (\d+) unchanged: (\d+) new photos with \d+ faces(?:, (\d+) files moved or copied)?, (\d+) files could not be read/;
});

test('collect review counts every file once, though a link in the folder leads back to it', async () => {
  const { stdout } = await run('collect', 'review', odd(), '--no-sheet');
  expect(stdout).toMatch(/^ {2}jpeg +12\d /m);
  expect(stdout).toMatch(/^ {2}specials +2 /m);
});

test('verify and explain say the same of a file as identify does', async () => {
  for (const path of ['gif/no-frames.gif', 'no photos/diary.jpg']) {
    const said = `${odd(path)} ${answerAbout(path)}`;
    const verified = await run('verify', odd(path), odd('jpeg', 'whole.jpg'));
    expect([verified.status, verified.stderr]).toEqual([2, expect.stringContaining(said)]);
    const explained = await run('explain', odd(path), '-m', at('pictures.onnx'), '-o', at('explained.png'));
    expect([explained.status, explained.stderr]).toEqual([1, expect.stringContaining(said)]);
  }
});

test('nothing was written into the folder, and nothing that lies there was changed', async () => {
  expect(await everything()).toEqual(before);
});
