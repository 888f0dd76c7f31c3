import { randomUUID } from 'node:crypto';
import {
  copyFile,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { portrait, writePhoto } from '../demo-people.ts';
import { demoPhoto } from '../photo-fixtures.ts';
import { sharedFolder } from '../shared-folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();
const shared = sharedFolder();
let photos: string;
let made: string;

/** Photos in folders by date, of nobody in particular: two group photos and portraits that were cut from them. */
beforeAll(async () => {
  photos = join(shared.path, 'Pictures');
  for (const number of [1, 2, 3]) {
    await writePhoto(
      join(photos, '2019', `mona ${number}.jpg`),
      await exif(portrait('mona', number), '2019:07:04 12:00:00'),
    );
    await writePhoto(
      join(photos, '2020', `nell ${number}.jpg`),
      await exif(portrait('nell', number), '2020:01:02 12:00:00'),
    );
  }
  await writePhoto(join(photos, '2020', 'sue.jpg'), await exif(portrait('sue'), '2020:05:06 12:00:00'));
  const party = sharp(demoPhoto(3)).jpeg({ quality: 92 });
  await writePhoto(join(photos, '2020', 'party.jpg'), await exif(party, '2020:05:07 12:00:00'));
  await writeFile(join(photos, '2020', 'broken.jpg'), 'no photo');
  made = join(shared.path, 'made.db');
  await whosin(['album', 'add', photos, '--album', made]);
});

test('a command leaves one file: nothing of the database lies beside it', async () => {
  const files = await readdir(shared.path);
  expect(files.filter((name) => name.startsWith('made'))).toEqual(['made.db']);
});

function exif(photo: Sharp, taken: string): Promise<Buffer> {
  return photo.withExif({ IFD0: { Model: 'Camera 1' }, IFD2: { DateTimeOriginal: taken } }).toBuffer();
}

/** An album of these photos, for the test alone. */
async function album(): Promise<(...args: readonly string[]) => ReturnType<typeof whosin>> {
  const folder = await temporaryFolder();
  const file = join(folder, 'album.db');
  await copyFile(made, file);
  return (command = 'status', ...args) =>
    whosin(['album', ...(command === 'status' ? [] : [command]), ...args, '--album', file], { cwd: folder });
}

interface Printed {
  readonly groups: readonly {
    readonly group: number;
    readonly shown: readonly { readonly file: string }[];
  }[];
  readonly photos: readonly unknown[];
  readonly said: readonly { readonly kind: string; readonly person: string | null }[];
}

const json = async (run: ReturnType<typeof whosin>): Promise<Printed> =>
  JSON.parse((await run).stdout) as Printed;

describe('an album', () => {
  test('reads folders, says what it could not read, and passes over what has not changed', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'album.db');
    // A file that was written a moment ago may change again unseen, and is read anew: src/photos/content-hashes.ts.
    await setTimeout(5000);
    const first = await whosin(['album', 'add', photos, '--album', file, '--json']);
    expect(first.status).toBe(1);
    expect(first.stderr).toBe(
      `error: ${join(photos, '2020', 'broken.jpg')} is not a photo: no known picture format.\n`,
    );
    expect(JSON.parse(first.stdout)).toMatchObject({
      schema: 1,
      files: 9,
      photos: 8,
      failed: [{ file: join(photos, '2020', 'broken.jpg'), code: 'not-a-photo' }],
    });
    const again = await whosin(['album', 'add', photos, '--album', file]);
    expect(again.status).toBe(0);
    expect(again.stdout).toMatch(
      /^9 files, 9 unchanged: 0 new photos with 0 faces\n8 photos, \d+ faces: 0 people named/,
    );
  });

  test('groups, names, finds, corrects and takes back', async () => {
    const run = await album();
    const { groups } = await json(run('groups', '--json'));
    const mona = groups.find((group) => group.shown.some(({ file }) => basename(file).startsWith('mona')))!;
    expect(mona).toMatchObject({ from: '2019-07-04T12:00:00', until: expect.any(String) });
    const named = await run('name', String(mona.group), 'Mona "M" 祖母');
    expect(named.stdout).toMatch(/^Mona "M" 祖母: \d faces of group \d+\.\n$/);
    expect(named.stderr).toBe('Take it back with: whosin album undo 1\n');
    // Quotation marks that are part of a name want others around them.
    expect(await run('find', 'Mona "M" 祖母')).toMatchObject({ status: 1 });
    const quoted = await run('find', '“Mona "M" 祖母”, 2019');
    expect(quoted.stdout.trim().split('\n').toSorted()).toEqual(
      [1, 2, 3].map((n) => join(photos, '2019', `mona ${n}.jpg`)),
    );
    expect(quoted.stderr).toContain('Looked for: Mona "M" 祖母 is in it (confirmed, or named with');
    const wrong = await run('correct', 'is-not', 'Mona "M" 祖母', join(photos, '2019', 'mona 1.jpg'));
    expect(wrong).toMatchObject({ status: 0 });
    expect((await json(run('find', '“Mona "M" 祖母”, 2019', '--json'))).photos).toHaveLength(2);
    expect((await run('undo', '#2')).stdout).toMatch(/^#2 .* 1 face not of Mona "M" 祖母 – taken back\n$/);
    expect((await json(run('find', '“Mona "M" 祖母”, 2019', '--json'))).photos).toHaveLength(3);
    const log = await run('log');
    expect(log.stdout.split('\n').map((line) => line.split('  ').at(-1))).toEqual([
      '#2 taken back',
      '1 face not of Mona "M" 祖母 – taken back',
      expect.stringMatching(/^\d faces of Mona "M" 祖母$/),
      '',
    ]);
    expect((await run()).stdout).toMatch(/^8 photos, \d+ faces: 1 person named/);
  });

  test('asks what settles most, and takes answers from a pipe', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'album.db');
    await copyFile(made, file);
    const review = (input: string, ...args: readonly string[]) =>
      whosin(['album', 'review', '--album', file, ...args], { input, cwd: folder });
    const first = await review('Mona\ny\n?\nz\nw\nNell\ns\nq\n', '--page', 'review.html');
    expect(first).toMatchObject({ status: 0 });
    expect(first.stdout).toMatch(/^Who is this\? \(group \d+, \d+ faces in \d+ photos\)\n/);
    expect(first.stdout).toMatch(/3 answers, \d+ faces settled\.\n$/);
    expect(first.stderr).toContain('y yes   n no   u not sure');
    expect(await readFile(join(folder, 'review.html'), 'utf8')).toContain('http-equiv="refresh"');
    const entries = (await json(whosin(['album', 'log', '--album', file, '--json']))).said;
    expect(entries.map(({ kind, person }) => [kind, person])).toEqual([
      ['stranger', null],
      ['is', 'Nell'],
      ['undo', null],
      ['is', 'Mona'],
    ]);
    const questions = (await review('', '--json', '--limit', '5')).stdout.trim().split('\n').filter(Boolean);
    for (const question of questions)
      expect(JSON.parse(question)).toMatchObject({ schema: 1, shown: expect.any(Array) });
  });

  test('copies and links what is found, and writes pages that need nothing from elsewhere', async () => {
    const run = await album();
    const folder = await temporaryFolder();
    const out = join(folder, 'out');
    await mkdir(out);
    await writeFile(join(out, 'sue.jpg'), 'mine');
    // A copy that was killed two hours ago.
    const left = join(out, `party.jpg.${randomUUID()}.tmp`);
    await writeFile(left, 'half of it');
    await utimes(left, Date.now() / 1000 - 7200, Date.now() / 1000 - 7200);
    const copied = await run(
      'find',
      'in 2020, photos',
      '--copy-to',
      out,
      '--page',
      join(folder, 'found.html'),
    );
    expect(copied).toMatchObject({ status: 0 });
    expect((await readdir(out)).toSorted()).toEqual(
      ['nell 1.jpg', 'nell 2.jpg', 'nell 3.jpg', 'party.jpg', 'sue-2.jpg', 'sue.jpg'].toSorted(),
    );
    expect(await readFile(join(out, 'sue.jpg'), 'utf8')).toBe('mine');
    const links = join(folder, 'links');
    await run('find', 'in 2019', '--link-to', links);
    expect(await readlink(join(links, 'mona 1.jpg'))).toBe(join(photos, '2019', 'mona 1.jpg'));
    await run('groups', '--page', join(folder, 'groups.html'), '--least', '1');
    for (const page of ['found.html', 'groups.html']) {
      const text = await readFile(join(folder, page), 'utf8');
      expect(text).toContain('<img src="data:image/jpeg;base64,');
      expect(text).not.toMatch(/(?:src|href)="(?!data:)/);
    }
  });

  test('goes to a model, a backup and another album', async () => {
    const run = await album();
    const folder = await temporaryFolder();
    const { groups } = await json(run('groups', '--json'));
    await run('name', String(groups[0]!.group), 'Somebody');
    const model = join(folder, 'people.onnx');
    expect(await run('export', model)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('1 person, '),
    });
    const identified = await whosin(['identify', join(photos, '2020', 'party.jpg'), '-m', model, '--json']);
    expect(identified.stdout).toContain('"person":"Somebody"');
    const backup = join(folder, 'said.jsonl');
    expect(await run('backup', backup)).toMatchObject({ stdout: `${backup}: 1 entry.\n` });
    const other = join(folder, 'other.db');
    const restored = await whosin(['album', 'restore', backup, '--album', other]);
    expect(restored.stdout).toMatch(
      /^1 entry read\.\n\d+ photos that they are about are not in the album yet: add them\.\n$/,
    );
    await whosin(['album', 'add', photos, '--album', other]);
    expect((await whosin(['album', '--album', other])).stdout).toContain('1 person named');
    expect(await run('check')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^whole/) });
    await rename(join(folder, 'said.jsonl'), join(folder, 'moved.jsonl'));
    expect(await whosin(['album', 'restore', backup, '--album', other])).toMatchObject({ status: 1 });
  });

  test('has a place of its own by its name', async () => {
    const home = await temporaryFolder();
    const added = await whosin(['album', 'add', join(photos, '2019'), '--album', 'family'], { home });
    expect(added).toMatchObject({ status: 0 });
    expect((await stat(join(home, 'albums', 'family', 'album.db'))).isFile()).toBe(true);
    const none = await whosin(['album', '--album', 'other'], { home });
    expect(none).toMatchObject({
      status: 1,
      stderr: `error: ${join(home, 'albums', 'other', 'album.db')} is not there: make an album with \`whosin album add\`.\n`,
    });
  });
});

describe('wrong use', () => {
  test.each([
    [['name', '3', 'Ann', '--merge', '--new'], 2, 'Give either --merge or --new.'],
    [['name', 'three', 'Ann'], 2, 'Give a whole number from 1 up.'],
    [['name', '999', 'Ann'], 1, 'There is no group 999 (whosin album groups).'],
    [['find', 'Jane Doe'], 1, 'There is nobody called "Jane Doe"'],
    [['find', 'x', '--first-frame'], 2, '--first-frame needs --copy-to.'],
    [['find', 'x', '--copy-to', 'a', '--link-to', 'b'], 2, 'Give either --copy-to or --link-to.'],
    [['forget'], 2, 'Name files or folders, or give --gone.'],
    [['undo'], 1, 'There is no answer that could be taken back.'],
    [['correct', 'is', 'Ann', 'none.jpg'], 1, 'This album has no photo none.jpg'],
    [['export', 'people.onnx'], 1, 'Nobody in this album has a confirmed face'],
    [['nothing'], 2, 'There is no command `whosin album nothing`'],
  ] as const)('%j', async (args, status, message) => {
    const run = await album();
    const { status: ended, stderr } = await run(...args);
    expect(stderr).toContain(message);
    expect(ended).toBe(status);
    expect(stderr).not.toMatch(/^\s+at |should not have/m);
  });

  test('every command has help with an example', async () => {
    const { stdout } = await whosin(['album', '--help']);
    for (const name of [
      'add',
      'groups',
      'name',
      'review',
      'find',
      'correct',
      'undo',
      'log',
      'watch',
      'export',
      'backup',
      'restore',
      'forget',
      'check',
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    }
  });
});
