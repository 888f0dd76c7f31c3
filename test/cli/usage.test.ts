import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { setUpCalls } from './call-whosin.ts';
import { repository } from './whosin.ts';

const whosin = setUpCalls();

describe('help', () => {
  test.each([
    [['--help']],
    [['help']],
    [['train', '--help']],
    [['identify', '--help']],
    [['classify', '--help']],
    [['models', '--help']],
    [['models', 'add', '--help']],
    [['people', '--help']],
    [['people', 'add', '--help']],
    [['cache', '--help']],
  ])('%j goes to standard output, with status 0', async (args) => {
    const { status, stdout, stderr } = await whosin(args);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Usage: whosin/);
    expect(stderr).toBe('');
  });

  test('names every command, the environment and the meaning of the exit status', async () => {
    const { stdout } = await whosin(['--help']);
    for (const word of [
      'train',
      'identify',
      'classify',
      'models',
      'cache',
      'demo',
      'WHOSIN_HOME',
      'NO_COLOR',
      'Exit status',
    ]) {
      expect(stdout).toContain(word);
    }
  });

  test('help is shown even if a setting is wrong', async () => {
    const { status } = await whosin(['--help'], { environment: { WHOSIN_THREADS: 'many' } });
    expect(status).toBe(0);
  });

  test('lines fit a terminal of 120 columns', async () => {
    for (const args of [
      ['--help'],
      ['train', '--help'],
      ['identify', '--help'],
      ['people', '--help'],
      ['classify', '--help'],
    ]) {
      const { stdout } = await whosin(args);
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
    }
  });
});

test('--version is that of the package', async () => {
  const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as {
    version: string;
  };
  expect(await whosin(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

describe('wrong use', () => {
  const people = ['-m', 'people.onnx'];

  test.each<[what: string, args: readonly string[], said: RegExp]>([
    ['no command', [], /Usage: whosin/],
    ['an unknown command', ['trian', 'photos'], /unknown command 'trian'/],
    ['an unknown flag', ['identify', 'a.jpg', ...people, '--frobnicate'], /unknown option '--frobnicate'/],
    // It pointed to the help of whosin, and did not tell where a model comes from.
    [
      'identify without a model',
      ['identify', 'a.jpg'],
      /-m, --model <file>.*whosin train photos\/ -o people\.onnx.*Try: whosin identify --help\n$/,
    ],
    ['a sub-command without its argument', ['models', 'pull'], /Try: whosin models pull --help\n$/],
    ['no such command', ['trian'], /Try: whosin --help\n$/],
    ['identify without photos', ['identify', ...people], /missing required argument 'photos'/],
    ['train without an output', ['train', 'photos'], /-o, --output <file>/],
    ['train without a folder', ['train', '-o', 'people.onnx'], /missing required argument 'folder'/],
    ['train of two folders', ['train', 'a', 'b', '-o', 'people.onnx'], /too many arguments/],
    ['a flag without its value', ['identify', 'a.jpg', '-m'], /argument missing/],
    [
      'a probability above 1',
      ['identify', 'a.jpg', ...people, '--min-probability', '1.5'],
      /between 0 and 1/,
    ],
    [
      'a probability in words',
      ['identify', 'a.jpg', ...people, '--min-probability', 'high'],
      /between 0 and 1/,
    ],
    ['no probability', ['identify', 'a.jpg', ...people, '--min-probability', ''], /between 0 and 1/],
    ['a percentage above 90', ['train', 'p', '-o', 'p.onnx', '--validation', '95'], /from 0 to 90/],
    ['a percentage in words', ['train', 'p', '-o', 'p.onnx', '--validation', 'some'], /from 0 to 90/],
    ['no percentage', ['train', 'p', '-o', 'p.onnx', '--validation', ''], /from 0 to 90/],
    ['a broken number of steps', ['train', 'p', '-o', 'p.onnx', '--steps', '1.5'], /whole number/],
    ['a negative number of steps', ['train', 'p', '-o', 'p.onnx', '--steps', '-1'], /whole number/],
    ['no number of steps', ['train', 'p', '-o', 'p.onnx', '--steps', ''], /whole number/],
    [
      // It wrote a model that had never been fitted, with the accuracy NaN, and ended with status 0.
      'batches of no pictures',
      ['train', 'p', '-o', 'p.onnx', '--on', 'picture', '--optimizer', 'sgd', '--batch-size', '0'],
      /'--batch-size <n>' argument '0' is invalid. Give a whole number from 1 up/,
    ],
    ['looks that are no steps apart', ['train', 'p', '-o', 'p.onnx', '--eval-every', '0'], /from 1 up/],
    ['cache without a command', ['cache'], /Usage: whosin cache/],
    ['an unknown cache command', ['cache', 'burn'], /unknown command 'burn'/],
  ])('%s: status 2, said on standard error', async (_, args, said) => {
    const { status, stdout, stderr } = await whosin(args);
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  test('a number of threads that is none: status 2, naming the variable', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'ann'));
    await writeFile(join(folder, 'ann', '1.jpg'), 'no photo');
    const { status, stderr } = await whosin(['train', folder, '-o', join(folder, 'p.onnx')], {
      environment: { WHOSIN_THREADS: 'many' },
    });
    expect(status).toBe(2);
    expect(stderr).toContain('WHOSIN_THREADS is "many"');
  });
});
