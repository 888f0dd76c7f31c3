/** The one kind of work that leaves a machine: read a photo or video, by its content and the recipe. */

import type { Tables } from '../catalog/catalog.ts';

/** Videos take minutes: they wait until no photo waits. */
export type JobKind = 'photo' | 'video';

export interface NewReadJob {
  readonly sha256: string;
  readonly kind: JobKind;
  /** Somebody waits for it: it comes before those for which nobody does. */
  readonly urgent: boolean;
}

export interface ReadJob {
  readonly id: string;
  readonly sha256: string;
  readonly kind: JobKind;
}

/** A job that was tried too often. */
export interface DeadJob extends ReadJob {
  /** The last fault; undefined: whoever had it was killed, or did not come to an end. */
  readonly reason: string | undefined;
}

/**
 * All jobs are for one recipe. A job is there once, however often it is put, until it is done; one that was taken comes
 * back if it is not renewed. So it may be read twice, and is never lost.
 */
export interface ReadQueue {
  /** Within the transaction that notes that the files wait. */
  put(tables: Tables, jobs: readonly NewReadJob[]): Promise<void>;
  /** The next ones, the urgent ones first; none: there is none now. */
  take(kind: JobKind, limit: number): Promise<readonly ReadJob[]>;
  /** Within the transaction that keeps what was read. */
  done(tables: Tables, jobs: readonly ReadJob[]): Promise<void>;
  /** They are tried again after a while, longer each time; at last they are dead. */
  later(jobs: readonly ReadJob[], reason: string): Promise<void>;
  /** Jobs that nobody has begun, to be taken at once. */
  giveBack(jobs: readonly ReadJob[]): Promise<void>;
  /** They are under way still. */
  renew(jobs: readonly ReadJob[]): Promise<void>;
  /** Takes jobs from those who have not renewed them. */
  takeBack(): Promise<void>;
  dead(limit: number): Promise<readonly DeadJob[]>;
  bury(tables: Tables, jobs: readonly DeadJob[]): Promise<void>;
  /** Jobs that wait, and those that are under way too. */
  count(): Promise<{ readonly waiting: number; readonly open: number }>;
}
