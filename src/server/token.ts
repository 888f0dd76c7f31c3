/**
 * Who may come in: a program with the token in a header, a browser with a cookie that a link gave it. The link opens
 * once; the cookie is signed with the token, so that it outlives a restart and ends with the token.
 */

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { link as hardLink, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';

export interface Doorkeeper {
  /** What goes behind `/?token=`; good for one visit. */
  link(): string;
  /** The cookie's value if the link is good, which then is good no more. */
  redeem(link: string): string | undefined;
  isToken(token: string): boolean;
  isCookie(value: string): boolean;
}

/** Milliseconds. */
const linkLasts = 10 * 60_000;
export const cookieLasts = 90 * 24 * 3_600_000;

/** Shorter ones can be guessed. */
const shortestToken = 16;

export function openDoorkeeper(token: string, now: () => number = Date.now): Doorkeeper {
  const links = new Map<string, number>();
  const sign = (text: string): string => createHmac('sha256', token).update(text).digest('base64url');
  return {
    link() {
      const link = randomBytes(24).toString('base64url');
      links.set(link, now() + linkLasts);
      return link;
    },
    redeem(link) {
      const until = links.get(link);
      links.delete(link);
      if (until === undefined || until < now()) return undefined;
      const text = `${now() + cookieLasts}.${randomBytes(9).toString('base64url')}`;
      return `${text}.${sign(text)}`;
    },
    isToken: (given) => isSame(given, token),
    isCookie(value) {
      const end = value.lastIndexOf('.');
      const text = value.slice(0, end);
      return end > 0 && isSame(value.slice(end + 1), sign(text)) && Number(text.split('.')[0]) > now();
    },
  };
}

/** Takes the same time wherever they differ. */
function isSame(a: string, b: string): boolean {
  const [x, y] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(x!, y!);
}

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
