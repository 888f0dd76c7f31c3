import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openMadeAlbum, writeMadePhoto } from '../album/made-album.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { setUpCalls } from './call-whosin.ts';

const whosin = setUpCalls();

test('whosin album export: tables, JSON Lines and lists of Picasa; what fits to none of them is refused', async () => {
  const folder = await temporaryFolder();
  const photo = join(folder, 'photos', 'a.jpg');
  await writeMadePhoto(photo, [{ who: 0, take: 0 }]);
  const album = await openMadeAlbum(folder);
  await album.add([join(folder, 'photos')]);
  await album.correct({ kind: 'is', person: 'Ann', faces: [photo] });
  await album.close();
  const run = (...args: string[]) =>
    whosin(['album', 'export', '--album', join(folder, '.home', 'album.db'), ...args], { cwd: folder });

  const { stdout: table } = await run('--csv');
  expect(table).toMatch(/^file,person,answer,.*\r\n.*\/a\.jpg,Ann,confirmed,1,50\.0,80\.0,.*\r\n$/);
  expect((await run('faces.csv', '--csv')).stdout).toBe('faces.csv: 1 face.\n');
  expect(await readFile(join(folder, 'faces.csv'), 'utf8')).toBe(table);
  const lines = (await run('--json')).stdout.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { schema: 1, files: [photo], faces: [{ person: 'Ann', state: 'confirmed', probability: 1 }] },
  ]);
  expect((await run('--picasa', '--dry-run')).stdout).toBe(
    `${join(folder, 'photos', '.picasa.ini')}\n  + Ann\n1 file would be written, 0 photos had their names already.\n`,
  );
  expect((await run('--picasa')).stdout).toBe('1 file written, 0 photos had their names already.\n');
  expect(JSON.parse((await run('--picasa', 'photos', '--json')).stdout)).toMatchObject({ unchanged: 1 });

  for (const args of [
    [],
    ['--csv', '--picasa'],
    ['--csv', '--json'],
    ['a.onnx', 'b.onnx'],
    ['a.onnx', '--dry-run'],
  ])
    expect([args, (await run(...args)).status]).toEqual([args, 2]);
});
