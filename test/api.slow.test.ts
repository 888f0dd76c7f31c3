/** The programs of docs/API.md run as they are written there. */

import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { build, environmentWith, repository } from './cli/whosin.ts';
import { portrait, writePhoto, writePortraits } from './demo-people.ts';
import { demoPhoto } from './photo-fixtures.ts';
import { describeWithSharedData, sharedData } from './shared-data.ts';
import { sharedFolder } from './shared-folder.ts';
import { warmHome } from './warm-home.ts';

const folder = sharedFolder();
let programs: ReadonlyMap<string, string>;
const at = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  await build();
  const text = await readFile(join(repository, 'docs', 'API.md'), 'utf8');
  programs = new Map(
    [...text.matchAll(/```js (\S+)\n([\s\S]*?)```/g)].map(([, name, code]) => [name!, code!]),
  );
  for (const [name, code] of programs) await writeFile(at(name), code);
  await mkdir(at('node_modules'));
  await symlink(repository, at('node_modules/whosin'), 'junction');
  await symlink(join(repository, 'node_modules', 'sharp'), at('node_modules/sharp'), 'junction');
  await writePortraits(at('photos'), { mona: ['mona', 3], nell: ['nell', 3] });
  await writePortraits(at('new-photos'), { ruth: ['ruth', 2] });
  await cp(demoPhoto(3), at('party.jpg'));
  await writePhoto(at('passport.jpg'), portrait('mona', 1));
  await writePhoto(at('selfie.jpg'), portrait('mona', 2));
  await warmHome(at('home'));
  await run('basics.mjs');
});

async function run(name: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [at(name)], {
    cwd: folder.path,
    env: { ...environmentWith(at('home')), NO_COLOR: '1' },
  });
  expect(stderr).toBe('');
  return stdout;
}

test('every program of the page is here', () => {
  expect([...programs.keys()]).toEqual([
    'basics.mjs',
    'server.mjs',
    'sharp.mjs',
    'verify.mjs',
    'one-more.mjs',
    'video.mjs',
    'worker.mjs',
    'read-only.mjs',
  ]);
});

test('learn and ask', async () => {
  const answers = await run('basics.mjs');
  for (const word of ['known mona', 'known nell', 'unknown undefined']) expect(answers).toContain(word);
  expect((await stat(at('people.onnx'))).size).toBeGreaterThan(10_000);
});

test('a server answers 20 uploads at once, refuses what is no photo with its reason, and ends when told', async () => {
  const server = spawn(process.execPath, [at('server.mjs')], {
    cwd: folder.path,
    env: environmentWith(at('home')),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => server.once('exit', (code, signal) => resolve(code ?? signal)));
  const address = await new Promise<string>((resolve) =>
    server.stdout.once('data', (line: Buffer) => resolve(line.toString().trim())),
  );
  const post = async (
    body: Uint8Array<ArrayBuffer>,
  ): Promise<{ status: number; json: Record<string, unknown> }> => {
    const response = await fetch(address, { method: 'POST', body });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  // Each another photo, so that each is computed.
  const photos = await Promise.all(
    Array.from(
      { length: 20 },
      async (_, i) =>
        new Uint8Array(
          await portrait(i % 2 === 0 ? 'mona' : 'nell', 1 + (i % 5))
            .jpeg({ quality: 70 + i })
            .toBuffer(),
        ),
    ),
  );
  const answers = await Promise.all(photos.map(post));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  for (const [i, { json }] of answers.entries()) {
    expect(json['faces']).toMatchObject([{ person: i % 2 === 0 ? 'mona' : 'nell' }]);
  }
  expect(await post(new TextEncoder().encode('no photo'))).toMatchObject({
    status: 415,
    json: { code: 'not-a-photo' },
  });
  expect(await post(new Uint8Array())).toMatchObject({ status: 415 });
  server.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('pixels of sharp go in, a file that sharp reads comes out', async () => {
  await run('sharp.mjs');
  expect((await stat(at('named.webp'))).size).toBeGreaterThan(10_000);
});

test('verify', async () => {
  expect(await run('verify.mjs')).toMatch(/^the same person 0\.99/);
});

test('one more person', async () => {
  expect(await run('one-more.mjs')).toContain('2 photos enrolled []');
  await run('basics.mjs');
});

describeWithSharedData('a video', () => {
  test('is read', async () => {
    await cp(sharedData('video', 'short_hamilton_clip.mp4'), at('clip.mp4'));
    expect(await run('video.mjs')).toContain('unknown');
  });
});

test('a worker thread', async () => {
  expect(await run('worker.mjs')).toContain("'mona', 'unknown', 'nell'");
});

test.skipIf(process.platform !== 'linux')('a read-only home', async () => {
  const said = await run('read-only.mjs');
  expect(said).toMatch(/^nothing is stored: /);
  expect(said.trim().split('\n').at(-1)).toMatch(/^[1-9]$/);
});
