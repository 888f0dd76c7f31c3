/** Jobs that this process has taken: they are renewed while it lives, and given back when it ends in good order. */

import type { JobKind, ReadJob, ReadQueue } from './read-queue.ts';

export interface Leases {
  take(jobs: readonly ReadJob[]): void;
  /** They are done, or were put off. */
  end(jobs: readonly ReadJob[]): void;
  close(): Promise<void>;
}

export interface LeasesOptions {
  /** Milliseconds between two signs of life. */
  readonly every: number;
  /** Milliseconds after which a job that is still under way will never come to an end. */
  readonly longest: Readonly<Record<JobKind, number>>;
  /** Told of such a job once; it is not renewed any more. */
  readonly onHang: (job: ReadJob) => void;
  /** Milliseconds. */
  readonly clock: () => number;
}

export function openLeases(queue: ReadQueue, { every, longest, onHang, clock }: LeasesOptions): Leases {
  const held = new Map<string, { readonly job: ReadJob; readonly since: number }>();
  const beat = async (): Promise<void> => {
    const alive: ReadJob[] = [];
    for (const { job, since } of held.values()) {
      if (clock() - since <= longest[job.kind]) alive.push(job);
      else {
        held.delete(job.id);
        onHang(job);
      }
    }
    // A database that is away for a moment finds the jobs as they were, or gives them to others: they are read twice.
    await queue.renew(alive).catch(() => {});
    await queue.takeBack().catch(() => {});
  };
  const timer = setInterval(() => void beat(), every);
  return {
    take(jobs) {
      for (const job of jobs) held.set(job.id, { job, since: clock() });
    },
    end(jobs) {
      for (const { id } of jobs) held.delete(id);
    },
    async close() {
      clearInterval(timer);
      const left = [...held.values()].map(({ job }) => job);
      held.clear();
      await queue.giveBack(left).catch(() => {});
    },
  };
}
