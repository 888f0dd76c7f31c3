import { describe, expect, test } from 'vitest';
import { openDoor } from '../../src/runtime/door.ts';
import { together } from '../../src/runtime/together.ts';

/** Work that ends when it is told to. */
function work(): { readonly done: Promise<string>; readonly end: () => void; readonly fail: () => void } {
  let end!: () => void;
  let fail!: () => void;
  const done = new Promise<string>((resolve, reject) => {
    end = () => resolve('done');
    fail = () => reject(new Error('failed'));
  });
  return { done, end, fail };
}

describe('a door', () => {
  test('is shut at once, and what is behind it is freed once, when the last one has come out', async () => {
    const door = openDoor();
    const [one, other] = [work(), work()];
    const answers = Promise.allSettled([door.enter(() => one.done), door.enter(() => other.done)]);
    let freed = 0;
    const free = async (): Promise<void> => void freed++;
    const closed = Promise.all([door.close(free), door.close(free)]);
    await expect(door.enter(async () => 'late')).rejects.toMatchObject({ code: 'usage' });
    expect(() => door.requireOpen()).toThrow('whosin was closed');
    one.end();
    await one.done;
    expect(freed).toBe(0);
    other.fail();
    await closed;
    expect(freed).toBe(1);
    expect(await answers).toMatchObject([{ value: 'done' }, { reason: { message: 'failed' } }]);
  });
});

describe('work done together', () => {
  test('gives what each gives', async () => {
    expect(await together([Promise.resolve(1), Promise.resolve('two')])).toEqual([1, 'two']);
  });

  test('fails with the first failure, but only when all of it has ended', async () => {
    const slow = work();
    const events: string[] = [];
    const both = together([Promise.reject(new Error('first')), slow.done]).catch((error: unknown) => {
      events.push(String(error));
    });
    // Turns of the event loop, in which a failure would come through.
    await new Promise(setImmediate);
    events.push('the slow one ends');
    slow.end();
    await both;
    expect(events).toEqual(['the slow one ends', 'Error: first']);
  });
});
