import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { killAtWork, openMade } from './kill-trial.ts';

/** The same 200 times: bench/album-kill.ts. */
const moments = [30, 400, 900, 1700];

test('a process that is killed while it adds, names and undoes loses nothing that it was told to have been said', {
  timeout: 300_000,
}, async () => {
  const folder = await temporaryFolder();
  let told = 0;
  for (const [seed, after] of moments.entries()) {
    const killed = await killAtWork(folder, seed + 1, after);
    expect(killed).toMatchObject({ lost: [], problems: [] });
    told += killed.told;
  }
  expect(told).toBeGreaterThan(0);
  // The next one goes on where they were ended: every photo is read, and what was said counts.
  const album = await openMade(folder);
  await album.add([join(folder, 'photos')]);
  const status = await album.status();
  expect(status.files).toMatchObject({ pending: 0, failed: 0 });
  expect(status.faces).toBe(status.photos);
  expect(await album.check()).toEqual([]);
  await album.close();
});
