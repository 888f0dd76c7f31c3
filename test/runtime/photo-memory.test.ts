/** Four photos of 2 MB took 6.8 GB together: memory for photos is shared, waited for and given back. */

import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { seededRandom } from '../../src/core/random.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { withFile } from '../../src/runtime/file-memory.ts';
import { limitMemory, threadsWithin, withMemory } from '../../src/runtime/photo-memory.ts';
import { openPhotoThreads } from '../../src/runtime/photo-threads.ts';
import { zerosPng } from '../bytes/png.ts';
import type { ToySetting } from './toy-thread.ts';

const megabyte = 2 ** 20;
/** Of 1,280 MB: the program and the networks of one thread count for 280, decoders keep an eighth of the rest, files another. */
const forPhotos = 750 * megabyte;
const forFiles = 125 * megabyte;

// Tests share a process.
beforeEach(() => limitMemory({ threads: 1, memory: 280 * megabyte + 1000 * megabyte }));
afterAll(() => limitMemory(readConfig({})));

describe('memory for photos', () => {
  test('is never given twice, and everybody gets it in the end', async () => {
    const random = seededRandom(3);
    let [taken, most] = [0, 0];
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        const need = Math.ceil(random() * forPhotos);
        await withMemory(need, 'photo', async () => {
          order.push(i);
          taken += need;
          most = Math.max(most, taken);
          await wait(random() * 8);
          taken -= need;
        });
      }),
    );
    expect(order).toHaveLength(60);
    expect(most).toBeLessThanOrEqual(forPhotos);
    expect(most).toBeGreaterThan(forPhotos / 2);
  });

  test('goes to a large photo before the small ones that came after it', async () => {
    const order: string[] = [];
    const photo = (name: string, need: number): Promise<void> =>
      withMemory(need, name, async () => {
        order.push(name);
        await wait(20);
      });
    await Promise.all([photo('first', 100), photo('large', forPhotos), photo('small', 100)]);
    expect(order).toEqual(['first', 'large', 'small']);
  });

  test('is given back by work that fails', async () => {
    const fails = withMemory(forPhotos, 'bad', () => Promise.reject(new Error('no photo')));
    await expect(fails).rejects.toThrow('no photo');
    expect(await withMemory(forPhotos, 'good', async () => 'read')).toBe('read');
  });

  test('is given back for a thread that died, and closing does not wait for its photos', async () => {
    const threads = openPhotoThreads<string, ToySetting>({
      threads: 2,
      photosAThread: 1,
      readHere: (_, name) => wait(500, name),
      module: new URL('toy-thread.ts', import.meta.url),
      setting: async () => ({ place: 'there', network: 1 }),
    });
    const photo = new Uint8Array(1);
    const here = threads.read(photo, 'here');
    await expect(threads.read(photo, 'dies of it')).rejects.toThrow('worker exited');
    expect(await withMemory(forPhotos, 'next', async () => 'read')).toBe('read');
    await here;
    await threads.close();
  });

  test('is waited for before a file is read: ten of 108 MB took 1.4 GB where 1 GB was allowed', async () => {
    let held = 0;
    const besideLarge: number[] = [];
    const besideSmall: number[] = [];
    const order: number[] = [];
    const sizes = [20, 20, 20, 20, 200, 20, 1, 20].map((size) => size * megabyte);
    await Promise.all(
      sizes.map((size, i) =>
        withFile(size, 'photo', async () => {
          order.push(i);
          held += size;
          (size > forFiles ? besideLarge : besideSmall).push(held);
          await wait(20);
          held -= size;
        }),
      ),
    );
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    // Each is held twice: by the thread that reads it, and by the one that decodes it.
    expect(Math.max(...besideSmall)).toBe(60 * megabyte);
    expect(besideLarge).toEqual([200 * megabyte]);
  });

  test('of a file is given back if it cannot be read', async () => {
    const fails = withFile(forFiles, 'bad', () => Promise.reject(new Error('no file')));
    await expect(fails).rejects.toThrow('no file');
    expect(await withFile(forFiles, 'good', async () => 'read')).toBe('read');
  });

  test('refuses a file that is larger than all of it, before it is read', async () => {
    const read = withFile(forPhotos + 1, 'large.tif', () => Promise.reject(new Error('was read')));
    await expect(read).rejects.toMatchObject({ code: 'photo-too-large', path: 'large.tif' });
  });

  test('refuses a photo that needs more than there is, with both numbers', async () => {
    limitMemory({ threads: 1, memory: 1e9 });
    const png = await zerosPng({ width: 0x3fff, height: 0x3fff, bits: 16, kind: 'rgba', interlaced: true });
    await expect(decodePhoto(png, 'large.png')).rejects.toMatchObject({
      code: 'photo-too-large',
      path: 'large.png',
      reason:
        'needs 2.4 GB of memory to be opened, and whosin may use 0.5 GB for photos: save a smaller copy, or raise WHOSIN_MEMORY',
    });
  });
});

test.each([
  [500, 1],
  [1000, 4],
  [2000, 8],
  [64_000, 8],
])('of %i MB, photos are left a quarter by %i of 16 threads', (megabytes, threads) => {
  expect(threadsWithin({ threads: 16, memory: megabytes * megabyte })).toBe(threads);
});

test('without a limit there are as many threads as were asked for, up to eight', () => {
  expect([1, 2, 64].map((threads) => threadsWithin({ threads }))).toEqual([1, 2, 8]);
});
