/** A server opens whosin for months: what is closed leaves nothing behind. bench/leaks.ts does a thousand rounds. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { leftBy } from './leak-trial.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { warmHome } from './warm-home.ts';

test.each([
  ['opened, asked and closed', 'open', [5, 20]],
  ['asked while it stays open', 'identify', [50, 1000]],
] as const)('whosin leaves no handle, no open file and no memory behind: %s', async (_, work, parts) => {
  const folder = await temporaryFolder();
  await warmHome(join(folder, 'home'));
  // The libraries take memory for themselves, once: in the first part.
  const [, before, after] = await leftBy(work, folder, parts);
  expect(after!.rounds).toBe(parts[0] + parts[1]);
  expect(after!.files).toBeLessThanOrEqual(before!.files);
  expect(after!.handles).toBeLessThanOrEqual(before!.handles + 1);
  // A network that was not freed takes 5 to 30 MB each time: 100 MB at the least.
  expect(after!.memory - before!.memory).toBeLessThan(50);
});
