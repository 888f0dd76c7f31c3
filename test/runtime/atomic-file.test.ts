import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const filled = (value: number): Uint8Array => new Uint8Array(300_000).fill(value);

describe('writeFileAtomically', () => {
  test('writes text and bytes, and makes the folders on the way', async () => {
    const folder = await temporaryFolder();
    await writeFileAtomically(join(folder, 'a', 'b', 'text.json'), '{"name":"Mühler"}');
    await writeFileAtomically(join(folder, 'a', 'b', 'bytes.bin'), Uint8Array.of(0, 255, 7));
    expect(await readFile(join(folder, 'a', 'b', 'text.json'), 'utf8')).toBe('{"name":"Mühler"}');
    expect([...(await readFile(join(folder, 'a', 'b', 'bytes.bin')))]).toEqual([0, 255, 7]);
    expect(await readdir(join(folder, 'a', 'b'))).toHaveLength(2);
  });

  test('writes only the bytes of a view, not the buffer behind it', async () => {
    const path = join(await temporaryFolder(), 'view.bin');
    await writeFileAtomically(path, new Uint8Array([1, 2, 3, 4]).subarray(1, 3));
    expect([...(await readFile(path))]).toEqual([2, 3]);
  });

  test('a reader sees the old file or the new one, never a part', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'file.bin');
    await writeFileAtomically(path, filled(0));
    const done = new AbortController();
    const reader = async (): Promise<number> => {
      let torn = 0;
      while (!done.signal.aborted) {
        const seen = await readFile(path);
        if (seen.length !== 300_000 || seen.some((byte) => byte !== seen[0])) torn++;
      }
      return torn;
    };
    const reading = reader();
    for (let value = 1; value <= 15; value++) await writeFileAtomically(path, filled(value));
    done.abort();
    expect(await reading).toBe(0);
    expect((await readFile(path))[0]).toBe(15);
  });

  test('many writers of one file at once all succeed and leave one whole file', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'shared.txt');
    const contents = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(10_000));
    await Promise.all(contents.map((content) => writeFileAtomically(path, content)));
    expect(contents).toContain(await readFile(path, 'utf8'));
    expect(await readdir(folder)).toEqual(['shared.txt']);
  });
});

describe('where nothing can be written', () => {
  test('a file in the place of a folder is named, and stays as it was', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'file');
    await writeFile(file, 'kept');
    const path = join(file, 'inside.txt');
    await expect(writeFileAtomically(path, 'new')).rejects.toMatchObject({
      name: 'WhosinError',
      code: 'cannot-write',
      message: expect.stringContaining(`Cannot write ${path}`),
    });
    expect(await readFile(file, 'utf8')).toBe('kept');
    expect(await readdir(folder)).toEqual(['file']);
  });

  test('a folder in the place of the file is named, and no temporary file is left', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'taken');
    await mkdir(join(path, 'inside'), { recursive: true });
    await expect(writeFileAtomically(path, 'new')).rejects.toMatchObject({
      code: 'cannot-write',
      message: expect.stringContaining(path),
    });
    expect(await readdir(folder)).toEqual(['taken']);
    expect(await readdir(path)).toEqual(['inside']);
  });
});
