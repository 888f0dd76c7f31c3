import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openMadeAlbum } from '../album/made-album.ts';
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
