/** The six photos that come with whosin, in a package of its weights: people in rooms and out of doors. */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export const samplePhotos: readonly string[] = [1, 2, 3, 4, 5, 6].map((n) => `sample${n}.jpg`);

export function samplePath(name: string): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo', name);
}
