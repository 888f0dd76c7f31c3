/**
 * Photos are read by several threads, each with networks of its own that take one core: a network shared by all
 * cores leaves them waiting for each other after every layer, and one of them alone does what lies between files and
 * networks.
 */

import { Piscina, workerData } from 'piscina';
import { type ErrorCode, WhosinError } from '../errors.ts';

export interface PhotoThreads<T> {
  /** How many photos it takes to keep all threads at work. */
  readonly atOnce: number;
  /**
   * @param bytes of the photo's file
   * @param name for messages
   * @throws WhosinError as the thread's work does
   */
  readonly read: (bytes: Uint8Array, name: string) => Promise<T>;
  close(): Promise<void>;
}

export interface PhotoThreadsOptions<Setting> {
  /** The module of a thread, whose `readPhoto` is what `photoWork` made. */
  readonly module: URL;
  readonly threads: number;
  /** How many photos a thread has in hand: while one runs through its networks others are decoded. */
  readonly photosAThread: number;
  /** Sent to each thread, so without functions; made once, at the first photo. */
  readonly setting: () => Promise<Setting>;
}

export interface Task {
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** An error would lose its code on the way from thread to thread. */
export type Result<T> = { readonly done: T } | { readonly code: ErrorCode; readonly message: string };

/** The networks and photos of a thread take about 150 MB. */
const mostThreads = 8;

/** Threads start as photos come. */
export function openPhotoThreads<T, Setting>(options: PhotoThreadsOptions<Setting>): PhotoThreads<T> {
  const { module, photosAThread, setting } = options;
  const threads = Math.min(options.threads, mostThreads);
  let pool: Promise<Piscina<Task, Result<T>>> | undefined;
  const open = async (): Promise<Piscina<Task, Result<T>>> =>
    new Piscina({
      filename: module.href,
      name: 'readPhoto',
      workerData: await setting(),
      minThreads: 0,
      maxThreads: threads,
      concurrentTasksPerWorker: photosAThread,
      idleTimeout: Number.POSITIVE_INFINITY,
      // A thread that sleeps between tasks would not hear from its decoders.
      atomics: 'disabled',
    });
  return {
    // One more for each, so that a thread that is done finds its next photo waiting.
    atOnce: threads * (photosAThread + 1),
    async read(bytes, name) {
      pool ??= open();
      const result = await (await pool).run({ bytes, name });
      if ('code' in result) throw new WhosinError(result.code, result.message);
      return result.done;
    },
    close: async () => (await pool)?.destroy(),
  };
}

/** What the `setting` of the thread's options was. */
export const threadSetting: unknown = workerData;

/** The work of a thread, ready to be called from another one. */
export function photoWork<T>(read: PhotoThreads<T>['read']): (task: Task) => Promise<Result<T>> {
  return async ({ bytes, name }) => {
    try {
      return { done: await read(bytes, name) };
    } catch (error) {
      if (error instanceof WhosinError) return { code: error.code, message: error.message };
      throw error;
    }
  };
}
