import { availableParallelism, homedir, totalmem } from 'node:os';
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

describe('bits of weights', () => {
  test('WHOSIN_WEIGHT_BITS sets them, else the processor decides', () => {
    expect(readConfig({ WHOSIN_WEIGHT_BITS: '7' }).weightBits).toBe(7);
    expect(readConfig({ WHOSIN_WEIGHT_BITS: '' })).not.toHaveProperty('weightBits');
    expect(() => readConfig({ WHOSIN_WEIGHT_BITS: '6' })).toThrow('WHOSIN_WEIGHT_BITS is "6": give 7 or 8.');
  });
});

describe('memory', () => {
  test('WHOSIN_MEMORY sets it, else it is a quarter of what the machine has or a container gives, but at least a gigabyte', () => {
    expect(readConfig({ WHOSIN_MEMORY: '2GB' }).memory).toBe(2e9);
    expect(readConfig({ WHOSIN_MEMORY: ' 1.5 gb ' }).memory).toBe(1.5e9);
    expect(readConfig({ WHOSIN_MEMORY: '500 MB' }).memory).toBe(5e8);
    const given = process.constrainedMemory() || totalmem();
    expect(readConfig({ WHOSIN_MEMORY: '' }).memory).toBe(Math.max(Math.min(given, totalmem()) / 4, 1e9));
  });

  test.each([
    ['2', 'give a number with MB or GB, such as 2GB'],
    ['much', 'give a number with MB or GB, such as 2GB'],
    ['-2GB', 'give a number with MB or GB, such as 2GB'],
    ['2TB', 'give a number with MB or GB, such as 2GB'],
    ['300 MB', 'whosin takes at least 500 MB'],
  ])('"%s" is wrong use, and the message says why', (asked, why) => {
    expect(() => readConfig({ WHOSIN_MEMORY: asked })).toThrow(
      expect.objectContaining({ code: 'usage', message: `WHOSIN_MEMORY is "${asked}": ${why}.` }),
    );
  });
});

test('settings cannot be changed after they were read', () => {
  expect(Object.isFrozen(readConfig({}))).toBe(true);
});
