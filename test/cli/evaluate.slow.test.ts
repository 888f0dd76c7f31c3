import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { portrait, writePhoto, writePortraits } from '../demo-people.ts';
import { demoPhoto, encode, fourColours } from '../photo-fixtures.ts';
import { sharedFolder } from '../shared-folder.ts';
import { setUpCalls } from './call-whosin.ts';

const whosin = setUpCalls();
const files = sharedFolder();

beforeAll(async () => {
  const lessons = join(files.path, 'lessons');
  await writePortraits(lessons, { 'Mona <M>': ['mona', 2], nell: ['nell', 2], pam: ['pam', 2] });
  await whosin(['train', lessons, '-o', join(files.path, 'people.onnx')]);
  const album = join(files.path, 'album');
  await writePhoto(join(album, 'Mona <M>', '3.jpg'), portrait('mona', 3));
  await writePhoto(join(album, 'pam', '3.jpg'), portrait('pam', 3));
  // In the wrong folder: a mistake of the label, which looks like a mistake of the model.
  await writePhoto(join(album, 'nell', '4.jpg'), portrait('pam', 4));
  await writePhoto(join(album, 'nell', 'wall.png'), encode(fourColours()).png());
  await cp(demoPhoto(1), join(album, 'unknown', 'crowd.jpg'));
});

const evaluate = (...args: readonly string[]): ReturnType<typeof whosin> =>
  whosin(['evaluate', ...args], { cwd: files.path });

describe('what is printed', () => {
  test('every rate with its interval and its counts, mistakes with their paths', async () => {
    const { status, stdout, stderr } = await evaluate('album', '-m', 'people.onnx');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^album: 5 photos, 3 enrolled people, 1 stranger, asked of people\.onnx$/m);
    expect(stdout).toMatch(/^ {2}face found +80\.0 % {2}\(\d+\.\d to \d+\.\d %\) +4 of 5$/m);
    expect(stdout).toMatch(
      /^ {2}right name, given from 0\.5 up +50\.0 % {2}\([\d.]+ to [\d.]+ %\) +2 of 4$/m,
    );
    expect(stdout).toMatch(/^ {2}wrong name +25\.0 % .* 1 of 4$/m);
    expect(stdout).toMatch(/^ {2}in at most 0\.1 % +too few strangers: 1000 are needed$/m);
    expect(stdout).toContain('Given a wrong name: 1\n  album/nell/4.jpg: is nell, named pam (>0.99)');
    expect(stdout).toContain('No face found: 1\n  album/nell/wall.png');
    expect(stdout).toContain('No setting is suggested: too few strangers: 100 are needed');
    expect(stdout).not.toContain('\u001b');
  });

  test('a photo that the model was trained with is left out, and it is said', async () => {
    const { status, stdout, stderr } = await evaluate('lessons', '-m', 'people.onnx');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: The model was trained with every photo of lessons/);
  });

  test('cross-validation needs no model, and leaves each person out once', async () => {
    const { status, stdout } = await evaluate('lessons', '--cross-validate', '2');
    expect(status).toBe(0);
    expect(stdout).toContain('cross-validated in 2 parts, each person left out once to be a stranger');
    expect(stdout).toMatch(/^ {2}right name, given from 0\.5 up +100 % .* 6 of 6$/m);
    expect(stdout).toMatch(/^ {2}given a name, from 0\.5 up +0 % .* 0 of 6$/m);
  });

  test('a photo that cannot be read is named, and the status says so', async () => {
    const folder = join(files.path, 'broken');
    await writePortraits(folder, { mona: ['mona', 2] });
    await writeFile(join(folder, 'mona', 'bad.jpg'), 'no photo');
    const { status, stdout } = await evaluate('broken', '--cross-validate');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^ {2}broken\/mona\/bad\.jpg is not a photo/m);
  });
});

describe('--json', () => {
  test('is one object, schema 1, with everything that was measured', async () => {
    const { status, stdout } = await evaluate('album', '-m', 'people.onnx', '--json', '--max-wrong', '0.2');
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect(report).toMatchObject({
      schema: 1,
      folder: 'album',
      model: 'people.onnx',
      protocol: { kind: 'model' },
      setting: { minProbability: 0.5, priorUnknown: 0.5, maxWrong: 0.2 },
      photos: 5,
      enrolled: { people: 3, photos: 4, right: { hits: 2, of: 4, value: 0.5 } },
      strangers: { people: 1 },
      wrongNames: [
        { path: 'album/nell/4.jpg', subject: 'nell', given: 'pam', takenFor: { path: 'album/pam/3.jpg' } },
      ],
      noFace: ['album/nell/wall.png'],
    });
    // Embeddings are as good as photos: they are in no report.
    expect(stdout).not.toContain('embedding');
  });
});

describe('the page', () => {
  test('holds everything in itself: pictures and charts, nothing to fetch, names as text', async () => {
    const { status, stderr } = await evaluate('album', '-m', 'people.onnx', '-o', 'out/report.html');
    expect([status, stderr]).toEqual([0, 'Wrote out/report.html\n']);
    const page = await readFile(join(files.path, 'out', 'report.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('Mona &lt;M&gt;');
    expect(page).not.toContain('<M>');
    expect(page).not.toMatch(/https?:|<script|<link|\burl\(/);
    for (const [, source] of page.matchAll(/\bsrc="([^"]*)"/g))
      expect(source).toMatch(/^data:image\/jpeg;base64,/);
    // The mistaken face, the one that it was taken for, the likely wrong label and the photo without a face.
    expect(page.match(/<img /g)!.length).toBeGreaterThanOrEqual(4);
    expect(page).toMatch(/<h2>Given a wrong name: 1<\/h2>/);
    expect(page).toMatch(/<h2>No face found: 1<\/h2>/);
    expect(page.match(/<svg /g)).toHaveLength(3);
    expect(page).toContain('aria-label="share that was right against probability that was stated"');
    // Thumbnails in Base64 may hold these letters by chance, and one did.
    expect(page.replaceAll(/"data:[^"]*"/g, '')).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('that could not be written is said before any work', async () => {
    await writeFile(join(files.path, 'plain'), '');
    const { status, stdout, stderr } = await evaluate('album', '-m', 'none.onnx', '-o', 'plain/report.html');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: Cannot write plain\/report\.html/);
  });
});

test.each(['evaluate', 'verify'])('%s --help fits a terminal of 120 columns', async (command) => {
  const { status, stdout } = await whosin([command, '--help']);
  expect(status).toBe(0);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
});

describe('wrong use is status 2', () => {
  test.each([
    ['neither a model nor a cross-validation', ['album'], /either a model .* or --cross-validate/],
    ['both', ['album', '-m', 'people.onnx', '--cross-validate'], /either a model .* or --cross-validate/],
    [
      'the folder taken for the number of parts',
      ['--cross-validate', 'album'],
      /whole number from 2 to 100, and the folder before it/,
    ],
    ['one part', ['album', '--cross-validate', '1'], /whole number from 2 to 100/],
    ['a share above one', ['album', '-m', 'people.onnx', '--max-wrong', '2'], /between 0 and 1/],
    ['no folder', ['-m', 'people.onnx'], /missing required argument 'folder'/],
  ])('%s', async (_, args, said) => {
    const { status, stdout, stderr } = await evaluate(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(said);
  });
});
