/**
 * Compiled networks on disk. A network is compiled from its weights at first use and kept under a name that
 * holds the sha256 of its weights and the compiler's version, so a changed weight file or compiler never
 * meets an old graph. Two processes may compile at once: both write the same bytes, the last rename stays.
 */

import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';
import type { NetworkSpec, WeightFile } from '../models/pack.ts';
import { writeFileAtomically } from './atomic-file.ts';

const require = createRequire(import.meta.url);

/** The path of the compiled network, compiling it where it is not there yet or `again` is asked for. */
export async function compiledNetwork(
  spec: NetworkSpec,
  home: string,
  { again = false }: { readonly again?: boolean } = {},
): Promise<string> {
  const key = `${spec.weights.sha256.slice(0, 16)}-v${spec.compilerVersion}`;
  const path = join(home, 'models', `${spec.name}-${key}.onnx`);
  if (!again && (await exists(path))) return path;
  const [manifest, bytes] = await Promise.all([readVerified(spec.manifest), readVerified(spec.weights)]);
  await writeFileAtomically(path, spec.compile(new TextDecoder().decode(manifest), bytes, spec.weights.path));
  return path;
}

async function readVerified(file: WeightFile): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(await packageFolder(file.package), file.path));
  } catch (error) {
    throw new WhosinError(
      'bad-weights',
      `Cannot read ${file.path} of the npm package ${file.package}: ${reasonOf(error)}. Install whosin again.`,
      { cause: error },
    );
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== file.sha256) {
    throw new WhosinError(
      'bad-weights',
      `${file.path} of the npm package ${file.package} has sha256 ${sha256}, expected ${file.sha256}: the file is damaged or of another version. Install whosin again.`,
    );
  }
  return bytes;
}

/** Some packages export their program alone, so the folder is looked for where Node looks, not resolved. */
async function packageFolder(name: string): Promise<string> {
  for (const folder of require.resolve.paths(name) ?? []) {
    if (await exists(join(folder, name, 'package.json'))) return join(folder, name);
  }
  throw new Error('the package is not installed');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
