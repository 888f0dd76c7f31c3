/** Work on many things at once whose results come in the order of the things. */

import { cancelled } from '../errors.ts';

/** Yields the result of `work` for each, in order, while it goes on with some of those behind. */
export async function* inTurn<T, R>(
  source: AsyncIterable<T> | Iterable<T>,
  behind: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const pending: Promise<R>[] = [];
  for await (const item of source) {
    const result = work(item);
    // A failure is thrown when its turn comes; until then it must not count as unhandled.
    result.catch(() => {});
    pending.push(result);
    if (pending.length > behind) yield pending.shift()!;
  }
  yield* pending;
}

/** The same items, until the signal ends them with WhosinError `cancelled`, at once: whoever makes them may still be busy. */
export async function* untilAborted<T>(
  items: AsyncGenerator<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  try {
    for (;;) {
      const next = await unlessAborted(items.next(), signal);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    const ended = items.return(undefined);
    if (signal?.aborted) ended.catch(() => {});
    else await ended;
  }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(cancelled());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
