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
}

/** Results that are kept at once: fewer would wait for the disk more often, more would be lost where a run is killed. */
const batch = 64;

/** Milliseconds after which fewer are kept: a video takes minutes. */
const longestBatch = 2000;

/** Stops after what is under way where the signal says so; what was read until then is kept. */
export async function workThrough<J, R>(work: Work<J, R>, { signal, now }: WorkOptions): Promise<void> {
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
  const flush = async (): Promise<void> => {
    const done = results;
    results = [];
    if (done.length > 0) await work.keep(done);
    began = now();
  };
  try {
    for await (const result of work.read(jobs())) {
      results.push(result);
      if (results.length >= batch || now() - began >= longestBatch) await flush();
    }
  } finally {
    await flush();
  }
}
