/** Long work: it is begun by one request, seen by many, and can be stopped. One job of a kind runs at a time. */

import { stopIfAborted, WhosinError } from '../errors.ts';
import { type Problem, problemOf } from './problems.ts';

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface Job {
  readonly id: number;
  readonly kind: string;
  /** Names the work in words. */
  readonly title: string;
  readonly state: JobState;
  /** The stage, and how much of it is done. */
  readonly progress: { readonly stage: string; readonly done: number; readonly total: number } | null;
  /** As ISO 8601 writes it. */
  readonly created: string;
  readonly ended: string | null;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly error: Problem | null;
}

export interface JobWork {
  readonly kind: string;
  readonly title: string;
  /** Waited for at the end, whatever it was: stopped before it began, too. */
  readonly end?: () => Promise<void>;
  readonly run: (how: {
    readonly signal: AbortSignal;
    readonly onProgress: (progress: NonNullable<Job['progress']>) => void;
  }) => Promise<object>;
}

export interface Jobs {
  start(work: JobWork): Job;
  all(): readonly Job[];
  /** Throws `not-found`. */
  get(id: number): Job;
  /** Asks it to stop; what it has done until then stays. Throws `not-found`. */
  cancel(id: number): Job;
  /** Stops all, and waits for them. */
  close(): Promise<void>;
}

/** Ended ones that are remembered. */
const remembered = 200;

/** @param onChange told of every change of a job */
export function openJobs(onChange: (job: Job) => void, now: () => number = Date.now): Jobs {
  const jobs = new Map<number, { job: Job; readonly stop: AbortController }>();
  const ends = new Map<string, Promise<void>>();
  let last = 0;

  const change = (id: number, changes: Partial<Job>): void => {
    const entry = jobs.get(id)!;
    entry.job = { ...entry.job, ...changes };
    onChange(entry.job);
  };
  const time = (): string => new Date(now()).toISOString();
  const find = (id: number) => {
    const entry = jobs.get(id);
    if (entry) return entry;
    throw new WhosinError('not-found', `There is no job ${id}.`);
  };

  const perform = async (id: number, { run, end }: JobWork): Promise<void> => {
    const { stop } = jobs.get(id)!;
    try {
      stopIfAborted(stop.signal);
      change(id, { state: 'running' });
      const onProgress = (progress: NonNullable<Job['progress']>): void => change(id, { progress });
      const result = await run({ signal: stop.signal, onProgress });
      await end?.();
      change(id, { state: 'done', ended: time(), result: { ...result } });
    } catch (error) {
      await end?.();
      const isCancelled = error instanceof WhosinError && error.code === 'cancelled';
      const state = isCancelled ? 'cancelled' : 'failed';
      change(id, { state, ended: time(), ...(!isCancelled && { error: problemOf(error) }) });
    }
  };

  return {
    start(work) {
      const id = ++last;
      const { kind, title } = work;
      const job: Job = {
        id,
        kind,
        title,
        state: 'queued',
        progress: null,
        created: time(),
        ended: null,
        result: null,
        error: null,
      };
      jobs.set(id, { job, stop: new AbortController() });
      onChange(job);
      ends.set(
        kind,
        (ends.get(kind) ?? Promise.resolve()).then(() => perform(id, work)),
      );
      for (const [
        old,
        {
          job: { ended },
        },
      ] of jobs) {
        if (jobs.size <= remembered) break;
        if (ended !== null) jobs.delete(old);
      }
      return job;
    },
    all: () => [...jobs.values()].map(({ job }) => job).toReversed(),
    get: (id) => find(id).job,
    cancel(id) {
      const entry = find(id);
      entry.stop.abort();
      return entry.job;
    },
    async close() {
      for (const { stop } of jobs.values()) stop.abort();
      await Promise.all(ends.values());
    },
  };
}
