import { randomUUID } from 'node:crypto';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writePortraits } from '../demo-people.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { setUpCalls } from './call-whosin.ts';

const whosin = setUpCalls();

interface Info {
  readonly schema: 1;
  readonly home: string;
  readonly spaces: readonly { readonly space: string; readonly entries: number; readonly bytes: number }[];
  readonly networks: { readonly files: number; readonly bytes: number };
}

async function infoOf(home: string): Promise<Info> {
  const { status, stdout, stderr } = await whosin(['cache', 'info', '--json'], { home });
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Info;
}

test('what is cached is shown, cleared, and made again', async () => {
  const cwd = await temporaryFolder();
  const home = join(cwd, 'home');
  await writePortraits(join(cwd, 'photos'), { mona: ['mona', 2], nell: ['nell', 1] });
  const train = (): ReturnType<typeof whosin> =>
    whosin(['train', 'photos', '-o', 'people.onnx'], { cwd, home });
  await train();

  const full = await infoOf(home);
  expect(full).toStrictEqual({
    schema: 1,
    home,
    spaces: [
      { space: expect.stringContaining('dlib-128-faceres-1024'), entries: 3, bytes: expect.any(Number) },
    ],
    // The four of the default pack, as compiled and as optimised for this processor.
    networks: { files: 8, bytes: expect.any(Number) },
  });
  const [{ space, bytes }] = full.spaces as [Info['spaces'][number]];
  expect(bytes).toBeGreaterThan(3 * 128 * 4);
  const told = await whosin(['cache', 'info'], { home });
  const size = `${(bytes / 1e3).toFixed(1)} kB`;
  const networks = `8 files, ${(full.networks.bytes / 1e6).toFixed(1)} MB`;
  expect(told).toEqual({
    status: 0,
    stdout: `${home}\n  ${space}: 3 photos, ${size}\n  compiled networks: ${networks}\n`,
    stderr: '',
  });

  const cleared = await whosin(['cache', 'clear'], { home });
  expect(cleared).toEqual({
    status: 0,
    stdout: `Removed 3 photos, ${size}.\nCompiled networks stay: ${networks}. Remove them too with: whosin cache clear --networks\n`,
    stderr: '',
  });
  expect((await infoOf(home)).spaces.reduce((sum, { entries }) => sum + entries, 0)).toBe(0);
  expect(await readdir(join(home, 'models'))).toHaveLength(4);
  expect((await train()).stdout).toContain('(3 computed, 0 cached)');

  expect(await whosin(['cache', 'clear', '--networks'], { home })).toEqual({
    status: 0,
    stdout: `Removed 3 photos, ${size}.\nRemoved compiled networks: ${networks}.\n`,
    stderr: '',
  });
  expect((await infoOf(home)).networks).toEqual({ files: 0, bytes: 0 });
  expect((await train()).status).toBe(0);
});

test('a home that is not there yet is empty, and looking does not make it', async () => {
  const home = join(await temporaryFolder(), 'none');
  expect(await infoOf(home)).toStrictEqual({
    schema: 1,
    home,
    spaces: [],
    networks: { files: 0, bytes: 0 },
  });
  expect((await whosin(['cache', 'info'], { home })).stdout).toBe(`${home}\n  empty\n`);
  expect(await whosin(['cache', 'clear'], { home })).toEqual({
    status: 0,
    stdout: 'Removed 0 photos, 0.0 kB.\n',
    stderr: '',
  });
  await expect(readdir(home)).rejects.toThrow('ENOENT');
});

// A kill in `models add` left it, and no network was opened in that home again.
test('what a killed process left among the networks goes with what is cleared', async () => {
  const home = await temporaryFolder();
  const left = join(home, 'models', `.whosin-${randomUUID()}.tmp`);
  await mkdir(join(home, 'models'));
  await writeFile(left, 'half of a graph');
  await utimes(left, 1000, 1000);
  expect((await whosin(['cache', 'clear'], { home })).status).toBe(0);
  expect(await readdir(join(home, 'models'))).toEqual([]);
});

test('files that are not the cache’s own stay', async () => {
  const home = await temporaryFolder();
  await mkdir(join(home, 'models'));
  await writeFile(join(home, 'models', 'own.onnx'), 'x');
  await writeFile(join(home, 'diary.txt'), 'x');
  expect((await whosin(['cache', 'clear', '--networks'], { home })).status).toBe(0);
  expect((await readdir(home, { recursive: true })).toSorted()).toEqual([
    'diary.txt',
    'models',
    join('models', 'own.onnx'),
  ]);
});
