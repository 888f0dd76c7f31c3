/** Files of whosin's own package: its folder `weights`, and `package.json`. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

/** The path of a file in the folder `weights`. */
export function ownWeights(name: string): string {
  return fileURLToPath(new URL(`weights/${name}`, root));
}

export function ownPackage(): { readonly version: string; readonly description: string } {
  return JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as ReturnType<typeof ownPackage>;
}
