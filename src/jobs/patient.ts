/** Work on a database that may be away for a while: it is done again when the database is back. */

import pRetry from 'p-retry';
import { WhosinError } from '../errors.ts';

/** Milliseconds. */
const [first, longest] = [100, 2000];

/** @param work may be done twice: a connection that breaks does not tell whether the last statement was carried out */
export async function patiently<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return pRetry(work, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: first,
    maxTimeout: longest,
    shouldRetry: ({ error }) =>
      error instanceof WhosinError && error.code === 'no-database' && signal?.aborted !== true,
  });
}
