/** A file that has not changed is not read again; one that may have changed is. */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, readdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openCache } from '../../src/photos/bottleneck-cache.ts';
import { type ContentHashes, openContentHashes } from '../../src/photos/content-hashes.ts';
import { readPhotos } from '../../src/photos/read-photos.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Files made by a test are old enough to be believed. */
const later = (): number => Date.now() + 60_000;

const sha256Of = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

async function note(hashes: ContentHashes, path: string): Promise<void> {
  await hashes.reading(path, async () => ({ sha256: sha256Of(await readFile(path)) }));
}

interface Trial {
  readonly home: string;
  readonly path: string;
  readonly open: () => ContentHashes;
  readonly log: () => Promise<string>;
}

/** One file, noted and written down. */
async function notedFile(content = 'a photo'): Promise<Trial> {
  const home = await temporaryFolder();
  const path = join(await temporaryFolder(), 'IMG_0001.jpg');
  await writeFile(path, content);
  const open = (): ContentHashes => openContentHashes(home, writeFileAtomically, later);
  const hashes = open();
  await note(hashes, path);
  await hashes.flush();
  const log = async (): Promise<string> => join(home, 'seen', (await readdir(join(home, 'seen')))[0]!);
  return { home, path, open, log };
}

describe('a hash is recalled', () => {
  test('while the file is as it was, also by a later process', async () => {
    const { open, path } = await notedFile();
    expect(await open().recall(path)).toBe(sha256Of('a photo'));
  });

  test('of the last of several versions of a file', async () => {
    const { open, path } = await notedFile();
    await writeFile(path, 'A PHOTO');
    const hashes = open();
    await note(hashes, path);
    await hashes.flush();
    expect(await open().recall(path)).toBe(sha256Of('A PHOTO'));
  });

  test('no more after the cache is cleared', async () => {
    const { home, path, open } = await notedFile();
    await openCache(home, writeFileAtomically).clear();
    expect(await open().recall(path)).toBeUndefined();
    expect(await readdir(home)).toEqual([]);
  });

  test('and the log names no file', async () => {
    const { log } = await notedFile();
    expect((await readFile(await log())).includes('IMG_0001')).toBe(false);
    expect(await log()).not.toContain('IMG');
  });
});

describe('a file is read again', () => {
  test('that was changed in place, to the same size, with its time put back', async () => {
    const { open, path } = await notedFile();
    const { atime, mtime } = await stat(path);
    await writeFile(path, 'A PHOTO');
    await utimes(path, atime, mtime);
    expect(await open().recall(path)).toBeUndefined();
  });

  test('in whose place another was moved, of the same size and time', async () => {
    const { open, path } = await notedFile();
    const { atime, mtime } = await stat(path);
    await writeFile(`${path}.new`, 'A PHOTO');
    await utimes(`${path}.new`, atime, mtime);
    await rename(`${path}.new`, path);
    expect(await open().recall(path)).toBeUndefined();
  });

  test('that was changed only a moment before: the next change could leave its times as they are', async () => {
    const home = await temporaryFolder();
    const path = join(home, 'fresh.jpg');
    await writeFile(path, 'fresh');
    const { ctimeMs } = await stat(path);
    const hashes = openContentHashes(home, writeFileAtomically, () => ctimeMs + 1000);
    await note(hashes, path);
    expect(await hashes.recall(path)).toBeUndefined();
  });

  test('that changed while it was read', async () => {
    const { open, path } = await notedFile();
    const hashes = open();
    await hashes.reading(path, async () => {
      const sha256 = sha256Of(await readFile(path));
      await writeFile(path, 'changed meanwhile');
      return { sha256 };
    });
    expect(await hashes.recall(path)).toBeUndefined();
  });

  test('that is gone, or is a folder', async () => {
    const { home, open, path } = await notedFile();
    expect(await open().recall(`${path}.gone`)).toBeUndefined();
    expect(await open().recall(home)).toBeUndefined();
  });
});

describe('a damaged log', () => {
  test('cut off anywhere, or with a bit flipped, gives the right hash or none, and is whole after the next note', async () => {
    const { open, path, log } = await notedFile();
    const whole = await readFile(await log());
    const damaged: Buffer[] = [Buffer.concat([whole, whole.subarray(0, 30)])];
    for (let at = 0; at < whole.length; at++) {
      damaged.push(whole.subarray(0, at));
      const rotten = Buffer.from(whole);
      rotten[at]! ^= 1 << (at % 8);
      damaged.push(rotten);
    }
    for (const content of damaged) {
      await writeFile(await log(), content);
      expect([sha256Of('a photo'), undefined]).toContain(await open().recall(path));
    }
    await writeFile(await log(), whole.subarray(0, 30));
    const hashes = open();
    await note(hashes, path);
    await hashes.flush();
    expect(await readFile(await log())).toEqual(whole);
  });

  test('that is a folder, or cannot be written, stops nothing', async () => {
    const home = await temporaryFolder();
    await writeFile(join(home, 'seen'), 'in the way');
    const path = join(home, 'photo.jpg');
    await writeFile(path, 'a photo');
    const hashes = openContentHashes(home, writeFileAtomically, later);
    await note(hashes, path);
    await hashes.flush();
    expect(await hashes.recall(path)).toBe(sha256Of('a photo'));
  });

  test('does not grow for ever: what is outdated is left out when it is the most of it', async () => {
    const { open, path, log } = await notedFile();
    const record = await readFile(await log());
    for (let i = 0; i < 300; i++) await appendFile(await log(), record);
    const hashes = open();
    await note(hashes, path);
    await hashes.flush();
    expect((await stat(await log())).size).toBe(record.length);
  });
});

test('processes that note the same files at once, one of them killed, leave no wrong hash', async () => {
  const home = await temporaryFolder();
  const photos = await temporaryFolder();
  for (let i = 0; i < 50; i++) await writeFile(join(photos, `${i}.jpg`), `photo ${i}`);
  const worker = fileURLToPath(new URL('hashes-worker.ts', import.meta.url));
  const start = () => spawn(process.execPath, ['--import', 'tsx', worker, home, photos], { stdio: 'pipe' });
  const [killed, other] = [start(), start()];
  // From here on: the other one may have ended before the first says a word.
  const ended = Promise.all([once(killed, 'close'), once(other, 'close')]);
  // It says a word for each round.
  await once(killed.stdout, 'data');
  killed.kill('SIGKILL');
  await ended;
  expect(other.exitCode).toBe(0);
  const hashes = openContentHashes(home, writeFileAtomically, later);
  for (let i = 0; i < 50; i++) {
    expect(await hashes.recall(join(photos, `${i}.jpg`)), `${i}.jpg`).toBe(sha256Of(`photo ${i}`));
  }
});

describe('reading an album again', () => {
  /** Finds the first word of a file, and tells which files it had to read. */
  async function album() {
    const home = await temporaryFolder();
    const photos = await temporaryFolder();
    const paths = ['a', 'b', 'c'].map((name) => join(photos, `${name}.jpg`));
    for (const path of paths) await writeFile(path, `word of ${path}`);
    const again = async () => {
      const computed: string[] = [];
      const reader = {
        compute: async (bytes: Uint8Array, path: string) => {
          computed.push(path);
          return new TextDecoder().decode(bytes);
        },
        computePixels: async () => 'pixels',
        kept: {
          recipe: 'first-words/1',
          encode: (text: string) => new TextEncoder().encode(text),
          decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
        },
      };
      const found: string[] = [];
      const cache = openCache(home, writeFileAtomically, undefined, later);
      for await (const reading of readPhotos(paths, reader, cache)) {
        found.push(reading.kind === 'failure' ? reading.error.code : reading.photo);
      }
      return { computed, found };
    };
    return { home, paths, again };
  }

  test('computes nothing, and gives what was found before, in order', async () => {
    const { paths, again } = await album();
    expect((await again()).computed.toSorted()).toEqual(paths);
    expect(await again()).toEqual({ computed: [], found: paths.map((path) => `word of ${path}`) });
  });

  test('computes anew what was changed in place to the same size, and reports what is gone', async () => {
    const { paths, again } = await album();
    await again();
    const [a, b, c] = paths as [string, string, string];
    const { atime, mtime, size } = await stat(b);
    await writeFile(b, 'x'.repeat(size));
    await utimes(b, atime, mtime);
    await rename(c, `${c}.away`);
    expect(await again()).toEqual({ computed: [b], found: [`word of ${a}`, 'x'.repeat(size), 'not-found'] });
  });

  test('reads a photo whose entry of the cache was lost', async () => {
    const { home, paths, again } = await album();
    await again();
    const entries = (await readdir(join(home, 'bottlenecks'), { recursive: true })).filter((name) =>
      name.endsWith('.bin'),
    );
    for (const entry of entries) await writeFile(join(home, 'bottlenecks', entry), 'torn');
    expect((await again()).computed.toSorted()).toEqual(paths);
  });
});
