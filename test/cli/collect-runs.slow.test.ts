import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listen } from '../collect/loopback.ts';
import { jpeg } from '../collect/pictures.ts';
import { writePhoto } from '../demo-people.ts';
import { blackPng } from '../photo-fixtures.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { filesIn, local, play, trial } from './collect-trial.ts';
import { setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();

describe('a run', () => {
  test('that is killed -9 at any moment goes on to the same set, and asks for nothing again that it had', async () => {
    const things = await Promise.all(Array.from({ length: 30 }, (_, i) => jpeg(i % 25, i < 25 ? 96 : 60)));
    const whole = await play({ ant: things });
    const first = await trial(whosin, whole, 'ant');
    await first.collect('--things', '--count', '22', ...local(whole));
    const wanted = await filesIn(first.cwd);
    expect(wanted.filter((path) => path.startsWith('ant/'))).toHaveLength(22);

    const moments = [1, 5, 12, 20];
    let pid = 0;
    const server = await play({ ant: things }, (served) => {
      if (moments.includes(served)) process.kill(pid, 'SIGKILL');
    });
    const { cwd } = await trial(whosin, server, 'ant');
    const journal = join(cwd, 'set', 'provenance.jsonl');
    const flags = [
      '--things',
      '--count',
      '22',
      '--openverse-api',
      `${server.address}v1/`,
      '--rate',
      '500',
      '--json',
    ];
    const args = ['collect', 'names.txt', '-o', 'set', '--source', 'openverse', ...flags, ...local(server)];
    for (let run = 0; run <= moments.length; run++) {
      const before = server.asked.length;
      const recorded = await readFile(journal, 'utf8').catch(() => '');
      const { status } = await whosin(args, { cwd, onStart: (id) => (pid = id) });
      expect(status).toBe(run < moments.length ? null : 0);
      for (const path of server.asked.slice(before))
        expect(recorded).not.toContain(`"${new URL(path, server.address).href}"`);
      // As if ten seconds had passed: the lock of a process that was killed counts for that long.
      await rm(join(cwd, 'set', '.whosin', 'lock'), { recursive: true, force: true });
    }
    expect(await filesIn(cwd)).toEqual(wanted);
    const torn = (await readdir(join(cwd, 'set', '.whosin', 'incoming'))).length;
    expect(torn).toBe(0);
  });

  test('ends with status 1 where a source does not answer, with what there is, and says so', async () => {
    const server = await listen((_, response) => response.writeHead(404).end());
    onTestFinished(() => server.close());
    const { collect } = await trial(whosin, server, 'ant');
    const run = await collect('--things', ...local(server));
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(/ant +0 of 100 {2}a source did not answer: run it again later/);
    expect(run.stdout).toMatch(/ant, openverse: http\S+ answers with status 404\./);
  });

  test('--dry-run lists addresses with their licences, fetches none and writes nothing', async () => {
    const server = await play({ ant: [await jpeg(1), await jpeg(2)] });
    const { cwd, collect } = await trial(whosin, server, 'ant');
    const run = await collect('--things', '--dry-run', ...local(server));
    expect(run.stdout).toBe(
      [0, 1].map((i) => `ant\topenverse\t${server.address}photo/ant/${i}\tCC BY-SA 2.0\n`).join(''),
    );
    const asJson = await collect('--dry-run', '--json', '--count', '1', ...local(server));
    expect(JSON.parse(asJson.stdout)).toMatchObject({ schema: 1, name: 'ant', source: 'openverse' });
    expect(server.asked.filter((path) => path.startsWith('/photo'))).toEqual([]);
    expect(await readdir(cwd)).toEqual(['names.txt']);
  });

  test('sets aside a decompression bomb by its size, unopened', async () => {
    const server = await play({ ant: [blackPng(30_000, 30_000)] });
    const { cwd, collect } = await trial(whosin, server, 'ant');
    await collect('--things', ...local(server));
    expect(await filesIn(cwd)).toEqual([expect.stringMatching(/^rejected\/broken\/ant\/[0-9a-f]{20}\.png$/)]);
    expect(await readFile(join(cwd, 'set', 'provenance.jsonl'), 'utf8')).toContain(
      'too large to open safely',
    );
  });

  test('review of a folder that collect did not make writes nothing into it', async () => {
    const cwd = await temporaryFolder();
    await writePhoto(join(cwd, 'photos', 'ant', '1.jpg'), await jpeg(1));
    await writePhoto(join(cwd, 'photos', 'ant', '2.jpg'), await jpeg(1, 60, 60));
    const run = await whosin(['collect', 'review', 'photos', '--things'], { cwd });
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toMatch(
      /1 photo put there by you, and doubted:\n {2}ant\/2\.jpg is a copy of ant\/1\.jpg/,
    );
    expect(run.stdout).toContain('Contact sheet: contact-sheet.html');
    expect((await readdir(cwd)).toSorted()).toEqual(['contact-sheet.html', 'photos']);
    expect(await readdir(join(cwd, 'photos'))).toEqual(['ant']);
  });

  test('--json prints one object', async () => {
    const server = await play({ ant: [await jpeg(1)] });
    const { collect } = await trial(whosin, server, 'ant');
    const run = await collect('--things', '--json', '--count', '1', ...local(server));
    expect(JSON.parse(run.stdout)).toEqual({
      schema: 1,
      folder: 'set',
      count: 1,
      people: [{ name: 'ant', good: 1, outcome: 'reached', failures: [] }],
      good: 1,
      rejected: { duplicate: 0, 'someone-else': 0, 'small-face': 0, 'no-face': 0, broken: 0, removed: 0 },
      failed: 0,
    });
    expect(run.stderr).toBe('');
  });
});
