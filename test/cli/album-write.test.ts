import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openMadeAlbum, writeMadePhoto } from '../album/made-album.ts';
import { description, mwgElements, packet } from '../photos/regions/xmp-text.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { setUpCalls } from './call-whosin.ts';

const whosin = setUpCalls();

test('whosin album write: a dry run shows the changes, a second run has nothing to do, --json', async () => {
  const folder = await temporaryFolder();
  const photo = join(folder, 'photos', 'a.jpg');
  await writeMadePhoto(photo, [
    { who: 0, take: 0 },
    { who: 1, take: 0 },
  ]);
  const album = await openMadeAlbum(folder);
  await album.add([join(folder, 'photos')]);
  await album.correct({ kind: 'is', person: 'Ann', faces: [`${photo}#1`] });
  await album.correct({ kind: 'is', person: 'Bob', faces: [`${photo}#2`] });
  await writeFile(
    `${photo}.xmp`,
    packet(description(mwgElements([{ name: 'Bob', x: 0.11, y: 0.175, w: 0.12, h: 0.15 }]))),
  );
  await album.close();
  const db = join(folder, '.home', 'album.db');
  const run = (...args: string[]) => whosin(['album', 'write', '--album', db, ...args], { cwd: folder });
  expect(await run('--dry-run')).toMatchObject({
    status: 0,
    stdout: `${photo}.xmp\n  Bob → Ann\n  + Bob\n1 file would be written, 0 photos had their names already.\n`,
  });
  expect((await run()).stdout).toBe('1 file written, 0 photos had their names already.\n');
  expect(JSON.parse((await run('--json')).stdout)).toEqual({
    schema: 1,
    dryRun: false,
    files: [],
    unchanged: 1,
    failed: [],
  });
});
