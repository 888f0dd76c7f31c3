import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';

describe('home', () => {
  test('WHOSIN_HOME comes before XDG_CACHE_HOME, and that before ~/.cache', () => {
    expect(readConfig({ WHOSIN_HOME: '/data/w', XDG_CACHE_HOME: '/cache' }).home).toBe(resolve('/data/w'));
    expect(readConfig({ XDG_CACHE_HOME: '/cache' }).home).toBe(join(resolve('/cache'), 'whosin'));
    expect(readConfig({}).home).toBe(join(homedir(), '.cache', 'whosin'));
  });

  test('an empty variable counts as not set', () => {
    expect(readConfig({ WHOSIN_HOME: '', XDG_CACHE_HOME: '' })).toEqual(readConfig({}));
  });

  test('is an absolute path, so changing the folder later does not move it', () => {
    expect(readConfig({ WHOSIN_HOME: 'here' }).home).toBe(resolve('here'));
  });
});

describe('threads', () => {
  test('WHOSIN_THREADS sets them, else every core is used', () => {
    expect(readConfig({ WHOSIN_THREADS: '3' }).threads).toBe(3);
    expect(readConfig({ WHOSIN_THREADS: '' }).threads).toBe(availableParallelism());
    expect(readConfig({}).threads).toBe(availableParallelism());
  });

  test.each(['0', '-1', '2.5', 'two', '1e999', '3 threads'])(
    '"%s" is wrong use, and the message shows it',
    (asked) => {
      expect(() => readConfig({ WHOSIN_THREADS: asked })).toThrow(
        expect.objectContaining({
          code: 'usage',
          exitStatus: 2,
          message: expect.stringContaining(`WHOSIN_THREADS is "${asked}"`),
        }),
      );
    },
  );
});

test('settings cannot be changed after they were read', () => {
  expect(Object.isFrozen(readConfig({}))).toBe(true);
});
