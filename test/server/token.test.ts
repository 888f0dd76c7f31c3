import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { byteRange } from '../../src/server/byte-range.ts';
import { cursorOf, positionOf } from '../../src/server/cursor.ts';
import { cookieLasts, openDoorkeeper } from '../../src/server/doorkeeper.ts';
import { checkToken, keptToken } from '../../src/server/token.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('the token is made once, and only its user may read it', async () => {
  const folder = await temporaryFolder();
  const token = await keptToken(folder);
  expect(await keptToken(folder)).toBe(token);
  expect(token.length).toBeGreaterThanOrEqual(32);
  expect((await stat(join(folder, 'server-token'))).mode & 0o777).toBe(0o600);
});

test('an empty file, as a full disk leaves it, is no token: the next start makes one', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'server-token'), '');
  const token = await keptToken(folder);
  expect(token.length).toBeGreaterThanOrEqual(32);
  expect(await keptToken(folder)).toBe(token);
  expect(await readdir(folder)).toEqual(['server-token']);
});

test('a token that can be guessed is refused', async () => {
  for (const token of ['', 'short', 'has spaces in it, and more']) {
    expect(() => checkToken(token)).toThrow('at least 16');
  }
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'server-token'), 'abc\n');
  await expect(keptToken(folder)).rejects.toMatchObject({ code: 'usage' });
});

test('links end after ten minutes and cookies after ninety days', async () => {
  let now = 1e12;
  const nobody = async () => undefined;
  const keeper = openDoorkeeper({
    token: 'a-token-of-some-length',
    users: { byName: nobody, byToken: nobody, redeem: nobody },
    now: () => now,
  });
  const link = keeper.link();
  const late = keeper.link();
  const cookie = (await keeper.redeem(link))!;
  expect(await keeper.byCookie(cookie)).toEqual({ name: '', role: 'own' });
  expect(await keeper.byCookie(`${cookie}x`)).toBeUndefined();
  now += 11 * 60_000;
  expect(await keeper.redeem(late)).toBeUndefined();
  now += cookieLasts;
  expect(await keeper.byCookie(cookie)).toBeUndefined();
});

test.each([
  [undefined, { start: 0, end: 99, partial: false }],
  ['bytes=0-9', { start: 0, end: 9, partial: true }],
  ['bytes=90-', { start: 90, end: 99, partial: true }],
  ['bytes=-10', { start: 90, end: 99, partial: true }],
  ['bytes=-1000', { start: 0, end: 99, partial: true }],
  ['bytes=50-1000', { start: 50, end: 99, partial: true }],
  ['bytes=0-1,5-6', { start: 0, end: 99, partial: false }],
  ['lines=1-2', { start: 0, end: 99, partial: false }],
] as const)('the range %s of a hundred bytes', (header, range) => {
  expect(byteRange(header, 100)).toEqual(range);
});

test.each(['bytes=100-', 'bytes=9-3', 'bytes=-0'])('the range %s of a hundred bytes is none', (header) => {
  expect(() => byteRange(header, 100)).toThrow('The file has 100 bytes.');
});

test('a cursor comes back as the position that it was', () => {
  expect(positionOf(cursorOf(12_345)!)).toBe(12_345);
  expect([cursorOf(null), positionOf(undefined)]).toEqual([null, 0]);
  expect(() => positionOf('MTo=x')).toThrow('cursor');
});
