/**
 * Checks that a version can go out, and packs it: `npm run release [FOLDER]`. Publishes nothing. Throws nothing away but
 * `dist/`, which is built anew.
 *
 * Checked are the working tree, the tag, the changelog, package.json, and what is in the tarball: only what belongs
 * there, source maps and links that lead somewhere, publint.
 */

import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { extract } from 'tar';
import {
  addressFaults,
  changelogFaults,
  contentFaults,
  type Manifest,
  manifestFaults,
} from './release-checks.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(process.argv[2] ?? root);

function run(command: string, ...args: readonly string[]): string {
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  return execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: [...stdio] }).trim();
}

const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
const tag = `v${manifest.version}`;
const faults = [
  ...(run('git', 'status', '--porcelain') === ''
    ? []
    : ['The working tree has changes that are not committed.']),
  ...(run('git', 'tag', '--list', tag) === '' ? [] : [`There is a tag ${tag} already: raise the version.`]),
  ...changelogFaults(await readFile(join(root, 'CHANGELOG.md'), 'utf8'), manifest.version),
  ...addressFaults(manifest),
  ...manifestFaults(manifest),
];

await rm(join(root, 'dist'), { recursive: true, force: true });
run('npm', 'run', '--silent', 'build');
const [packed] = JSON.parse(
  run('npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder),
) as [{ readonly filename: string; readonly size: number; readonly unpackedSize: number }];
const tarball = join(folder, packed.filename);
const unpacked = await mkdtemp(join(tmpdir(), 'whosin-release-'));
try {
  await extract({ file: tarball, cwd: unpacked, strip: 1 });
  faults.push(...(await contentFaults(unpacked)));
} finally {
  await rm(unpacked, { recursive: true, force: true });
}
const bytes = new Uint8Array(await readFile(tarball)).buffer;
const { messages, pkg } = await publint({ strict: true, pack: { tarball: bytes } });
faults.push(...messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`));

console.log(`${tarball}: ${packed.size} bytes, ${packed.unpackedSize} unpacked`);
for (const fault of faults) console.log(`- ${fault}`);
if (faults.length > 0) {
  console.log(`${tag} cannot go out: ${faults.length} faults, see above.`);
  process.exitCode = 1;
} else {
  console.log(`${tag} can go out. When the tests have passed:\n  git tag ${tag}\n  npm publish ${tarball}`);
}
