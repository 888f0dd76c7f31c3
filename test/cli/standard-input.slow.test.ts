import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { pathsIn } from '../../src/cli/terminal/standard-input.ts';
import { seededRandom } from '../../src/core/random.ts';
import { portrait, writePhoto } from '../demo-people.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { warmHome } from '../warm-home.ts';
import { photosIn } from './json-photo.ts';
import { environmentWith, mainFile, setUpModel, setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();
const model = setUpModel(whosin, { mona: ['mona', 1], nell: ['nell', 1] });

describe('a list of paths', () => {
  const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');

  test.each<[what: string, list: string | Uint8Array, paths: readonly string[]]>([
    ['one a line, by Unix or Windows', 'a.jpg\nb c.jpg\r\n\nd.jpg', ['a.jpg', 'b c.jpg', 'd.jpg']],
    // It was taken for one path.
    ['parted by NUL, as find -print0 writes them', 'a\nb.jpg\0 c.jpg\r\0', ['a\nb.jpg', ' c.jpg\r']],
    // The first path was not found.
    ['behind a mark of the byte order', '\uFEFFa.jpg\nb.jpg\n', ['a.jpg', 'b.jpg']],
    ['of two files with marks', '\uFEFFa.jpg\n\uFEFFb.jpg\n', ['a.jpg', 'b.jpg']],
    ['in UTF-16, as PowerShell writes it', utf16('é.jpg\r\nb.jpg\r\n'), ['é.jpg', 'b.jpg']],
    ['in UTF-16 of the other order', utf16('é.jpg\n').swap16(), ['é.jpg']],
    [
      'with one name that is not UTF-8',
      Buffer.from('a.jpg\ncaf\xe9.jpg\nb.jpg', 'latin1'),
      ['a.jpg', 'caf\uFFFD.jpg', 'b.jpg'],
    ],
    ['nothing', '', []],
    ['zeros', new Uint8Array(1000), []],
  ])('%s', (_, list, paths) => {
    expect(pathsIn(typeof list === 'string' ? Buffer.from(list) : list)).toEqual(paths);
  });

  test('bytes of any other kind are refused as a whole, and not looked for one by one', () => {
    const random = seededRandom(7);
    const noise = Uint8Array.from({ length: 37_000 }, () => Math.floor(random() * 256));
    expect(() => pathsIn(noise)).toThrow('<stdin> is neither a photo nor a list of paths.');
    expect(() => pathsIn(noise.filter((byte) => byte !== 0))).toThrow('nor a list of paths');
    expect(() => pathsIn(Buffer.from('x'.repeat(5000)))).toThrow('nor a list of paths');
  });
});

describe('a photo on standard input', () => {
  // Its bytes were taken for patterns of paths: a large photo kept the processor busy for minutes.
  test('identify: a photo among others, drawn under a name of its own', async () => {
    const cwd = await temporaryFolder();
    await writePhoto(join(cwd, 'nell.jpg'), portrait('nell'));
    const input = await portrait('mona').toBuffer();
    const args = ['identify', 'nell.jpg', '-', '-m', model.path, '--json', '--draw', 'drawn'];
    const { status, stdout, stderr } = await whosin(args, { cwd, input });
    expect([status, stderr]).toEqual([0, '2 photos, 2 faces, 2 named; drawn into drawn\n']);
    const found = photosIn(stdout).map(({ file, faces }) => [file, faces[0]?.person]);
    expect(found).toEqual([
      ['nell.jpg', 'nell'],
      ['<stdin>', 'mona'],
    ]);
    // The same photo is drawn over its earlier copy, another one is not.
    await whosin(args, { cwd, input });
    expect((await readdir(join(cwd, 'drawn'))).toSorted()).toEqual(['nell-whosin.jpg', 'stdin-whosin.jpg']);
    await whosin(args, { cwd, input: await portrait('mona', 2).toBuffer() });
    expect(await readdir(join(cwd, 'drawn'))).toContain('stdin-whosin-2.jpg');
  });

  test('classify', async () => {
    const input = await portrait('mona').toBuffer();
    const { status, stdout } = await whosin(['classify', '-'], { input });
    expect([status, stdout]).toEqual([0, expect.stringContaining('<stdin>: person')]);
  });

  test('verify, against a file, but not against itself', async () => {
    const cwd = await temporaryFolder();
    await writePhoto(join(cwd, 'mona.jpg'), portrait('mona', 2));
    const input = await portrait('mona').toBuffer();
    const { status, stdout } = await whosin(['verify', '-', 'mona.jpg', '--json'], { cwd, input });
    expect([status, JSON.parse(stdout)]).toEqual([
      0,
      expect.objectContaining({ files: ['<stdin>', 'mona.jpg'] }),
    ]);
    const twice = await whosin(['verify', '-', '-'], { cwd, input });
    expect([twice.status, twice.stderr]).toEqual([2, 'error: Standard input holds one photo, not two.\n']);
    const list = await whosin(['verify', '-', 'mona.jpg'], { cwd, input: 'mona.jpg\n' });
    expect([list.status, list.stderr]).toEqual([2, 'error: <stdin> is not a photo.\n']);
  });

  test('what is no photo and no list is an error of its own, and the rest is done', async () => {
    const cwd = await temporaryFolder();
    await writePhoto(join(cwd, 'nell.jpg'), portrait('nell'));
    const input = Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isomiso2', 'latin1');
    const run = await whosin(['identify', '-', 'nell.jpg', '-m', model.path], { cwd, input });
    expect([run.status, run.stdout]).toEqual([1, expect.stringContaining('nell.jpg: 1 face: nell')]);
    expect(run.stderr).toContain('error: <stdin> is a video: a video is read from a file, so name one.\n');
    const cut = (await portrait('mona').toBuffer()).subarray(0, 900);
    const damaged = await whosin(['identify', '-', '-m', model.path], { cwd, input: cut });
    expect([damaged.status, damaged.stderr]).toEqual([
      1,
      expect.stringMatching(/^error: <stdin> is (?:damaged|cut off)/),
    ]);
  });
});

// `identify <(curl …)` said "is not a file".
test.skipIf(process.platform === 'win32')('a pipe that is named is read as a photo', async () => {
  const cwd = await temporaryFolder();
  await writePhoto(join(cwd, 'mona.jpg'), portrait('mona'));
  await writePhoto(join(cwd, 'nell.jpg'), portrait('nell'));
  const words = `'${process.execPath}' '${mainFile}' identify <(cat mona.jpg) <(cat nell.jpg) -m '${model.path}' --draw drawn`;
  await warmHome(join(cwd, 'home'));
  const { stdout } = await promisify(execFile)('bash', ['-c', words], {
    cwd,
    env: environmentWith(join(cwd, 'home')),
  });
  expect(stdout.match(/^\/dev\/fd\/\d+: 1 face: \w+$/gm)?.map((line) => line.split(': ')[2])).toEqual([
    'mona',
    'nell',
  ]);
  expect(await readdir(join(cwd, 'drawn'))).toHaveLength(2);
});
