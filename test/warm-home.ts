import { link, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { graphFolders } from '../src/runtime/graph-files.ts';

/** Puts the compiled networks into a WHOSIN_HOME: compiling them there takes longer than most tests. */
export async function warmHome(home: string): Promise<void> {
  const from = inject('networks');
  for (const folder of Object.values(graphFolders)) {
    await mkdir(join(home, folder), { recursive: true });
    for (const file of await readdir(join(from, folder))) {
      await link(join(from, folder, file), join(home, folder, file));
    }
  }
}
