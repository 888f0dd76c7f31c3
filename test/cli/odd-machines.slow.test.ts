/** Machines that are not as one would have them: full, read-only and vanishing disks, wrong clocks, no home, other languages, company. */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { writePortraits } from '../demo-people.ts';
import { describeWithDisks, disk } from '../disk.ts';
import { toyGraph, toyLabels } from '../runtime/toy-model.ts';
import { sharedFolder } from '../shared-folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { warmHome } from '../warm-home.ts';
import { environmentWith, mainFile, type Run, setUpModel, setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();
const model = setUpModel(whosin, { mona: ['mona', 2], nell: ['nell', 2] });
const files = sharedFolder();
const at = (...parts: readonly string[]): string => join(files.path, ...parts);
const ask = (): string[] => ['identify', at('asked'), '-m', model.path, '--json'];
const people = (): string[] => ['train', at('people')];
let usual = '';

beforeAll(async () => {
  await writePortraits(at('people'), { mona: ['mona', 2], nell: ['nell', 2] });
  await writePortraits(at('asked'), { some: ['mona', 1], others: ['nell', 1] });
  usual = (await whosin(ask())).stdout;
});

describeWithDisks('a disk', () => {
  test('that is full: the answer comes, the model that has no room is an error, and no half of it is left', async () => {
    const full = await disk('size=64k');
    expect((await whosin(ask(), { home: join(full, 'home') })).stdout).toBe(usual);
    await writeFile(join(full, 'filler'), new Uint8Array(64 * 1024)).catch(() => {});
    const run = await whosin([...people(), '-o', join(full, 'people.onnx')]);
    expect(run).toMatchObject({ status: 1, stderr: expect.stringMatching(/^error: .*no space left/m) });
    expect((await readdir(full)).filter((name) => name !== 'filler' && name !== 'home')).toEqual([]);
  });

  test('that is read-only: the same', async () => {
    const readOnly = await disk('ro');
    expect((await whosin(ask(), { home: join(readOnly, 'home') })).stdout).toBe(usual);
    const run = await whosin([...people(), '-o', join(readOnly, 'people.onnx')]);
    expect(run).toMatchObject({ status: 1, stderr: expect.stringMatching(/^error: .*read-only/m) });
  });
});

test.skipIf(process.platform === 'win32')(
  'a pipe, a socket and a device in a folder are reported, and the photo beside them is read',
  async () => {
    const folder = await temporaryFolder();
    await writePortraits(folder, { some: ['mona', 1] });
    execFileSync('mkfifo', [join(folder, 'pipe.jpg')]);
    const server = createServer().listen(join(folder, 'socket.jpg'));
    onTestFinished(() => void server.close());
    await symlink('/dev/zero', join(folder, 'device.jpg'));
    const run = await whosin(['identify', folder, '-m', model.path, '--json']);
    expect(run.status).toBe(1);
    for (const kind of ['pipe', 'socket', 'device']) {
      expect(run.stderr + run.stdout).toContain(`${kind}.jpg is a ${kind}, not a file`);
    }
    expect(run.stdout).toContain('"mona"');
  },
);

test('a home that vanishes while it is used takes nothing from the answer', async () => {
  const home = join(await temporaryFolder(), 'home');
  const running = whosin(ask(), { home });
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    await rm(home, { recursive: true, force: true }).catch(() => {});
  }
  expect(await running).toMatchObject({ status: 0, stdout: usual });
});

test('four processes at once on one home that is empty, and one output', async () => {
  const folder = await temporaryFolder();
  const home = join(folder, 'home');
  const output = join(folder, 'people.onnx');
  const trained = await Promise.all([1, 2].map(() => whosin([...people(), '-o', output], { home })));
  expect(trained.map(({ status }) => status)).toEqual([0, 0]);
  const asked = await Promise.all(
    [1, 2, 3, 4].map(() => whosin(['identify', at('asked'), '-m', output, '--json'], { home })),
  );
  expect(asked.map(({ status, stdout }) => ({ status, stdout }))).toEqual(
    Array(4).fill({ status: 0, stdout: usual }),
  );
  expect((await readdir(folder)).toSorted()).toEqual(['home', 'people.onnx']);
});

describe('a clock', () => {
  test.each([
    ['1970', 1],
    ['2099', 4_070_908_800],
  ])(
    'that says %s when photos and cache are written: the same answers, from the cache too',
    async (_, then) => {
      const home = join(await temporaryFolder(), 'home');
      await warmHome(home);
      expect((await whosin(ask(), { home })).stdout).toBe(usual);
      for (const root of [at('asked'), home]) {
        for (const path of await readdir(root, { recursive: true }))
          await utimes(join(root, path), then, then);
      }
      expect((await whosin(ask(), { home })).stdout).toBe(usual);
    },
  );
});

test('a clock that was set back: the lock of a process that was killed before is taken over', async () => {
  const home = await temporaryFolder();
  await writeFile(join(home, 'toy.pb'), toyGraph());
  await writeFile(join(home, 'labels.txt'), toyLabels.join('\n'));
  const lock = join(home, 'packs', '.toy.lock');
  await mkdir(lock, { recursive: true });
  await utimes(lock, 4_070_908_800, 4_070_908_800);
  const args = ['models', 'add', 'toy', join(home, 'toy.pb'), '--labels', join(home, 'labels.txt')];
  expect(await whosin(args, { home })).toMatchObject({ status: 0 });
});

describe('an environment', () => {
  test('without HOME, WHOSIN_HOME and XDG folders', async () => {
    const cache = await temporaryFolder();
    const environment = { HOME: '', WHOSIN_HOME: '', XDG_CACHE_HOME: cache, XDG_DATA_HOME: cache, USER: '' };
    expect(await whosin(ask(), { environment })).toMatchObject({ status: 0, stdout: usual });
  });

  test.each(['tr_TR.UTF-8', 'C', 'de_AT@euro', 'nonsense'])('in the language %s', async (LANG) => {
    const environment = { LANG, LC_ALL: LANG, LANGUAGE: LANG };
    expect(await whosin(ask(), { environment })).toMatchObject({ status: 0, stdout: usual });
  });

  test.each([
    ['077', 0o600],
    ['000', 0o666],
    ['0277', 0o400],
  ])('with the umask %s: the model may be read by whom it says', async (umask, mode) => {
    const output = join(await temporaryFolder(), 'people.onnx');
    const run = await inShell(`umask ${umask}; exec "$@"`, [...people(), '-o', output]);
    expect(run.status).toBe(0);
    expect((await stat(output)).mode & 0o777).toBe(mode);
  });
});

async function inShell(script: string, args: readonly string[]): Promise<Run> {
  const child = spawn('sh', ['-c', script, 'sh', process.execPath, mainFile, ...args], {
    env: environmentWith(files.path),
  });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = (await once(child, 'close')) as [number | null];
  const [stdout, stderr] = await said;
  return { status, stdout, stderr };
}
