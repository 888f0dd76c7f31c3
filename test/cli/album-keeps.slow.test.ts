import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { writePortraits } from '../demo-people.ts';
import { describeWithDisks, disk } from '../disk.ts';
import { sharedFolder } from '../shared-folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { environmentWith, mainFile, setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();
const shared = sharedFolder();
let photos: string;

/** Three photos of two people, which were read once: their faces are in the cache. */
beforeAll(async () => {
  photos = join(shared.path, 'Pictures');
  await writePortraits(photos, { mona: ['mona', 2], nell: ['nell', 1] });
  const album = join(shared.path, 'album.db');
  await whosin(['album', 'add', photos, '--album', album], { home: shared.path });
});

const at = (...args: readonly string[]): ReturnType<typeof whosin> => whosin(args, { home: shared.path });

test('watch reads what is added, prints a line for each change, and ends with Ctrl-C', async () => {
  const folder = await temporaryFolder();
  const [watched, file] = [join(folder, 'photos'), join(folder, 'album.db')];
  await mkdir(watched);
  await copyFile(join(photos, 'mona', '1.jpg'), join(watched, 'first.jpg'));
  const child = spawn(process.execPath, [mainFile, 'album', 'watch', watched, '--album', file, '--json'], {
    env: environmentWith(shared.path),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  const seen: unknown[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    seen.push(JSON.parse(line));
    if (seen.length === 1) await copyFile(join(photos, 'nell', '1.jpg'), join(watched, 'second.jpg'));
    if (seen.length === 2) await rm(join(watched, 'first.jpg'));
    if (seen.length === 3) child.kill('SIGINT');
  }
  expect(seen).toMatchObject([{ photos: 1 }, { photos: 1, faces: 1 }, { photos: 0, gone: 1 }]);
  expect((await ended)[0]).toBe(0);
  expect(JSON.parse((await at('album', '--album', file, '--json')).stdout)).toMatchObject({ photos: 1 });
});

test('forget takes out files that are gone, or those that are named, and says how many', async () => {
  const folder = await temporaryFolder();
  const [own, file] = [join(folder, 'photos'), join(folder, 'album.db')];
  await mkdir(own);
  for (const name of ['a', 'b'])
    await copyFile(join(photos, 'mona', `${name === 'a' ? 1 : 2}.jpg`), join(own, `${name}.jpg`));
  await at('album', 'add', own, '--album', file);
  await rm(join(own, 'a.jpg'));
  await at('album', 'add', own, '--album', file);
  const gone = await at('album', 'forget', '--gone', '--album', file);
  expect(gone).toEqual({ status: 0, stdout: '1 file, 1 photo and 1 face forgotten.\n', stderr: '' });
  const named = await at('album', 'forget', join(own, 'b.jpg'), '--said', '--album', file, '--json');
  expect(JSON.parse(named.stdout)).toEqual({ schema: 1, files: 1, photos: 1, faces: 1 });
  const nothing = await at('album', 'forget', own, '--album', file);
  expect(nothing.stderr).toBe(`error: This album has nothing at ${own}.\n`);
  expect((await at('album', 'forget', '--album', file)).stderr).toContain('Name files or folders');
});

test('two that add the same folder at once come to one album', async () => {
  const file = join(await temporaryFolder(), 'album.db');
  const runs = await Promise.all([0, 1].map(() => at('album', 'add', photos, '--album', file, '--json')));
  expect(runs.map(({ status, stderr }) => [status, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  const status = JSON.parse((await at('album', '--album', file, '--json')).stdout) as unknown;
  expect(status).toMatchObject({ photos: 3, faces: 3 });
  expect((await at('album', 'check', '--album', file)).status).toBe(0);
});

describeWithDisks('a disk', () => {
  test('that is full is an error; the album goes on when there is room again', async () => {
    const place = await disk('size=4m');
    const file = join(place, 'album.db');
    const filler = join(place, 'filler');
    await at('album', 'add', join(photos, 'nell'), '--album', file);
    await writeFile(filler, new Uint8Array(4 * 1024 * 1024)).catch(() => {});
    const full = await at('album', 'add', photos, '--album', file);
    expect(full.status).toBe(1);
    expect(full.stderr).toMatch(/^error: .*album\.db cannot be written/m);
    await rm(filler);
    expect((await at('album', 'check', '--album', file)).status).toBe(0);
    const again = await at('album', 'add', photos, '--album', file);
    expect([again.status, again.stderr]).toEqual([0, '']);
    const status = JSON.parse((await at('album', '--album', file, '--json')).stdout) as unknown;
    expect(status).toMatchObject({ photos: 3 });
  });
});
