import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPhotoThreads, type PhotoThreads } from '../../src/runtime/photo-threads.ts';

let folder: string;
let module: URL;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whosin-threads-'));
  // What photoWork makes, by hand: a thread of its own cannot load TypeScript here.
  const code = `
    import { workerData } from 'node:worker_threads';
    export const readPhoto = async ({ bytes, name }) =>
      bytes.length === 0
        ? { code: 'not-a-photo', message: name + ' is empty' }
        : { done: workerData.place + ' ' + name };`;
  await writeFile(join(folder, 'thread.mjs'), code);
  module = pathToFileURL(join(folder, 'thread.mjs'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Photos that this thread has in hand stay there until they are let go. */
function open(threads: number): {
  readonly opened: PhotoThreads<string>;
  readonly inHand: string[];
  readonly settings: () => number;
  readonly letGo: () => void;
} {
  const inHand: string[] = [];
  const holding: (() => void)[] = [];
  let settings = 0;
  const opened = openPhotoThreads<string, { place: string }>({
    threads,
    photosAThread: 2,
    async readHere(_, name) {
      inHand.push(name);
      await new Promise<void>((resolve) => holding.push(resolve));
      return `here ${name}`;
    },
    module,
    async setting() {
      settings++;
      return { place: 'there' };
    },
  });
  const letGo = (): void => {
    for (const release of holding.splice(0)) release();
  };
  return { opened, inHand, settings: () => settings, letGo };
}

const photo = new Uint8Array(1);

describe('photos shared out among threads', () => {
  test('are read here and no thread starts, while there are no more than this thread has hands for', async () => {
    const { opened, settings, letGo } = open(2);
    const read = [opened.read(photo, 'a'), opened.read(photo, 'b')];
    letGo();
    expect(await Promise.all(read)).toEqual(['here a', 'here b']);
    expect(settings()).toBe(0);
    await opened.close();
  });

  test('are read by others where this thread has its hands full, and errors keep their codes', async () => {
    const { opened, inHand, settings, letGo } = open(2);
    const here = [opened.read(photo, 'a'), opened.read(photo, 'b')];
    const others = await Promise.allSettled([
      ...['c', 'd', 'e', 'f', 'g'].map((name) => opened.read(photo, name)),
      opened.read(new Uint8Array(), 'h'),
    ]);
    expect(others.slice(0, 5).map((answer) => 'value' in answer && answer.value)).toEqual(
      ['c', 'd', 'e', 'f', 'g'].map((name) => `there ${name}`),
    );
    expect(others[5]).toMatchObject({ reason: { code: 'not-a-photo', message: 'h is empty' } });
    expect(inHand).toEqual(['a', 'b']);
    expect(settings()).toBe(1);
    letGo();
    expect(await Promise.all(here)).toEqual(['here a', 'here b']);
    await opened.close();
  });

  test('are all read here where there is one core, two at a time', async () => {
    const { opened, inHand, settings, letGo } = open(1);
    const read = ['a', 'b', 'c'].map((name) => opened.read(photo, name));
    expect(inHand).toEqual(['a', 'b']);
    letGo();
    expect(await Promise.all(read.slice(0, 2))).toEqual(['here a', 'here b']);
    expect(inHand).toEqual(['a', 'b', 'c']);
    letGo();
    expect(await read[2]).toBe('here c');
    expect(settings()).toBe(0);
    await opened.close();
  });

  test('are refused where they still wait when the threads are closed', async () => {
    const { opened, letGo } = open(1);
    const read = ['a', 'b', 'c'].map((name) => opened.read(photo, name));
    const answers = Promise.allSettled(read);
    await opened.close();
    letGo();
    expect(await answers).toMatchObject([
      { value: 'here a' },
      { value: 'here b' },
      { reason: new Error('closed before this photo was read') },
    ]);
  });
});
