import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/**
 * An empty folder for all tests of a file, gone when they are over. Its path is there from `beforeAll` on; asked for
 * earlier it throws: an empty path once put 40 MB of networks into the repository.
 */
export function sharedFolder(): { readonly path: string } {
  let path: string | undefined;
  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), 'whosin-test-'));
  });
  afterAll(() => rm(path!, { recursive: true, force: true }));
  return {
    get path() {
      if (path === undefined) throw new Error('The folder of these tests is not there before beforeAll.');
      return path;
    },
  };
}
