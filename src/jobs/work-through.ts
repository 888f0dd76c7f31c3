/**
 * Jobs worked through in this process: taken a few at a time, read side by side, stored in batches. A stored job is
 * done, and any other one is taken again by whoever comes next: a run may be killed at any moment.
 */

export interface Work<J, R> {
  /** The next jobs; none: there are no more. */
  take(): Promise<readonly J[]>;
  /** One result for each job, in order. */
  read(jobs: AsyncIterable<J>): AsyncGenerator<R>;
  /** All of them or none. */
  keep(results: readonly R[]): Promise<void>;
}

export interface WorkOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Reads on while a batch is being kept. */
  readonly ahead?: boolean;
}

/** Results that are kept at once: fewer would wait for the disk more often, more would be lost where a run is killed. */
const batch = 64;

/** While one batch is being kept, the next one may grow to this: those who share a database wait for each other. */
const longestBatchMeanwhile = 512;

/** Milliseconds after which fewer are kept: a video takes minutes. */
const longestBatchTime = 2000;

/** Stops after what is under way where the signal says so; what was read until then is kept. */
export async function workThrough<J, R>(
  work: Work<J, R>,
  { signal, now, ahead = false }: WorkOptions,
): Promise<void> {
  async function* jobs(): AsyncGenerator<J> {
    for (let next = await work.take(); next.length > 0; next = await work.take()) {
      for (const job of next) {
        if (signal?.aborted) return;
        yield job;
      }
    }
  }
  let results: R[] = [];
  let began = now();
  let keeping = Promise.resolve();
  let isKeeping = false;
  /** Begins to keep what there is when the batch before it is kept. Throws if that was not. */
  const flush = async (): Promise<void> => {
    await keeping;
    const done = results;
    results = [];
    began = now();
    if (done.length === 0) return;
    isKeeping = true;
    keeping = work.keep(done).finally(() => {
      isKeeping = false;
    });
    // A failure is thrown by the next one who waits for it; until then it must not count as unhandled.
    keeping.catch(() => {});
    if (!ahead) await keeping;
  };
  const isDue = (): boolean => {
    if (isKeeping) return results.length >= longestBatchMeanwhile;
    return results.length >= batch || now() - began >= longestBatchTime;
  };
  try {
    for await (const result of work.read(jobs())) {
      results.push(result);
      if (isDue()) await flush();
    }
  } finally {
    await flush();
    await keeping;
  }
}
