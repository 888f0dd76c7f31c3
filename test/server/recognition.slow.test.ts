/** Uploads through real networks in the engine's own process, and small pictures of real photos. */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Album, openAlbum } from '../../src/album/open-album.ts';
import { readConfig } from '../../src/config.ts';
import { openEngine } from '../../src/engine/open-engine.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';
import { type Running, serve } from '../../src/server/serve.ts';
import { portrait, writePortraits } from '../demo-people.ts';
import { blackPng } from '../photo-fixtures.ts';
import { sharedFolder } from '../shared-folder.ts';
import { warmHome } from '../warm-home.ts';
import { answerOf, token } from './served-album.ts';

const files = sharedFolder();
let album: Album;
let server: Running;
const headers = { authorization: `Bearer ${token}` };

beforeAll(async () => {
  const photos = join(files.path, 'photos');
  await writePortraits(photos, { a: ['mona', 3], b: ['nell', 3] });
  await warmHome(files.path);
  const config = readConfig({ WHOSIN_HOME: files.path, WHOSIN_THREADS: '1' });
  album = await openAlbum(join(files.path, 'album.db'), { config });
  server = await serve(album, {
    config,
    version: '0',
    write: writeFileAtomically,
    token,
    roots: [files.path],
  });
  const job = await post('/jobs', JSON.stringify({ kind: 'add', paths: [photos] }), 'application/json');
  for (;;) {
    const { body } = await get(`/jobs/${job.body.id}`);
    if (body.ended !== null) {
      if (body.state !== 'done' || body.result.faces !== 6) throw new Error(JSON.stringify(body));
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

afterAll(async () => {
  await server.close();
  await album.close();
});

async function post(path: string, body: FormData | string, type?: string) {
  const response = await fetch(`${server.address}/api/v1${path}`, {
    method: 'POST',
    headers: { ...headers, ...(type !== undefined && { 'content-type': type }) },
    body,
  });
  return answerOf(response);
}

async function get(path: string) {
  return answerOf(await fetch(`${server.address}/api/v1${path}`, { headers }));
}

async function form(...photos: readonly (Uint8Array<ArrayBuffer> | string)[]): Promise<FormData> {
  const data = new FormData();
  for (const [i, photo] of photos.entries()) data.append(`photo${i}`, new Blob([photo]), `${i}.jpg`);
  return data;
}

describe('an upload', () => {
  test('is compared with the people of the album: a name, or unknown; a file that is no photo says so', async () => {
    const { body } = await get('/groups');
    expect(body.groups.map(({ faces }: { faces: number }) => faces)).toEqual([3, 3]);
    for (const [i, person] of ['Ann', 'Bea'].entries()) {
      const { group } = body.groups[i];
      expect(
        (await post(`/groups/${group}/name`, JSON.stringify({ person }), 'application/json')).status,
      ).toBe(200);
    }
    const faces = (await get('/people')).body.people.map(
      ({ cover }: { cover: { file: string } }) => cover.file,
    );
    expect(new Set(faces).size).toBe(2);
    const stranger = await portrait('sue').toBuffer();
    const known = await portrait('mona', 2).toBuffer();
    const { status, body: answer } = await post('/identify', await form(known, stranger, 'no photo'));
    expect(status).toBe(200);
    expect(
      answer.photos.map((photo: { faces: { person: string | null }[] }) =>
        photo.faces.map(({ person }) => person),
      ),
    ).toEqual([[expect.stringMatching(/^(Ann|Bea)$/)], [null], []]);
    expect(answer.photos[2].error).toMatchObject({ code: 'not-a-photo' });
  });

  test('is classified, its faces are found, and two are compared', async () => {
    const [a, b] = [await portrait('mona').toBuffer(), await portrait('mona', 2).toBuffer()];
    const { body: classified } = await post('/classify?top=2', await form(a));
    expect(classified.photos[0].labels[0].label).toBe('person');
    const { body: found } = await post('/faces', await form(a));
    expect(Math.hypot(...found.photos[0].faces[0].embedding)).toBeCloseTo(1, 3);
    const { body: same } = await post('/verify', await form(a, b));
    expect(same).toMatchObject({ same: true, files: ['0.jpg', '1.jpg'], faces: [1, 1] });
    expect((await post('/verify', await form(a))).status).toBe(400);
  });

  // Its embedding stayed in the cache, and a flood of them filled the disk.
  test('is forgotten once it is answered', async () => {
    const stored = async (): Promise<object[]> => (await get('/settings')).body.stored;
    const before = await stored();
    const strangers = [await portrait('ruth').toBuffer(), await portrait('olga').toBuffer()];
    for (const path of ['/identify', '/faces', '/verify'])
      expect((await post(path, await form(...strangers))).status).toBe(200);
    expect(await stored()).toEqual(before);
  });

  test.each([
    ['/identify?model=nobody', 404],
    ['/classify?model=..%2Fsecret', 400],
  ])('%s is refused', async (path, status) => {
    expect((await post(path, await form(await portrait('mona').toBuffer()))).status).toBe(status);
  });

  test('that is a bomb, an archive of pictures or a page is an error about that photo, and the next is answered', async () => {
    const bomb = new Uint8Array(blackPng(20_000, 20_000));
    const mona = await portrait('mona').toBuffer();
    const archive = Buffer.from(zipSync({ 'mona.jpg': mona, '../../mona.jpg': mona }));
    const page = '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>';
    const { status, body } = await post('/faces', await form(bomb, archive, page, mona));
    expect(status).toBe(200);
    expect(
      body.photos.map(
        ({ error, faces }: { error?: { code: string }; faces: unknown[] }) => error?.code ?? faces.length,
      ),
    ).toEqual(['photo-too-large', 'not-a-photo', 'not-a-photo', 1]);
  });
});

describe('small pictures', () => {
  test('of a face and of a photo are JPEG files that are kept for ever', async () => {
    const { photos } = (await get('/photos')).body;
    const { sha256 } = photos[0];
    const { faces } = (await get(`/photos/${sha256}`)).body;
    const face = await fetch(`${server.address}/api/v1/faces/${encodeURIComponent(faces[0].face)}/picture`, {
      headers,
    });
    expect(face.headers.get('cache-control')).toContain('immutable');
    expect(await sharp(await face.arrayBuffer()).metadata()).toMatchObject({
      format: 'jpeg',
      width: 192,
      height: 192,
    });
    const photo = await fetch(`${server.address}/api/v1/photos/${sha256}/picture?side=256`, { headers });
    const { width, height } = await sharp(await photo.arrayBuffer()).metadata();
    expect(Math.max(width, height)).toBe(256);
    expect((await get(`/faces/${'0'.repeat(64)}@0,0,1,1/picture`)).status).toBe(404);
  });
});

// A process that ran out of memory took the server down with it in other programs.
test('the server outlives its engine: work that was lost is refused with the reason, and the next is done', async () => {
  const engine = openEngine(readConfig({ WHOSIN_HOME: files.path, WHOSIN_THREADS: '1' }));
  const photos = [{ name: 'mona.jpg', bytes: new Uint8Array(await portrait('mona').toBuffer()) }];
  await engine.run('faces', { photos });
  const children = execFileSync('pgrep', ['-P', String(process.pid), '-f', 'engine-process']).toString();
  const kill = (signal: NodeJS.Signals): void => {
    for (const pid of children.trim().split('\n')) process.kill(Number(pid), signal);
  };
  // It answers nothing from here on.
  kill('SIGSTOP');
  const lost = engine.run('faces', { photos });
  kill('SIGKILL');
  await expect(lost).rejects.toMatchObject({ code: 'interrupted', httpStatus: 503 });
  expect((await engine.run('faces', { photos }))[0]!.faces).toHaveLength(1);
  await engine.close();
  await expect(engine.run('faces', { photos })).rejects.toMatchObject({ code: 'usage' });
});

test('the server outlives an engine that cannot be started, and starts the next one', async () => {
  const engine = openEngine(readConfig({ WHOSIN_HOME: files.path, WHOSIN_THREADS: '1' }));
  const photos = [{ name: 'none.jpg', bytes: new Uint8Array() }];
  const { execPath } = process;
  // A Node that was replaced while the server ran took the server down.
  process.execPath = '/no/such/node';
  try {
    await expect(engine.run('faces', { photos })).rejects.toMatchObject({ code: 'interrupted' });
  } finally {
    process.execPath = execPath;
  }
  expect((await engine.run('faces', { photos }))[0]!.faces).toEqual([]);
  await engine.close();
});
