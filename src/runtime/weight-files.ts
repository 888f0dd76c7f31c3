/** Reads the files that networks are made of, and holds them to their sums. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';
import type { WeightFile } from '../models/weight-file.ts';
import { ownWeights, remedyForOwnFiles } from './own-files.ts';

const require = createRequire(import.meta.url);

/** Throws `bad-weights` where the file cannot be read, or is not the one that the pack names. */
export async function readVerified(file: WeightFile): Promise<Uint8Array> {
  const named = nameOf(file);
  const remedy =
    'folder' in file
      ? 'Remove the model (whosin models remove), and pull or add it again.'
      : remedyForOwnFiles;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(pathOf(file));
  } catch (error) {
    throw new WhosinError('bad-weights', `Cannot read ${named}: ${reasonOf(error)}. ${remedy}`, {
      cause: error,
    });
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== file.sha256) {
    throw new WhosinError(
      'bad-weights',
      `${named} has sha256 ${sha256}, expected ${file.sha256}: the file is damaged or of another version. ${remedy}`,
    );
  }
  return bytes;
}

/** For messages: where a person finds the file. */
export function nameOf(file: WeightFile): string {
  if ('own' in file) return `weights/${file.own}`;
  return 'folder' in file ? join(file.folder, file.path) : `${file.path} of the npm package ${file.package}`;
}

function pathOf(file: WeightFile): string {
  if ('own' in file) return ownWeights(file.own);
  if ('folder' in file) return join(file.folder, file.path);
  // A package may hide its package.json, but not where its main file lies: in the folder of its name.
  const main = require.resolve(file.package);
  const name = join('node_modules', ...file.package.split('/'));
  return join(main.slice(0, main.lastIndexOf(name) + name.length), file.path);
}
