/** Notes the hashes of a folder's files over and over: run beside another of its kind, and killed. */

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openContentHashes } from '../../src/photos/content-hashes.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';

const [home, folder] = process.argv.slice(2) as [string, string];
for (let round = 0; round < 30; round++) {
  const hashes = openContentHashes(home, writeFileAtomically, () => Date.now() + 60_000);
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    await hashes.reading(path, async () => ({
      sha256: createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    }));
  }
  await hashes.flush();
  process.stdout.write(`round ${round}\n`);
}
