import { describe, expect, test } from 'vitest';
import { openPhotoThreads, type PhotoThreads } from '../../src/runtime/photo-threads.ts';
import type { ToySetting } from './toy-thread.ts';

/** Photos that this thread has in hand stay there until they are let go. */
function open(
  threads: number,
  network = 1,
): {
  readonly opened: PhotoThreads<string>;
  readonly inHand: string[];
  readonly settings: () => number;
  readonly letGo: () => void;
} {
  const inHand: string[] = [];
  const holding: (() => void)[] = [];
  let settings = 0;
  const opened = openPhotoThreads<string, ToySetting>({
    threads,
    photosAThread: 2,
    async readHere(_, name) {
      inHand.push(name);
      await new Promise<void>((resolve) => holding.push(resolve));
      return `here ${name}`;
    },
    module: new URL('toy-thread.ts', import.meta.url),
    async setting() {
      settings++;
      return { place: 'there', network };
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
    expect(others[5]).toMatchObject({
      reason: { code: 'not-a-photo', message: 'h is empty.', path: 'h', reason: 'is empty' },
    });
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

  test('are refused where they still wait when it is closed, and those in hand are read to their ends', async () => {
    const { opened, letGo } = open(1);
    const answers = Promise.allSettled(['a', 'b', 'c'].map((name) => opened.read(photo, name)));
    const closed = opened.close();
    letGo();
    await closed;
    expect(await answers).toMatchObject([
      { value: 'here a' },
      { value: 'here b' },
      { reason: { code: 'cancelled', message: 'Stopped: whosin was closed before this photo was read.' } },
    ]);
  });

  test('stop between two networks where others have them in hand: none of them is cut off, and none begins', async () => {
    const { opened, letGo } = open(2, 300);
    const here = [opened.read(photo, 'a'), opened.read(photo, 'b')];
    const others = Promise.allSettled(['c', 'd', 'e', 'f'].map((name) => opened.read(photo, name)));
    const closed = opened.close();
    let isClosed = false;
    const noted = closed.then(() => (isClosed = true));
    expect((await others).map((answer) => 'reason' in answer && answer.reason)).toMatchObject(
      Array(4).fill({ code: 'cancelled' }),
    );
    // Two are still in this thread's hands.
    expect(isClosed).toBe(false);
    letGo();
    expect(await Promise.all(here)).toEqual(['here a', 'here b']);
    await noted;
  });

  test('are refused once it is closed, which may happen twice', async () => {
    const { opened } = open(1);
    await opened.close();
    await opened.close();
    await expect(opened.read(photo, 'a')).rejects.toMatchObject({ code: 'usage' });
  });
});
