/** What PostgreSQL says when something goes wrong, as a sentence that a person can act on. */

import { type ErrorCode, reasonOf, WhosinError } from '../errors.ts';

/** By the codes of PostgreSQL ("PostgreSQL Error Codes", an appendix of its documentation), the beginnings of them. */
const known: readonly (readonly [start: string, code: ErrorCode, reason: string])[] = [
  ['28', 'refused', 'does not let you in: give the password in PGPASSWORD or ~/.pgpass'],
  ['3D000', 'not-found', 'is not there: make the database with `createdb`'],
  ['42501', 'refused', 'does not let you do this: its owner must grant you the right'],
  ['53100', 'cannot-write', 'cannot be written: the disk of the database is full; nothing was changed'],
  ['25006', 'cannot-write', 'cannot be written: the database is read-only'],
  ['40', 'in-use', 'was changed by another whosin at that moment: try again'],
  ['55P03', 'in-use', 'is being written by another whosin that does not come to an end'],
  ['53300', 'no-database', 'has no connection free: try again, or raise max_connections of the database'],
  ['57P', 'no-database', 'was ended, or is starting: try again'],
  ['25P03', 'no-database', 'ended a transaction in which nothing happened for too long: try again'],
  ['08', 'no-database', 'cannot be reached: the connection broke; try again'],
  ['XX00', 'not-an-album', 'is damaged: restore a backup of the database'],
];

/** Node's codes of connections that are not made, or break. */
const broken = /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|ENOENT|EHOSTUNREACH|ENETUNREACH)/;

/** The same error where it is none of the database's. */
export function postgresFailure(error: unknown, place: string): unknown {
  if (error instanceof WhosinError) return error;
  const about = (kind: ErrorCode, reason: string): WhosinError =>
    WhosinError.about(kind, place, reason, error);
  const code = codeOf(error);
  const found = known.find(([start]) => code.startsWith(start));
  if (found) return about(found[1], `${found[2]} (${reasonOf(error)})`);
  const isBroken =
    broken.test(code) ||
    /^(Connection terminated|timeout exceeded|Client has encountered a connection error|Client was closed)/i.test(
      reasonOf(error),
    );
  if (isBroken) {
    return about('no-database', `cannot be reached: is the database running? (${reasonOf(error) || code})`);
  }
  return error;
}

/** Two waited for each other, and this one was stopped. */
export function isDeadlock(error: unknown): boolean {
  return codeOf(error) === '40P01';
}

/** Several addresses of one host that all refuse come as one error without a message. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
