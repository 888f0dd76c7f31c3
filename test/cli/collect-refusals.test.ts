import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jpeg } from '../collect/pictures.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { setUpCalls } from './call-whosin.ts';
import { local, play, trial } from './collect-trial.ts';
import type { Run } from './whosin.ts';

const whosin = setUpCalls();

describe('what is refused, each with its sentence', () => {
  test('a server on this machine, unless it is allowed', async () => {
    const server = await play({});
    const { collect } = await trial(whosin, server, 'ant');
    const run = await collect('--things');
    expect(run).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('ant, openverse: Refused 127.0.0.1: it is on this machine'),
    });
    expect(server.asked).toEqual([]);
  });

  test.each([
    [
      ['--source', 'google'],
      2,
      'There is no source "google": choose from wikidata, commons, openverse, urls, folder.',
    ],
    [['--source', 'urls'], 2, 'The source urls needs --urls FILE'],
    [['--count', '0'], 2, 'Give a whole number from 1 up.'],
    [['--contact', 'a\nb'], 2, 'Give an e-mail address or the address of a page.'],
  ])('the flags %j', async (flags, status, sentence) => {
    const server = await play({});
    const { cwd, collect } = await trial(whosin, server, 'ant');
    const run = await collect('--things', ...flags);
    expect([run.status, run.stderr]).toEqual([status, expect.stringContaining(sentence)]);
    expect(await readdir(cwd)).toEqual(['names.txt']);
  });

  test('a list that is missing, or would leave the folder', async () => {
    const server = await play({});
    const { cwd, collect } = await trial(whosin, server, '../x');
    expect(await collect()).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('would leave the folder'),
    });
    await rename(join(cwd, 'names.txt'), join(cwd, 'other.txt'));
    expect(await collect()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Cannot read names.txt'),
    });
    expect(await readdir(cwd)).toEqual(['other.txt']);
  });

  test('to remove everything by saying nothing, and files that are none of the set', async () => {
    const cwd = await temporaryFolder();
    const remove = (...args: readonly string[]): Promise<Run> =>
      whosin(['collect', 'remove', cwd, ...args], { cwd });
    expect(await remove()).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Name the photos to remove'),
    });
    expect(await remove('x.jpg')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('x.jpg is not a photo of'),
    });
    const nowhere = join(cwd, 'nowhere');
    const wrong = [
      ['remove', nowhere, '--source', 'urls'],
      ['review', nowhere, '--keep', 'x.jpg'],
    ];
    for (const args of wrong) {
      const run = await whosin(['collect', ...args], { cwd });
      expect(run).toMatchObject({ status: 1, stderr: expect.stringContaining('nowhere is not a folder') });
    }
    const review = await whosin(['collect', 'review', join(cwd, 'nowhere')]);
    expect(review).toMatchObject({ status: 1, stderr: expect.stringContaining('is not a folder') });
  });

  test('a proxy in the environment is not used, and that is said', async () => {
    const server = await play({ ant: [await jpeg(1)] });
    const { cwd } = await trial(whosin, server, 'ant');
    const flags = [
      '--source',
      'openverse',
      '--openverse-api',
      `${server.address}v1/`,
      '--things',
      '--rate',
      '500',
    ];
    const run = await whosin(['collect', 'names.txt', ...flags, ...local(server)], {
      cwd,
      environment: { HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' },
    });
    expect(run.status).toBe(0);
    expect(run.stderr).toContain('HTTPS_PROXY is set and not used');
    expect(run.stderr).toContain('Tell the sources whom to write to with --contact');
  });
});
