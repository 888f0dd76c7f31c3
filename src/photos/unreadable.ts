/** Why a file or folder cannot be read, in words. */

import { reasonOf, WhosinError } from '../errors.ts';

/** Why the system refused to read this, without the path: "permission denied". */
export function refusal(path: string, error: unknown): string {
  const reason = reasonOf(error);
  return mayBeMisread(path) ? `${reason} (is its name valid UTF-8?)` : reason;
}

/** Node shows bytes of a name that are not UTF-8 as U+FFFD, and then finds no file of that name. */
export function mayBeMisread(path: string): boolean {
  return path.includes('\uFFFD');
}

/** "Cannot read a.jpg: permission denied." */
export function unreadable(path: string, error: unknown): WhosinError {
  const why = refusal(path, error);
  const reason = `cannot be read: ${why}`;
  return new WhosinError('not-found', `Cannot read ${path}: ${why}.`, { cause: error, path, reason });
}
