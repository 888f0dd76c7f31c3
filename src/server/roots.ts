/** The folders below which the server reads photos, and nothing else. */

import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve, sep } from 'node:path';
import { WhosinError } from '../errors.ts';

/**
 * The path without links. Throws `refused` for one outside the folders that the server may read, whatever links lead there.
 *
 * @param path `~/Pictures` is in the user's folder, as in a shell
 */
export async function below(roots: readonly string[], path: string): Promise<string> {
  const real = await realpath(resolve(path.replace(/^~(?=$|[\\/])/, homedir()))).catch(() => {
    throw new WhosinError('not-found', `There is no ${path}.`);
  });
  if (roots.some((root) => real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)))
    return real;
  throw new WhosinError(
    'refused',
    `${path} is outside the folders that this server may read (${roots.join(', ')}): start it with --root to allow another one.`,
  );
}

/** The job may have waited for hours: throws `not-found` if nothing of it is there any more, `refused` as `below` does. */
export async function requireSome(roots: readonly string[], paths: readonly string[]): Promise<void> {
  const failures: WhosinError[] = [];
  for (const path of paths) {
    await below(roots, path).catch((error: WhosinError) => {
      if (error.code !== 'not-found') throw error;
      failures.push(error);
    });
  }
  // The others are read, and those that are gone stand in the answer.
  if (failures.length === paths.length) throw failures[0]!;
}
