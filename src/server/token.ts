/** The server's own token: given, or made once and stored for this user alone. */

import { randomBytes } from 'node:crypto';
import { link as hardLink, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';

/** Shorter ones can be guessed. */
const shortestToken = 16;

/** Throws `usage`. */
export function checkToken(token: string): string {
  if (token.length >= shortestToken && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new WhosinError(
    'usage',
    `A token is at least ${shortestToken} letters, digits and signs without spaces: shorter ones can be guessed.`,
  );
}

/** The token of this user, made if there is none; only this user may read the file. @param folder is there */
export async function keptToken(folder: string): Promise<string> {
  const path = join(folder, 'server-token');
  const known = await tokenIn(path);
  if (known !== undefined) return known;
  const made = `${path}.${process.pid}`;
  try {
    await writeFile(made, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
    // An empty file was left by a full disk; if another start has made one meanwhile, that one counts.
    if ((await tokenIn(path)) === undefined) {
      await rm(path, { force: true });
      await hardLink(made, path).catch((error: NodeJS.ErrnoException) =>
        error.code === 'EEXIST' ? undefined : rename(made, path),
      );
    }
  } catch (error) {
    throw WhosinError.about('cannot-write', path, `cannot be written: ${reasonOf(error)}`, error);
  } finally {
    await rm(made, { force: true });
  }
  return (await tokenIn(path))!;
}

/** Undefined if there is no file, or an empty one. */
async function tokenIn(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw WhosinError.about('refused', path, `cannot be read: ${reasonOf(error)}`, error);
  });
  return text.trim() === '' ? undefined : checkToken(text.trim());
}
