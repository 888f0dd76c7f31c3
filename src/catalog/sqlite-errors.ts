/** What SQLite says when something goes wrong, as a sentence that a person can act on. */

import { reasonOf, WhosinError } from '../errors.ts';

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** Somebody else is writing. */
export function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));
}

/** The same error where it is none of SQLite's. */
export function sqliteFailure(error: unknown, path: string): unknown {
  if (error instanceof WhosinError) return error;
  const code = codeOf(error);
  const about = (kind: 'not-an-album' | 'cannot-write' | 'in-use', reason: string): WhosinError =>
    WhosinError.about(kind, path, reason, error);
  if (code.startsWith('SQLITE_NOTADB'))
    return about('not-an-album', 'is no album: the file is something else');
  if (code.startsWith('SQLITE_CORRUPT')) {
    return about(
      'not-an-album',
      'is damaged: put back a copy of the file, or begin anew and restore what was said (whosin album restore)',
    );
  }
  if (code.startsWith('SQLITE_FULL')) {
    return about('cannot-write', 'cannot be written: the disk is full; nothing was changed');
  }
  if (code.startsWith('SQLITE_READONLY')) return about('cannot-write', 'cannot be written: it is read-only');
  if (code.startsWith('SQLITE_IOERR')) {
    return about('cannot-write', `cannot be written or read: the disk fails (${reasonOf(error)})`);
  }
  if (code.startsWith('SQLITE_CANTOPEN') || reasonOf(error).startsWith('ConnectionFailed')) {
    return about('cannot-write', 'cannot be opened: is its folder there, and may it be written?');
  }
  if (isBusy(error))
    return about('in-use', 'is being written by another whosin that does not come to an end');
  return error;
}
