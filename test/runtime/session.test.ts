import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { NetworkSpec } from '../../src/models/pack.ts';
import { compiledNetwork } from '../../src/runtime/model-store.ts';
import { openNetwork } from '../../src/runtime/session.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { toyNetwork } from './toy-network.ts';

const pixels = Uint8Array.from({ length: 12 }, (_, i) => i * 20);

async function openToy(changes: Partial<NetworkSpec> = {}): ReturnType<typeof openNetwork> {
  return openNetwork(toyNetwork(changes), { home: await temporaryFolder(), threads: 1 });
}

describe('a network that fits its spec', () => {
  test('opens on an empty home and gives its outputs by name', async () => {
    const network = await openToy();
    const { values } = await network.run(pixels, [1, 2, 2, 3]);
    expect(values).toEqual({ shape: [1, 2, 2, 3], data: Float32Array.from(pixels) });
    await network.close();
  });

  test('takes any batch', async () => {
    const network = await openToy();
    const { values } = await network.run(Buffer.concat([pixels, pixels]), [2, 2, 2, 3]);
    expect(values!.shape).toEqual([2, 2, 2, 3]);
    expect([...values!.data]).toEqual([...pixels, ...pixels]);
    await network.close();
  });

  test('refuses pixels that do not fill their shape', async () => {
    const network = await openToy();
    await expect(network.run(pixels, [2, 2, 2, 3])).rejects.toThrow(/24.*12|12.*24/s);
    await network.close();
  });
});

describe('a stored graph that was damaged', () => {
  test.each([
    ['cut off in the middle', (path: string, size: number) => truncate(path, size >> 1)],
    ['emptied', (path: string) => truncate(path, 0)],
    ['overwritten with something else', (path: string) => writeFile(path, 'no graph at all')],
  ])('%s is made anew and opens', async (_how, damage) => {
    const home = await temporaryFolder();
    const spec = toyNetwork();
    const path = await compiledNetwork(spec, home);
    const whole = await readFile(path);
    await damage(path, whole.length);
    const network = await openNetwork(spec, { home, threads: 1 });
    const { values } = await network.run(pixels, [1, 2, 2, 3]);
    expect([...values!.data]).toEqual([...pixels]);
    await network.close();
    expect(await readFile(path)).toEqual(whole);
    expect(await readdir(dirname(path)), 'no temporary file is left').toHaveLength(1);
  });

  test('a folder in the place of the graph ends in an error that names it', async () => {
    const home = await temporaryFolder();
    const path = await compiledNetwork(toyNetwork(), home);
    await rm(path);
    await mkdir(path);
    await expect(openNetwork(toyNetwork(), { home, threads: 1 })).rejects.toMatchObject({
      name: 'WhosinError',
      message: expect.stringContaining(path),
    });
  });
});

describe('a network that does not fit its spec is refused by its name', () => {
  const values = { name: 'values', type: 'float32', shape: ['n', 2, 2, 3] } as const;

  test.each<[string, Partial<NetworkSpec>, string]>([
    [
      'another input shape',
      { input: { name: 'pixels', type: 'uint8', shape: ['n', 4, 4, 3] } },
      'Network toy: "pixels" should be uint8 [n, 4, 4, 3], the file has uint8 [n, 2, 2, 3].',
    ],
    [
      'another input type',
      { input: { name: 'pixels', type: 'float32', shape: ['n', 2, 2, 3] } },
      'Network toy: "pixels" should be float32 [n, 2, 2, 3], the file has uint8 [n, 2, 2, 3].',
    ],
    [
      'another output shape',
      { outputs: [{ ...values, shape: ['n', 128] }] },
      'Network toy: "values" should be float32 [n, 128], the file has float32 [n, 2, 2, 3].',
    ],
    [
      'an output that is not there',
      { outputs: [values, { name: 'scores', type: 'float32', shape: ['n'] }] },
      'Network toy: "scores" should be float32 [n], the file has nothing of that name.',
    ],
  ])('%s', async (_what, changes, message) => {
    await expect(openToy(changes)).rejects.toMatchObject({ code: 'bad-weights', message });
  });

  test('a compiler that writes no graph at all', async () => {
    await expect(openToy({ compile: () => new Uint8Array([1, 2, 3]) })).rejects.toMatchObject({
      code: 'bad-weights',
      message: expect.stringMatching(/Cannot open .*toy-/),
    });
  });
});
