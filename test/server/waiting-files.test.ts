import { createHash } from 'node:crypto';
import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openPhotoServer, type PhotoServer } from '../../src/album/work/photo-server.ts';
import { serveMade, token } from './served-album.ts';

function openServer(address: string, given = token): PhotoServer {
  const server = openPhotoServer({ address, token: given });
  onTestFinished(() => server.close());
  return server;
}

test('a file that waits is brought to a worker that does not see it, as it is, and checked', async () => {
  const { server, album, path } = await serveMade({ people: 1, takes: 2 });
  const [one, other] = [path('0-0'), path('0-1')];
  await utimes(one, 1e9, 1e9);
  const sha256 = createHash('sha256')
    .update(await readFile(one))
    .digest('hex');
  await album.catalog.write(async ({ paths, waiting }) => {
    await paths.await(dirname(one), [{ name: '0-0.jpg', state: null }]);
    const [row] = await waiting.take({ limit: 1, claimer: 'test', now: 1, free: 0 });
    await waiting.enqueue([{ id: row!.id, sha256, state: null }]);
  });
  const worker = openServer(server.address);
  const file = await worker.bring(sha256, '.jpg');
  expect(await readFile(file.path)).toEqual(await readFile(one));
  expect(file).toMatchObject({ bytes: (await stat(one)).size, modified: new Date(1e12) });
  expect(file.path).toMatch(/\.jpg$/);

  await expect(worker.bring('0'.repeat(64), '.jpg')).rejects.toMatchObject({ code: 'not-found' });
  await expect(
    openServer(server.address, 'another-token-altogether').bring(sha256, '.jpg'),
  ).rejects.toMatchObject({
    code: 'refused',
  });
  await expect(openServer('http://127.0.0.1:1').bring(sha256, '.jpg')).rejects.toMatchObject({
    code: 'cannot-fetch',
    reason: expect.stringContaining('cannot be reached'),
  });
  // Changed since it was put into the queue.
  await writeFile(one, await readFile(other));
  await expect(worker.bring(sha256, '.jpg')).rejects.toMatchObject({
    code: 'cannot-fetch',
    reason: 'sent another file than was asked for',
  });
  expect(() => openServer('ftp://nowhere')).toThrow('is not the address of a server');
});
