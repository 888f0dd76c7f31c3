/** Work on a database that may be away for a while: it is done again when the database is back. */

import pRetry from 'p-retry';
import { type ErrorCode, WhosinError } from '../errors.ts';

/** Milliseconds. */
const [first, longest] = [100, 2000];

/** The database is away, or others were in the way. */
const passing: ReadonlySet<ErrorCode> = new Set(['no-database', 'in-use']);

/** @param work may be done twice: a connection that breaks does not tell whether the last statement was carried out */
export async function patiently<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return pRetry(work, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: first,
    maxTimeout: longest,
    shouldRetry: ({ error }) =>
      error instanceof WhosinError && passing.has(error.code) && signal?.aborted !== true,
  });
}
