/** A system on which ONNX Runtime does not load, such as Alpine: the real command with a library that is none. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, expect, test } from 'vitest';
import { demoPhoto } from '../photo-fixtures.ts';
import { sharedFolder } from '../shared-folder.ts';
import { build, environmentWith, type Run, repository } from './whosin.ts';

const files = sharedFolder();
const library = 'onnxruntime-node';

/** whosin as it is installed, but for the files of the library that the system would load. */
beforeAll(async () => {
  await build();
  for (const own of ['dist', 'weights', 'package.json']) {
    await cp(join(repository, own), join(files.path, own), { recursive: true });
  }
  const modules = join(files.path, 'node_modules');
  await mkdir(modules);
  for (const name of await readdir(join(repository, 'node_modules'))) {
    if (name !== library) await symlink(join(repository, 'node_modules', name), join(modules, name));
  }
  const theirs = join(repository, 'node_modules', library);
  const isNative = (path: string): boolean => path.startsWith(join(theirs, 'bin'));
  await cp(theirs, join(modules, library), { recursive: true, filter: (path) => !isNative(path) });
  const place = join(modules, library, 'bin', 'napi-v6', process.platform, process.arch);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'onnxruntime_binding.node'), 'built for another system');
}, 120_000);

async function whosin(args: readonly string[]): Promise<Run> {
  const main = join(files.path, 'dist', 'cli', 'main.js');
  const child = spawn(process.execPath, [main, ...args], { env: environmentWith(join(files.path, 'home')) });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}

test.each([
  ['classify', [demoPhoto(1)], 1],
  // As of cmp: no answer.
  ['verify', [demoPhoto(1), demoPhoto(2)], 2],
] as const)(
  '%s ends with a sentence that says where it runs, and no trace',
  async (command, photos, expected) => {
    const { status, stderr } = await whosin([command, ...photos]);
    expect(status).toBe(expected);
    expect(stderr).toMatch(/ONNX Runtime, which runs the networks, cannot be loaded: [^\n]+/);
    expect(stderr).toContain(
      'It runs on Linux with glibc (not on Alpine: take an image such as node:22-slim)',
    );
    expect(stderr).not.toMatch(/^\s+at |should not have/m);
  },
);

test('what needs no network works all the same', async () => {
  expect(await whosin(['models', 'list'])).toMatchObject({ status: 0 });
  await rm(join(files.path, 'home'), { recursive: true, force: true });
  expect(await whosin(['cache', 'info'])).toMatchObject({ status: 0 });
});

test('a decoder that does not load is no fault of the photo, and is missed by none that needs no photo', async () => {
  const place = join(files.path, 'node_modules', 'sharp');
  await unlink(place);
  await mkdir(place);
  await writeFile(
    join(place, 'index.js'),
    'throw new Error("Built for another system\\nPossible solutions: many")',
  );
  const { status, stderr } = await whosin(['regions', demoPhoto(1)]);
  expect(stderr).toMatch(
    /sharp, which decodes photos, cannot be loaded: Built for another system\. Install whosin again on this system[^\n]+/,
  );
  expect(stderr).not.toMatch(/^\s+at |should not have|Possible solutions/m);
  expect(status).toBe(1);
  expect(await whosin(['identify', '--help'])).toMatchObject({ status: 0 });
});
