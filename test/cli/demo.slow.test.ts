import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openAlbum } from '../../src/album/open-album.ts';
import { loadPeopleModel } from '../../src/faces/people/people-model.ts';
import { sharedFolder } from '../shared-folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Run, setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();
const files = sharedFolder();
let run: Run;
let folder = '';
let page = '';

beforeAll(async () => {
  folder = join(files.path, 'a demo');
  run = await whosin(['demo', '-o', 'a demo'], { cwd: files.path });
  page = await readFile(join(folder, 'index.html'), 'utf8');
});

test('it runs through and says where its pictures are', () => {
  expect(run.status).toBe(0);
  expect(run.stdout).toMatch(/^Found \d+ faces in 6 photos\.$/m);
  expect(run.stdout).toMatch(/^Grouped them into \d+ people, without labels\.$/m);
  expect(run.stdout).toMatch(/^Taught \d+ people from 4 photos\.$/m);
  expect(run.stdout).toContain(`Open ${join(folder, 'index.html')}`);
  expect(run.stdout).toMatch(
    /^Name the faces yourself: node \S+main\.js serve --album '.*a demo\/album\.db'$/m,
  );
  expect(run.stderr.trim()).toBe('');
});

test('in the two photos that it is asked about somebody is named, and somebody is unknown', () => {
  const answers = answersOf(run.stdout);
  expect(new Set(answers.map(({ photo }) => photo))).toEqual(new Set(['sample1', 'sample4']));
  expect(answers.some(({ answer }) => answer === 'unknown')).toBe(true);
  expect(answers.some(({ answer }) => answer !== 'unknown')).toBe(true);
});

test('it leaves the page, a model, the lessons and the annotated photos', async () => {
  expect((await readdir(folder)).toSorted()).toEqual(
    [
      '.whosin-demo',
      'album.db',
      'index.html',
      'people',
      'people.onnx',
      'photos',
      'sample1-whosin.jpg',
      'sample4-whosin.jpg',
    ].toSorted(),
  );
  const { people } = await loadPeopleModel(join(folder, 'people.onnx'));
  expect(await readdir(join(folder, 'people'))).toEqual(people);
  expect(await sharp(join(folder, 'sample1-whosin.jpg')).metadata()).toMatchObject({
    width: 1920,
    height: 1280,
  });
});

test('its album has the six photos, and groups of faces without a name; a second run leaves what was said, and teaches the same', async () => {
  const album = await openAlbum(join(folder, 'album.db'), { create: false });
  onTestFinished(() => album.close());
  const { photos, faces } = await album.status();
  expect([photos, `Found ${faces} faces in 6 photos.`]).toEqual([6, run.stdout.split('\n')[0]]);
  const [first] = (await album.groups()).groups;
  await album.name(first!.group, 'Ada of the album');

  const before = await loadPeopleModel(join(folder, 'people.onnx'));
  const again = await whosin(['demo', '-o', 'a demo'], { cwd: files.path });
  expect(again).toEqual(run);
  expect((await loadPeopleModel(join(folder, 'people.onnx'))).people).toEqual(before.people);
  const { people, ...status } = await album.status();
  expect([status.photos, status.faces]).toEqual([photos, faces]);
  expect(people.map(({ shown, confirmed }) => [shown, confirmed])).toEqual([
    ['Ada of the album', first!.faces],
  ]);
});

test('a folder that cannot be made is a sentence', async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'file'), 'in the way');
  const { status, stdout, stderr } = await whosin(['demo', '-o', 'file/demo'], { cwd });
  expect(stderr.trim()).toMatch(/^error: [^\n]*file[^\n]*$/);
  expect(status).toBe(1);
  expect(stdout).not.toContain('Open');
});

describe('the page', () => {
  test('needs nothing but itself: every picture is inside it, nothing is fetched', () => {
    const sources = [...page.matchAll(/\b(?:src|href|srcset|poster)\s*=\s*"([^"]*)"/g)].map(
      (match) => match[1]!,
    );
    expect(sources.length).toBeGreaterThan(20);
    for (const source of sources) expect(source.slice(0, 23)).toBe('data:image/jpeg;base64,');
    expect(page).not.toMatch(/https?:\/\/|@import|url\(|<script|<link|<iframe/i);
  });

  test('is no larger than a few photos', () => {
    expect(page.length).toBeLessThan(6e6);
  });

  const chromium = '/usr/bin/chromium';
  const here = existsSync(chromium);
  test.skipIf(!here)(
    'opens in a browser with headings, every picture and a name on each face (skipped where there is no /usr/bin/chromium)',
    async () => {
      const profile = await temporaryFolder();
      // The browser says by itself what it has shown: pictures that decoded, and text that is laid out.
      const probe = `<script>onload = () => { document.title = JSON.stringify({
        headings: [...document.querySelectorAll('h1, h2')].map((h) => h.innerText),
        broken: [...document.images].filter((i) => !i.complete || i.naturalWidth === 0).length,
        names: [...document.querySelectorAll('.face b')].filter((b) => b.getBoundingClientRect().height > 0).length,
        wide: document.documentElement.scrollWidth > innerWidth,
      }) }</script>`;
      const probed = join(files.path, 'probed.html');
      await writeFile(
        probed,
        page.replace('</body>', () => `${probe}</body>`),
      );
      const { stdout } = await promisify(execFile)(
        chromium,
        [
          '--headless',
          '--no-sandbox',
          '--disable-gpu',
          '--disable-dev-shm-usage',
          `--user-data-dir=${profile}`,
          '--window-size=1200,900',
          '--dump-dom',
          pathToFileURL(probed).href,
        ],
        { maxBuffer: 64e6, timeout: 90_000 },
      );
      const title = /<title>([\s\S]*?)<\/title>/.exec(stdout)![1]!;
      const seen = JSON.parse(title.replaceAll('&amp;', '&')) as Record<string, unknown>;
      expect(seen).toMatchObject({ broken: 0, wide: false });
      expect(seen['headings']).toEqual([
        'Who is in these photos?',
        expect.stringContaining('Every face is found'),
        expect.stringContaining('without labels'),
        expect.stringContaining('lessons'),
        expect.stringContaining('questions'),
        expect.stringContaining('your own photos'),
      ]);
      expect(seen['names']).toBe(answersOf(run.stdout).length);
    },
  );
});

/** The lines "Asked about sample1.jpg: Ada (>0.99), unknown (0.83)", an answer each. */
function answersOf(stdout: string): { photo: string; answer: string }[] {
  return [...stdout.matchAll(/^Asked about (sample[14])\.jpg: (.+)$/gm)].flatMap(([, photo, answers]) =>
    answers!
      .split(', ')
      .map((answer) => ({ photo: photo!, answer: answer.replace(/ \([<>]?\d\.\d\d\)$/, '') })),
  );
}
