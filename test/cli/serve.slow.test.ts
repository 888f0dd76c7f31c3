/** `whosin serve` as a person starts it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { environmentWith, mainFile, setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();

interface Started {
  readonly child: ChildProcess;
  readonly home: string;
  readonly address: string;
  readonly link: string;
  readonly token: string;
}

async function start(...flags: readonly string[]): Promise<Started> {
  const home = await temporaryFolder();
  const args = ['serve', '--json', '--port', '0', '--root', home, ...flags];
  const child = spawn(process.execPath, [mainFile, ...args], { env: environmentWith(home) });
  onTestFinished(() => void child.kill('SIGKILL'));
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text);
    });
    child.once('exit', () => reject(new Error('ended')));
  });
  return { child, home, ...(JSON.parse(line) as Omit<Started, 'child' | 'home'>) };
}

test('the link opens the page, the token opens the API, and Ctrl-C ends it with status 0', async () => {
  const { child, home, address, link, token } = await start();
  expect(new URL(address).hostname).toBe('127.0.0.1');
  const first = await fetch(link, { redirect: 'manual' });
  const cookie = first.headers.get('set-cookie')!.split(';')[0]!;
  const page = await fetch(`${address}/people`, { headers: { cookie } });
  expect(await page.text()).toContain('<title>whosin</title>');
  const album = await fetch(`${address}/api/v1/album`, { headers: { authorization: `Bearer ${token}` } });
  expect(await album.json()).toMatchObject({ schema: 1, photos: 0 });
  const kept = join(home, 'albums', 'server-token');
  expect((await readFile(kept, 'utf8')).trim()).toBe(token);
  expect((await stat(kept)).mode & 0o077).toBe(0);
  const ended = new Promise((resolve) => child.once('exit', (status) => resolve(status)));
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});

describe('serve refuses', () => {
  test('to let other machines in without a token of their own', async () => {
    const { status, stderr } = await whosin(['serve', '--host', '0.0.0.0', '--no-open']);
    expect([status, stderr]).toEqual([2, expect.stringContaining('give a token of your own')]);
  });

  test.each([
    [['--token', 'short'], 2, 'at least 16'],
    [['--root', '/nowhere/at/all'], 1, '/nowhere/at/all is not there'],
    [['--host', '203.0.113.7', '--token', 'a-token-of-some-length'], 1, 'does not let whosin listen'],
  ])('%j', async (flags, status, sentence) => {
    const run = await whosin(['serve', '--no-open', '--port', '0', ...flags]);
    expect([run.status, run.stderr]).toEqual([status, expect.stringContaining(sentence)]);
  });

  test('a port that is taken', async () => {
    const { address } = await start();
    const { status, stderr } = await whosin(['serve', '--no-open', '--port', new URL(address).port]);
    expect([status, stderr]).toEqual([1, expect.stringContaining('is taken')]);
  });
});
