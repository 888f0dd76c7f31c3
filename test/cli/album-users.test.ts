import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openMadeAlbum, writePeople } from '../album/made-album.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { setUpCalls } from './call-whosin.ts';

const whosin = setUpCalls();

test('whosin album users: somebody is added, listed and removed; the link and the token are shown once', async () => {
  const folder = await temporaryFolder();
  await (await openMadeAlbum(folder)).close();
  const run = (...args: string[]) =>
    whosin(['album', 'users', ...args, '--album', join(folder, '.home', 'album.db')]);
  expect(await run()).toMatchObject({
    status: 0,
    stdout: '',
    stderr: expect.stringContaining('Nobody but you'),
  });
  const added = await run('add', 'Ann', '--role', 'answer', '--address', 'https://photos.example.org/');
  expect(added.stdout).toMatch(/^Ann sees, searches and names\.\n/);
  expect(added.stdout).toMatch(
    /https:\/\/photos\.example\.org\/\?token=[\w-]{32}\nToken for programs: {2}[\w-]{32}\n/,
  );
  expect((await run()).stdout).toMatch(/^answer {2}Ann {2}since \d{4}-\d\d-\d\d\n$/);
  const { users } = JSON.parse((await run('--json')).stdout) as { readonly users: readonly object[] };
  expect(users).toEqual([
    { name: 'Ann', role: 'answer', added: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string },
  ]);
  expect(await run('remove', 'Ann')).toMatchObject({ status: 0, stdout: 'Ann is let in no more.\n' });
  expect(await run('remove', 'Ann')).toMatchObject({ status: 1 });
  expect(await run('add', 'Ann')).toMatchObject({ status: 2, stderr: expect.stringContaining('--role') });
  expect(await run('add', 'Ann', '--role', 'king')).toMatchObject({ status: 2 });
});

test('what is said in the album of a file has no speaker, unless WHOSIN_USER names one', async () => {
  const folder = await temporaryFolder();
  await writePeople(folder, 1, 3);
  const album = await openMadeAlbum(folder);
  await album.add([join(folder, 'photos')]);
  await album.name((await album.groups()).groups[0]!.group, 'Ann');
  const hide = (environment: Readonly<Record<string, string>>) =>
    whosin(['album', 'correct', 'hide', 'Ann', '--album', join(folder, '.home', 'album.db')], {
      environment,
    });
  expect(await hide({})).toMatchObject({ status: 0 });
  expect(await hide({ WHOSIN_USER: 'Grandma' })).toMatchObject({ status: 0 });
  expect((await album.log({ limit: 2 })).map(({ who }) => who)).toEqual(['Grandma', '']);
});

test('whosin worker wants a database before it wants the album to be there', async () => {
  const { status, stderr } = await whosin(['worker', '--album', '/nowhere/album.db']);
  expect([status, stderr]).toEqual([2, expect.stringContaining('workers share an album in a PostgreSQL')]);
});
