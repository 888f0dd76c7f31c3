/** A process that is killed leaves a temporary file; the next one that writes there removes it, and nothing else. */

import { randomUUID } from 'node:crypto';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('files of killed processes go with the next write, those of living ones and of people stay', async () => {
  const folder = await temporaryFolder();
  const old = [`.whosin-${randomUUID()}.tmp`, `graph.onnx.${randomUUID()}.tmp`];
  const own = ['.whosin-notes.tmp', 'draft.tmp', `${randomUUID()}.jpg`];
  const fresh = `.whosin-${randomUUID()}.tmp`;
  for (const name of [...old, ...own, fresh]) await writeFile(join(folder, name), 'half of it');
  const yesterday = Date.now() / 1000 - 24 * 3600;
  for (const name of [...old, ...own]) await utimes(join(folder, name), yesterday, yesterday);
  await writeFileAtomically(join(folder, 'people.onnx'), 'whole');
  expect((await readdir(folder)).toSorted()).toEqual([...own, fresh, 'people.onnx'].toSorted());
});
