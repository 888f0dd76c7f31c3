/** The measuring data that may lie beside the checkout: real photos that are not ours to ship. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

const root = fileURLToPath(new URL('../../shared/data', import.meta.url));
const present = existsSync(join(root, 'README.md'));

/** The path of something in ../shared/data, for use inside `describeWithSharedData`. */
export function sharedData(...parts: readonly string[]): string {
  return join(root, ...parts);
}

/** A group of tests that is skipped, and says why, where ../shared/data is absent. */
export function describeWithSharedData(name: string, body: () => void): void {
  // oxlint-disable-next-line vitest/valid-title, vitest/valid-describe-callback -- handed through from the caller
  describe.skipIf(!present)(present ? name : `${name} (skipped: ../shared/data is not here)`, body);
}
