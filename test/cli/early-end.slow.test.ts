/**
 * Reading stops early while threads are inside a network. The process used to abort then, in about half of all tries
 * ("terminate called after throwing an instance of 'Napi::Error'", SIGABRT, a shell's 134), so everything is tried
 * several times, with nothing cached.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, open, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { writePortraits } from '../demo-people.ts';
import { demoPhoto } from '../photo-fixtures.ts';
import { describeWithSharedData, sharedData } from '../shared-data.ts';
import { sharedFolder } from '../shared-folder.ts';
import { warmHome } from '../warm-home.ts';
import { environmentWith, mainFile, repository, setUpModel, setUpWhosin } from './whosin.ts';

const files = sharedFolder();
const model = setUpModel(setUpWhosin(), { mona: ['mona', 1] });
const home = (): string => join(files.path, 'home');
const album = (): string => join(files.path, 'album');

/** A quarter of the tries at least used to end in an abort. */
const tries = 3;

beforeAll(async () => {
  await warmHome(home());
  await mkdir(album());
  for (let i = 0; i < 6; i++) {
    const noise = sharp({
      create: {
        width: 1000,
        height: 750,
        channels: 3,
        background: 'grey',
        noise: { type: 'gaussian', mean: 128, sigma: 10 + i },
      },
    });
    await noise.jpeg().toFile(join(album(), `noise-${i}.jpg`));
    await copyFile(demoPhoto(i + 1), join(album(), `people-${i}.jpg`));
  }
  await mkdir(join(files.path, 'node_modules'));
  await symlink(repository, join(files.path, 'node_modules', 'whosin'), 'junction');
  await writePortraits(join(files.path, 'people'), {
    mona: ['mona', 3],
    nell: ['nell', 3],
    olga: ['olga', 3],
  });
});

type Ending = readonly [status: number | null, signal: string | null];

interface StartOptions {
  /** A file for the results; they are read, until it is enough, if left out. */
  readonly stdout?: number;
  /** Closes the results after the first of them, as `| head -1` does. */
  readonly enough?: boolean;
}

/** With two threads, and nothing cached. */
async function run(
  args: readonly string[],
  { stdout, enough = false }: StartOptions = {},
): Promise<{ readonly ending: Ending; readonly stderr: string }> {
  for (const cache of ['bottlenecks', 'seen'])
    await rm(join(home(), cache), { recursive: true, force: true });
  const child = spawn(process.execPath, args, {
    cwd: files.path,
    env: { ...environmentWith(home()), WHOSIN_THREADS: '2' },
    stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdout?.once('data', () => enough && child.stdout!.destroy());
  child.stdout?.resume();
  const ending = (await once(child, 'close')) as unknown as Ending;
  return { ending, stderr };
}

async function endings(args: readonly string[], options?: StartOptions): Promise<Ending[]> {
  const found: Ending[] = [];
  for (let i = 0; i < tries; i++) {
    const { ending, stderr } = await run(args, options);
    expect(stderr).not.toMatch(/terminate called|should not have|Unhandled/);
    found.push(ending);
  }
  return found;
}

const allOf = (ending: Ending): Ending[] => Array<Ending>(tries).fill(ending);

describe('a command whose results nobody reads to the end', () => {
  test('identify ends quietly, as before `| head -1`', async () => {
    const args = [mainFile, 'identify', album(), '-m', model.path];
    expect(await endings(args, { enough: true })).toEqual(allOf([0, null]));
  });

  test('classify does too', async () => {
    expect(await endings([mainFile, 'classify', album()], { enough: true })).toEqual(allOf([0, null]));
  });

  test('identify ends by itself where they cannot be written: /dev/full is a full disk', async (context) => {
    const full = await open('/dev/full', 'w').catch(() => context.skip());
    const args = [mainFile, 'identify', album(), '-m', model.path];
    for (const [status, signal] of await endings(args, { stdout: full.fd })) {
      expect(signal).toBeNull();
      expect(status).toBeLessThanOrEqual(1);
    }
    await full.close();
  });
});

describe('a program', () => {
  /** Its arguments: the model, the folder of people, the photos. */
  async function program(lines: string): Promise<string[]> {
    const path = join(files.path, 'program.mjs');
    await writeFile(
      path,
      `import { loadPeopleModel, openFaces } from 'whosin';
       const [model, people, ...photos] = process.argv.slice(2);
       const faces = await openFaces();
       ${lines}`,
    );
    const photos = (await readdir(album())).map((name) => join(album(), name));
    return [path, model.path, join(files.path, 'people'), ...photos];
  }

  test('may leave its loop and close', async () => {
    const args = await program(`
      let n = 0;
      for await (const photo of faces.identify(photos, await loadPeopleModel(model))) if (++n === 2) break;
      await faces.close();`);
    expect(await endings(args)).toEqual(allOf([0, null]));
  });

  test('may call process.exit while photos are read', async () => {
    const args = await program(`
      setTimeout(() => process.exit(3), 2000 * Math.random());
      for await (const photo of faces.identify(photos, await loadPeopleModel(model))) {}
      await new Promise((resolve) => setTimeout(resolve, 10_000));`);
    expect(await endings(args)).toEqual(allOf([3, null]));
  });

  test('may throw in what it is told with, and close', async () => {
    const args = await program(`
      let n = 0;
      const onProgress = () => { if (++n === 2) throw new Error('mine') };
      const error = await faces.train(people, { onProgress }).catch((error) => error);
      await faces.close();
      process.exitCode = error.message === 'mine' ? 4 : 5;`);
    expect(await endings(args)).toEqual(allOf([4, null]));
  });

  test('may throw and catch nothing', async () => {
    const args = await program(`
      let n = 0;
      await faces.train(people, { onProgress: () => { if (++n === 2) throw new TypeError('mine') } });`);
    expect(await endings(args)).toEqual(allOf([1, null]));
  });

  test('may train on whole pictures and call process.exit meanwhile', async () => {
    const args = await program(`
      const { trainOnFolder } = await import('whosin/pictures');
      setTimeout(() => process.exit(3), 1000 * Math.random());
      await trainOnFolder(people);
      await new Promise((resolve) => setTimeout(resolve, 10_000));`);
    expect(await endings(args)).toEqual(allOf([3, null]));
  });
});

describeWithSharedData('the case that was reported', () => {
  test('ends', async () => {
    const folder = sharedData('cases', 'break-then-close');
    const photos = (await readdir(join(folder, 'photos'))).map((name) => join(folder, 'photos', name));
    await copyFile(join(folder, 'break.mjs'), join(files.path, 'break.mjs'));
    expect(await endings([join(files.path, 'break.mjs'), model.path, ...photos])).toEqual(allOf([0, null]));
  });
});
