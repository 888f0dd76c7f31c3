/** Files of whosin's own package: its folder `weights`, and `package.json`. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** As far from `src/runtime` as from `dist/parts` (bundle.config.ts). */
const root = new URL('../../', import.meta.url);

/** The bundler of another program puts this into a file of its own, and leaves the folder `weights` behind. */
const isSwallowed = !/\/(?:src\/runtime\/own-files\.ts|dist\/parts\/[^/]+\.js)$/.test(import.meta.url);

/** The advice for a file of whosin, or of a library that it depends on, that cannot be read. */
export const remedyForOwnFiles = isSwallowed
  ? 'whosin was bundled into another file, away from its weights. Mark it as external, for example with esbuild --external:whosin.'
  : 'Install whosin again.';

/** The path of a file in the folder `weights`. */
export function ownWeights(name: string): string {
  return fileURLToPath(new URL(`weights/${name}`, root));
}

export function ownPackage(): { readonly version: string; readonly description: string } {
  return JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as ReturnType<typeof ownPackage>;
}
