import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writePortraits } from '../demo-people.ts';
import { demoPhoto } from '../photo-fixtures.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { warmHome } from '../warm-home.ts';
import { environmentWith, mainFile, setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();

test('a reader that has seen enough, as `| head` has, ends the command quietly', async () => {
  const cwd = await temporaryFolder();
  const home = join(cwd, 'home');
  await warmHome(home);
  await writePortraits(join(cwd, 'photos'), { mona: ['mona', 1] });
  await whosin(['train', 'photos', '-o', 'people.onnx'], { cwd, home });
  await mkdir(join(cwd, 'album'));
  for (let i = 0; i < 40; i++) await copyFile(demoPhoto(3), join(cwd, 'album', `${i}.jpg`));

  const child = spawn(process.execPath, [mainFile, 'identify', 'album', '-m', 'people.onnx'], {
    cwd,
    env: environmentWith(home),
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [first] = (await once(child.stdout, 'data')) as [Buffer];
  child.stdout.destroy();
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(first.toString()).toContain('album/0.jpg: 3 faces');
  expect(stderr).not.toMatch(/EPIPE|^\s+at |should not have/m);
  expect([status, signal]).toEqual([0, null]);
});

test('a training whose words nobody reads still writes its model, or says that it failed', async () => {
  const cwd = await temporaryFolder();
  await writePortraits(join(cwd, 'photos'), { mona: ['mona', 2], nell: ['nell', 1] });
  const child = spawn(process.execPath, [mainFile, 'train', 'photos', '-o', 'people.onnx'], {
    cwd,
    env: environmentWith(join(cwd, 'home')),
  });
  child.stdout.destroy();
  child.stderr.resume();
  const [status] = (await once(child, 'close')) as [number | null];
  expect({ status, written: existsSync(join(cwd, 'people.onnx')) }).not.toEqual({
    status: 0,
    written: false,
  });
});

test('results go to standard output alone, notes to standard error alone', async () => {
  const cwd = await temporaryFolder();
  await writePortraits(join(cwd, 'photos'), { mona: ['mona', 1] });
  await whosin(['train', 'photos', '-o', 'people.onnx'], { cwd });
  const run = await whosin(['identify', 'none.jpg', 'photos', '-m', 'people.onnx'], { cwd });
  expect(run.stdout).toMatch(/^photos\/mona\/1\.jpg: 1 face: mona\n {2}mona [^\n]+\n$/);
  expect(run.stderr).toMatch(
    /^error: [^\n]*none\.jpg[^\n]*\n2 photos, 1 face, 1 named, 1 could not be read\n$/,
  );
});
