import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jpeg } from '../collect/pictures.ts';
import { type DemoPerson, portrait } from '../demo-people.ts';
import { setUpCalls } from './call-whosin.ts';
import { filesIn, local, play, trial } from './collect-trial.ts';

const whosin = setUpCalls();

const portraits = (person: DemoPerson, ...numbers: readonly number[]): Promise<Uint8Array[]> =>
  Promise.all(numbers.map((number) => portrait(person, number).toBuffer()));

describe('people', () => {
  test('are collected, judged, reviewed, overruled, credited, and can be trained on', {
    timeout: 240_000,
  }, async () => {
    const [monas, nells, sues] = [
      await portraits('mona', 1, 2, 3, 4),
      await portraits('nell', 1, 2, 3),
      await portraits('sue', 1),
    ];
    const server = await play({
      mona: [
        ...monas,
        ...sues,
        await jpeg(5, 200),
        Buffer.from('<html>gone</html>'),
        'http://169.254.169.254/',
      ],
      nell: [...nells, monas[1]!],
    });
    const { cwd, collect } = await trial(whosin, server, 'mona\nnell\n');
    const run = await collect('--count', '20', ...local(server));
    expect(run).toMatchObject({ status: 0 });
    expect(run.stdout).toMatch(/^ {2}mona +4 of 20 {2}the sources have no more$/m);
    expect(run.stdout).toMatch(/^ {2}nell +3 of 20 {2}the sources have no more$/m);
    expect(run.stdout).toContain('1 address gave no photo');
    const places = (await filesIn(cwd)).map((path) => path.replace(/\/[0-9a-f]{20}\./, '/'));
    expect(places).toEqual([
      ...Array(4).fill('mona/jpg'),
      ...Array(3).fill('nell/jpg'),
      'rejected/broken/mona/bin',
      'rejected/no-face/mona/jpg',
      'rejected/someone-else/mona/jpg',
      'rejected/someone-else/nell/jpg',
    ]);
    expect([...server.agents]).toEqual([expect.stringMatching(/^whosin\/\S+ \(test@localhost\)$/)]);

    const reviewed = await whosin(['collect', 'review', 'set', '--json'], { cwd });
    expect(JSON.parse(reviewed.stdout)).toMatchObject({
      schema: 1,
      folder: 'set',
      names: ['mona', 'nell'],
      good: 7,
      rejected: { 'someone-else': 2, 'no-face': 1, broken: 1, duplicate: 0 },
      failed: 1,
      photos: expect.arrayContaining([
        expect.objectContaining({
          name: 'nell',
          reason: 'someone-else',
          why: 'looks like mona',
          byPerson: false,
        }),
      ]),
    });
    const sheet = await readFile(join(cwd, 'set', 'rejected', 'contact-sheet.html'), 'utf8');
    expect(sheet.match(/<figure/g)).toHaveLength(11);
    expect(sheet).toContain('looks like mona');

    const sue = (await filesIn(cwd)).find((path) => path.startsWith('rejected/someone-else/mona'))!;
    const kept = await whosin(['collect', 'review', 'set', '--keep', join('set', sue), '--no-sheet'], {
      cwd,
    });
    expect(kept.stdout).toContain('1 photo put back.');
    const asked = server.asked.length;
    expect(await collect('--count', '20', ...local(server))).toMatchObject({ status: 0 });
    expect(server.asked).toHaveLength(asked);
    expect(await filesIn(cwd)).toContain(sue.replace('rejected/someone-else/', ''));
    expect((await whosin(['collect', 'review', 'set', '--no-sheet'], { cwd })).stdout).toMatch(
      /1 photo put there by you, and doubted:\n {2}mona\/\S+ does not look like the other photos/,
    );

    const credits = await whosin(['collect', 'credits', 'set', '-o', 'credits.html'], { cwd });
    expect(credits).toMatchObject({ status: 0, stdout: 'Wrote credits.html: 8 photos.\n' });
    const page = await readFile(join(cwd, 'credits.html'), 'utf8');
    expect(page).toContain('&lt;b&gt;mona&lt;/b&gt; 0');
    expect(page).toContain('Ann &lt;Author&gt; &amp; co');
    expect(page).toContain(
      '<a href="https://creativecommons.org/licenses/by-sa/2.0/" rel="noreferrer">CC BY-SA 2.0</a>',
    );
    const listed = await whosin(['collect', 'credits', 'set', '--json'], { cwd });
    expect(JSON.parse(listed.stdout)).toMatchObject({
      schema: 1,
      photos: Array(8).fill({ licence: 'CC BY-SA 2.0' }),
    });

    const trained = await whosin(['train', 'set', '-o', 'people.onnx'], { cwd });
    expect(trained).toMatchObject({ status: 0, stderr: '' });
    expect(trained.stdout).toMatch(/^set: 8 photos of 2 people$/m);
    expect(trained.stdout).not.toContain('rejected');

    const removed = await whosin(['collect', 'remove', 'set', '--author', 'Ann <Author> & co'], { cwd });
    expect(removed).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('moved to rejected/removed/'),
    });
    expect((await filesIn(cwd)).filter((path) => !path.startsWith('rejected/'))).toEqual([]);
  });
});
