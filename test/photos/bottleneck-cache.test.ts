import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type BottleneckCache, openCache } from '../../src/photos/bottleneck-cache.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const space = 'face-api-resnet34-128/1';
const other = 'another-network/7';
const photo = 'ab'.repeat(32);
const bytes = Uint8Array.from({ length: 512 }, (_, i) => (i * 7) % 256);

async function emptyCache(): Promise<{ home: string; cache: BottleneckCache; file: string }> {
  const home = await temporaryFolder();
  const file = join(home, 'bottlenecks', 'face-api-resnet34-128_1', 'ab', `${photo}.bin`);
  return { home, cache: openCache(home, writeFileAtomically), file };
}

async function cacheOfOne(): Promise<{ cache: BottleneckCache; file: string; whole: Buffer }> {
  const { cache, file } = await emptyCache();
  await cache.put(space, photo, bytes);
  return { cache, file, whole: await readFile(file) };
}

/** Two entries of one space and one of another. */
async function filledCache(): Promise<{ home: string; cache: BottleneckCache; file: string }> {
  const made = await emptyCache();
  await made.cache.put(space, photo, bytes);
  await made.cache.put(space, 'cd'.repeat(32), bytes);
  await made.cache.put(other, photo, new Uint8Array(100));
  return made;
}

/** Linux's /dev/full refuses every write as a full disk does. */
async function writeToFullDisk(_: string, content: Uint8Array): Promise<void> {
  await writeFile('/dev/full', content);
}

describe('what was put', () => {
  test('comes back by its space and content, also from a cache that is opened later', async () => {
    const { home, cache, file } = await emptyCache();
    expect(await cache.get(space, photo)).toBeUndefined();
    expect(await cache.put(space, photo, bytes)).toBe(true);
    expect(await cache.get(space, photo)).toEqual(bytes);
    expect(await openCache(home, writeFileAtomically).get(space, photo)).toEqual(bytes);
    expect(await cache.get(other, photo)).toBeUndefined();
    expect(await cache.get(space, 'cd'.repeat(32))).toBeUndefined();
    expect(existsSync(file)).toBe(true);
  });

  test('may be empty, and may be replaced', async () => {
    const { cache } = await emptyCache();
    await cache.put(space, photo, new Uint8Array(0));
    expect(await cache.get(space, photo)).toEqual(new Uint8Array(0));
    await cache.put(space, photo, bytes);
    expect(await cache.get(space, photo)).toEqual(bytes);
  });

  test('is put from a view without the buffer behind it, and can be viewed as floats', async () => {
    const { cache } = await emptyCache();
    const floats = Float32Array.of(0, 1.5, -2.25, 3);
    await cache.put(space, photo, new Uint8Array(floats.buffer, 4, 8));
    const back = (await cache.get(space, photo))!;
    expect([...new Float32Array(back.buffer)]).toEqual([1.5, -2.25]);
  });
});

describe('a damaged entry is a miss', () => {
  test('cut off anywhere', async () => {
    const { cache, file, whole } = await cacheOfOne();
    for (let length = 0; length < whole.length; length += 9) {
      await writeFile(file, whole.subarray(0, length));
      expect(await cache.get(space, photo), `${length} bytes`).toBeUndefined();
    }
  });

  test('with one bit flipped anywhere', async () => {
    const { cache, file, whole } = await cacheOfOne();
    for (let at = 0; at < whole.length; at += 5) {
      const rotten = Buffer.from(whole);
      rotten[at]! ^= 1 << (at % 8);
      await writeFile(file, rotten);
      expect(await cache.get(space, photo), `byte ${at}`).toBeUndefined();
    }
  });

  test('with something after its end, or something else altogether', async () => {
    const { cache, file, whole } = await cacheOfOne();
    for (const content of [
      Buffer.concat([whole, Buffer.of(0)]),
      Buffer.from('{"not":"ours"}'),
      Buffer.alloc(600),
    ]) {
      await writeFile(file, content);
      expect(await cache.get(space, photo)).toBeUndefined();
    }
  });

  test('under the name of another photo or in the folder of another space', async () => {
    const { cache, file, whole } = await cacheOfOne();
    const another = `ab${'00'.repeat(31)}`;
    await copyFile(file, join(dirname(file), `${another}.bin`));
    expect(await cache.get(space, another)).toBeUndefined();
    // Both names stand for the folder face-api-resnet34-128_1.
    expect(await cache.get(space.replace('/', '_'), photo)).toBeUndefined();
    expect(whole).toEqual(await readFile(file));
  });

  test('a folder in its place', async () => {
    const { cache, file } = await emptyCache();
    await mkdir(file, { recursive: true });
    expect(await cache.get(space, photo)).toBeUndefined();
  });

  test('and is replaced by the next put', async () => {
    const { cache, file } = await cacheOfOne();
    await writeFile(file, 'torn');
    await cache.put(space, photo, bytes);
    expect(await cache.get(space, photo)).toEqual(bytes);
  });
});

describe('where nothing can be written', () => {
  test('put says so once, and the run goes on', async () => {
    const home = await temporaryFolder();
    // A file in the place of the folder: refused for every user, root too.
    await writeFile(join(home, 'bottlenecks'), '');
    const reasons: string[] = [];
    const cache = openCache(home, writeFileAtomically, (reason) => reasons.push(reason));
    expect(await cache.put(space, photo, bytes)).toBe(false);
    expect(await cache.put(other, photo, bytes)).toBe(false);
    expect(await cache.get(space, photo)).toBeUndefined();
    expect(reasons).toEqual([expect.stringContaining(join(home, 'bottlenecks'))]);
    expect(await cache.info()).toEqual([]);
    expect(await cache.clear()).toEqual({ entries: 0, bytes: 0 });
  });

  test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'a read-only cache still answers',
    async () => {
      const { home, cache, file } = await emptyCache();
      await cache.put(space, photo, bytes);
      await chmod(dirname(file), 0o500);
      const reasons: string[] = [];
      const readOnly = openCache(home, writeFileAtomically, (reason) => reasons.push(reason));
      expect(await readOnly.put(space, photo, bytes)).toBe(false);
      expect(await readOnly.get(space, photo)).toEqual(bytes);
      expect(reasons).toHaveLength(1);
      await chmod(dirname(file), 0o700);
    },
  );

  test.skipIf(!existsSync('/dev/full'))('a full disk is reported as such', async () => {
    const reasons: string[] = [];
    const cache = openCache(await temporaryFolder(), writeToFullDisk, (reason) => reasons.push(reason));
    expect(await cache.put(space, photo, bytes)).toBe(false);
    expect(await cache.put(space, photo, bytes)).toBe(false);
    expect(reasons).toEqual([expect.stringContaining('no space left on device')]);
  });
});

describe('info and clear', () => {
  test('info counts the entries and bytes of each space', async () => {
    const { cache } = await filledCache();
    expect(await cache.info()).toEqual([
      { space: 'another-network_7', entries: 1, bytes: 132 },
      { space: 'face-api-resnet34-128_1', entries: 2, bytes: 2 * (512 + 32) },
    ]);
  });

  test('an interrupted write is no entry, but counts as bytes and is cleared', async () => {
    const { cache, file } = await filledCache();
    await writeFile(`${file}.123-abc.tmp`, 'half');
    expect((await cache.info())[1]).toEqual({
      space: 'face-api-resnet34-128_1',
      entries: 2,
      bytes: 2 * (512 + 32) + 4,
    });
    await cache.clear(space);
    expect(existsSync(`${file}.123-abc.tmp`)).toBe(false);
  });

  test('clear removes one space or all, and tells what was removed', async () => {
    const { home, cache } = await filledCache();
    expect(await cache.clear(space)).toEqual({ entries: 2, bytes: 2 * (512 + 32) });
    expect(await cache.get(space, photo)).toBeUndefined();
    expect(await cache.get(other, photo)).toEqual(new Uint8Array(100));
    expect(await cache.clear()).toEqual({ entries: 1, bytes: 132 });
    expect(await readdir(join(home, 'bottlenecks'))).toEqual([]);
    expect(await cache.clear()).toEqual({ entries: 0, bytes: 0 });
  });

  test('clear touches nothing outside the cache, not even through a link inside it', async () => {
    const { home, cache } = await filledCache();
    const outside = await temporaryFolder();
    await writeFile(join(outside, 'mine.txt'), 'kept');
    await writeFile(join(home, 'model.onnx'), 'kept');
    await symlink(outside, join(home, 'bottlenecks', 'link'));
    await symlink(outside, join(home, 'bottlenecks', 'another-network_7', 'link'));
    await cache.clear();
    expect(await readFile(join(outside, 'mine.txt'), 'utf8')).toBe('kept');
    expect(await readFile(join(home, 'model.onnx'), 'utf8')).toBe('kept');
  });
});

describe('names', () => {
  test.each(['', '.', '..', '../up', '/abs', 'a\\b', 'a\0b', 'c:x', '~', 'a b', 'ä', 'x'.repeat(201)])(
    'the space %j is refused',
    async (name) => {
      const { cache } = await emptyCache();
      await expect(cache.get(name, photo)).rejects.toThrow(RangeError);
      await expect(cache.put(name, photo, bytes)).rejects.toThrow(RangeError);
      await expect(cache.clear(name)).rejects.toThrow(RangeError);
    },
  );

  test.each(['', '../../x', photo.toUpperCase(), `${photo}0`, photo.slice(1), `${photo}\n`])(
    'the sha256 %j is refused',
    async (sha256) => {
      const { cache } = await emptyCache();
      await expect(cache.get(space, sha256)).rejects.toThrow(RangeError);
      await expect(cache.put(space, sha256, bytes)).rejects.toThrow(RangeError);
    },
  );

  test('dots and slashes inside a name stay inside the cache', async () => {
    const { home, cache } = await emptyCache();
    await cache.put('a/../../b', photo, bytes);
    expect(await readdir(home)).toEqual(['bottlenecks']);
    expect(await readdir(join(home, 'bottlenecks'))).toEqual(['a_.._.._b']);
  });
});

test('processes that put, get and clear the same entries at once see whole entries or none', async () => {
  const home = await temporaryFolder();
  const worker = fileURLToPath(new URL('cache-worker.ts', import.meta.url));
  const start = async (): Promise<string> => {
    const child = spawn(process.execPath, ['--import', 'tsx', worker, home]);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    await once(child, 'close');
    return output;
  };
  const said = await Promise.all([start(), start()]);
  expect(said).toEqual(['0 torn\n', '0 torn\n']);
  expect(await readdir(join(home, 'bottlenecks'))).toEqual([]);
});
