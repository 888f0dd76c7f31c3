/** Training over HTTP: which folders are read, which pictures may be dropped, and the refusals. */

import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { type DropLimits, openDroppedFolders } from '../../src/server/dropped-folders.ts';
import { openPrivateFolders } from '../../src/server/private-folders.ts';
import { openTrainedModels } from '../../src/server/trained-models.ts';
import type { UploadedFile } from '../../src/server/uploads.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { answerOf, serveMade, token } from './served-album.ts';

function picture(filename: string, bytes = 10): UploadedFile {
  return { filename, file: Readable.from([Buffer.alloc(bytes, filename)]) };
}

async function* these(...files: readonly UploadedFile[]): AsyncGenerator<UploadedFile> {
  yield* files;
}

async function dropsWith(limits: Partial<DropLimits> = {}) {
  const parent = await temporaryFolder();
  const folders = openPrivateFolders(parent);
  const drops = openDroppedFolders(folders, {
    bytes: 1000,
    pictures: 5,
    drops: 2,
    patience: 60_000,
    ...limits,
  });
  return { parent, folders, drops };
}

describe('dropped pictures', () => {
  test('lie in a folder that others cannot look into, a folder for each label, until the work is done', async () => {
    const { parent, drops } = await dropsWith();
    const drop = await drops.begin();
    await drops.add(drop, 'rosé 🌹', these(picture('a.jpg'), picture('a.jpg', 20), picture('A.JPG')));
    expect(await drops.add(drop, 'fern', these(picture('fern_nohash_1.jpg')))).toEqual({
      pictures: 4,
      bytes: 50,
    });
    const { folder, remove } = drops.take(drop);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await readdir(join(folder, 'rosé 🌹'))).toSorted()).toEqual(['2-a.jpg', '3-A.JPG', 'a.jpg']);
    // Variants of one picture are known by the names of their files.
    expect(await readdir(join(folder, 'fern'))).toEqual(['fern_nohash_1.jpg']);
    expect(() => drops.take(drop)).toThrow('drop them again');
    await remove();
    expect(await readdir(parent)).toEqual([]);
  });

  test('have names that lead nowhere else', async () => {
    const { parent, drops } = await dropsWith();
    const drop = await drops.begin();
    for (const label of ['..', '../up', 'a/b', 'a\\b', '.hidden', 'a\u0000b', 'ü'.repeat(101)]) {
      await expect(drops.add(drop, label, these(picture('a.jpg')))).rejects.toMatchObject({ code: 'usage' });
    }
    await drops.add(drop, 'fern', these(picture('../../etc/passwd'), picture('..'), picture('')));
    const { folder } = drops.take(drop);
    expect((await readdir(folder, { recursive: true })).toSorted()).toEqual([
      'fern',
      'fern/3-picture',
      'fern/_.._etc_passwd',
      'fern/picture',
    ]);
    expect(await readdir(parent)).toHaveLength(1);
  });

  // Whoever sent them again after a failure had them twice.
  test('are cut off at their limits, and nothing of a request that was too much stays', async () => {
    const { drops } = await dropsWith();
    const drop = await drops.begin();
    await expect(
      drops.add(drop, 'x', these(picture('a.jpg', 900), picture('b.jpg', 101))),
    ).rejects.toMatchObject({
      status: 413,
    });
    const many = Array.from({ length: 6 }, (_, i) => picture(`${i}.jpg`, 1));
    const other = await drops.begin();
    await expect(drops.add(other, 'x', these(...many))).rejects.toMatchObject({ status: 413 });
    await expect(drops.begin()).rejects.toMatchObject({ status: 429 });
    async function* cutOff() {
      yield picture('a.jpg', 900);
      throw new Error('the connection has gone');
    }
    await drops.add(drop, 'y', these(picture('a.jpg', 100)));
    await expect(drops.add(drop, 'y', cutOff())).rejects.toThrow('gone');
    await expect(drops.add(drop, 'z', cutOff())).rejects.toThrow('gone');
    expect(await drops.add(drop, 'y', these(picture('a.jpg', 900)))).toEqual({ pictures: 2, bytes: 1000 });
    const { folder } = drops.take(drop);
    expect((await readdir(folder, { recursive: true })).toSorted()).toEqual(['y', 'y/2-a.jpg', 'y/a.jpg']);
  });

  test('that nobody asks for go away, with the server too, and those of a server that was killed with the next', async () => {
    const { parent, folders, drops } = await dropsWith({ patience: 20 });
    const drop = await drops.begin();
    await expect.poll(() => readdir(parent)).toEqual([]);
    expect(() => drops.take(drop)).toThrow('drop them again');
    await folders.make();
    await folders.close();
    expect(await readdir(parent)).toEqual([]);
    // No process has this number.
    const left = openPrivateFolders(parent);
    const folder = await left.make();
    await rename(folder, folder.replace(`-${process.pid}-`, '-4194399-'));
    await openPrivateFolders(parent).close();
    expect(await readdir(parent)).toEqual([]);
  });
});

describe('a training', () => {
  test('of what may not be read, is not there, or has a name that is taken, is refused', async () => {
    const { call, folder } = await serveMade({ people: 1 });
    const refusals = [
      [{ from: { folder: '/etc' } }, 403],
      [{ from: { folder: 'nothing/here' } }, 404],
      [{ from: { drop: '0'.repeat(24) } }, 404],
      [{ from: {} }, 400],
      [{ name: '../up' }, 400],
      [{ name: 'album' }, 409],
      [{ name: 'coco-mobilenet-v3' }, 409],
      [{ network: 'nothing' }, 404],
      [{ steps: 0 }, 400],
      [{ more: 1 }, 400],
    ] as const;
    for (const [change, status] of refusals) {
      const body = { name: 'flowers', on: 'pictures', from: { folder }, ...change };
      const answer = await call('POST', '/api/v1/models', body);
      expect([change, answer.status]).toEqual([change, status]);
    }
    expect((await call('GET', '/api/v1/jobs')).body.jobs).toEqual([]);
  });

  test('takes uploads by labels; what is no upload, or has no place, is refused', async () => {
    const { server, call } = await serveMade({ people: 0 });
    const { drop } = (await call('POST', '/api/v1/drops')).body;
    const form = new FormData();
    form.append('file', new Blob(['no photo']), 'a.jpg');
    const upload = async (path: string, body: FormData | string) =>
      answerOf(
        await fetch(`${server.address}/api/v1/drops/${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}` },
          body,
        }),
      );
    expect((await upload(`${drop}/pictures?label=fern`, form)).body).toEqual({
      schema: 1,
      pictures: 1,
      bytes: 8,
    });
    expect((await upload(`${drop}/pictures?label=..%2Fup`, form)).status).toBe(400);
    expect((await upload(`${drop}/pictures`, form)).status).toBe(400);
    expect((await upload(`${drop}/pictures?label=fern`, 'text')).status).toBe(415);
    expect((await upload(`${'0'.repeat(24)}/pictures?label=fern`, form)).status).toBe(404);
    expect((await call('DELETE', `/api/v1/drops/${drop}`)).status).toBe(204);
    expect((await call('DELETE', `/api/v1/drops/${drop}`)).status).toBe(404);
  });
});

describe('models that were trained', () => {
  test('are a folder each; one that is damaged is listed with its fault, and can be removed', async () => {
    const folder = await temporaryFolder();
    const trained = openTrainedModels(folder, () => 0);
    const incoming = await trained.begin('flowers');
    await writeFile(incoming.file, 'a model');
    expect(await trained.names()).toEqual([]);
    await incoming.finish({
      kind: 'pictures',
      network: 'toy',
      licence: 'none',
      photos: 2,
      labels: [],
      curve: { across: 'step', points: [] },
      kept: null,
      heldOut: null,
      crossEntropy: null,
      calibration: null,
      sentences: [],
      remarks: [],
      leftOut: [],
      leftOutTotal: 0,
      mistakes: [],
      mistakesTotal: 0,
    });
    expect(await trained.names()).toEqual(['flowers']);
    expect(await trained.get('flowers')).toMatchObject({ made: '1970-01-01T00:00:00.000Z', bytes: 7 });
    expect(await readFile(await trained.path('flowers'), 'utf8')).toBe('a model');
    const second = await trained.begin('flowers');
    await writeFile(second.file, 'another model');
    const {
      schema: _,
      name: __,
      made: ___,
      file: ____,
      bytes: _____,
      ...report
    } = await trained.get('flowers');
    await expect(second.finish(report)).rejects.toMatchObject({ code: 'in-use' });
    await second.drop();
    expect(await readdir(folder)).toEqual(['flowers']);
    // The server that made this one was killed: no process has the number.
    await mkdir(join(folder, `.x-4194399-${randomUUID()}.incoming`, 'mistakes'), { recursive: true });
    await (await trained.begin('other')).drop();
    expect(await readdir(folder)).toEqual(['flowers']);
    await writeFile(join(folder, 'flowers', 'report.json'), '{"file": "../../../etc/passwd"}');
    await expect(trained.path('flowers')).rejects.toMatchObject({ code: 'not-a-model' });
    await trained.remove('flowers');
    await expect(trained.remove('flowers')).rejects.toMatchObject({ code: 'not-found' });
    for (const name of ['..', '.', '', 'a/b', '../x']) {
      await expect(trained.get(name)).rejects.toMatchObject({ code: 'not-found' });
      await expect(trained.remove(name)).rejects.toMatchObject({ code: 'not-found' });
    }
  });
});

test('the settings say what is stored where; the cache is cleared, and the photos of the album stay', async () => {
  const { call, album } = await serveMade({ people: 2 });
  const { stored, memory, threads } = (await call('GET', '/api/v1/settings')).body;
  expect(stored.map(({ what }: { what: string }) => what)).toEqual([
    'album',
    'photos',
    'networks',
    'models',
    'trained',
  ]);
  expect(stored[0]).toMatchObject({ path: album.place });
  expect(stored[0].bytes).toBeGreaterThan(1000);
  expect(stored[1].files).toBeGreaterThan(0);
  expect([memory, threads]).toEqual([null, 1]);
  const cleared = (await call('DELETE', '/api/v1/cache/photos')).body;
  expect(cleared.files).toBe(stored[1].files);
  expect((await call('GET', '/api/v1/settings')).body.stored[1]).toMatchObject({ files: 0, bytes: 0 });
  expect((await album.status()).faces).toBe(6);
  expect((await call('DELETE', '/api/v1/cache/album')).status).toBe(400);
});
