/**
 * Photos are read by several threads, the calling one among them, each with networks of its own that take one core: a
 * network shared by all cores leaves them waiting for each other after every layer, and one of them alone does what
 * lies between files and networks.
 */

import { createRequire } from 'node:module';
import { workerData } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { type ErrorCode, WhosinError } from '../errors.ts';

export interface PhotoThreads<T> {
  /** How many photos it takes to keep all threads at work. */
  readonly atOnce: number;
  /**
   * @param bytes of the photo's file
   * @param name for messages
   * @throws WhosinError as the threads' work does
   */
  readonly read: ReadPhoto<T>;
  close(): Promise<void>;
}

export type ReadPhoto<T> = (bytes: Uint8Array, name: string) => Promise<T>;

export interface PhotoThreadsOptions<T, Setting> {
  /** The calling thread among them. */
  readonly threads: number;
  /** How many photos a thread has in hand: while one runs through its networks others are decoded. */
  readonly photosAThread: number;
  /** How the calling thread reads one. */
  readonly readHere: ReadPhoto<T>;
  /** The module of the other threads, whose `readPhoto` is what `photoWork` made. */
  readonly module: URL;
  /** Sent to each thread, so without functions; made once, before they start. */
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

/** Those who read, and how many more photos they can take in hand. */
interface Hands<T> {
  readonly read: ReadPhoto<T>;
  free: number;
}

/** A photo for which nobody has a hand free. */
interface Waiting<T> {
  readonly give: (hands: Hands<T>) => void;
  readonly refuse: (reason: Error) => void;
}

/**
 * Whoever has hands free takes the next photo. The calling thread takes the first ones, and the others start where there
 * are more.
 */
export function openPhotoThreads<T, Setting>(options: PhotoThreadsOptions<T, Setting>): PhotoThreads<T> {
  const { photosAThread, readHere } = options;
  const threads = Math.min(options.threads, mostThreads);
  let pool: Promise<Piscina<Task, Result<T>>> | undefined;
  const here: Hands<T> = { read: readHere, free: photosAThread };
  const others: Hands<T> = {
    async read(bytes, name) {
      pool ??= openPool(options, threads - 1);
      const result = await (await pool).run({ bytes, name });
      if ('code' in result) throw new WhosinError(result.code, result.message);
      return result.done;
    },
    free: (threads - 1) * inAThread(photosAThread),
  };
  const waiting: Waiting<T>[] = [];
  const take = (): Hands<T> | undefined => {
    // It also does what lies between photos, so those that are running come before it.
    const hands = (pool ? [others, here] : [here, others]).find(({ free }) => free > 0);
    if (hands) hands.free--;
    return hands;
  };
  return {
    // Some more wait for a hand: answers are given in order, and the one that is due may take long.
    atOnce: threads * (photosAThread + 2),
    async read(bytes, name) {
      const hands = take() ?? (await new Promise<Hands<T>>((give, refuse) => waiting.push({ give, refuse })));
      try {
        return await hands.read(bytes, name);
      } finally {
        const next = waiting.shift();
        if (next) next.give(hands);
        else hands.free++;
      }
    },
    async close() {
      for (const { refuse } of waiting.splice(0)) refuse(new Error('closed before this photo was read'));
      await (await pool)?.destroy();
    },
  };
}

/** One more waits in the thread itself: the calling thread may be busy when it is done. */
const inAThread = (photosAThread: number): number => photosAThread + 1;

async function openPool<T, Setting>(
  { module, photosAThread, setting }: PhotoThreadsOptions<T, Setting>,
  threads: number,
): Promise<Piscina<Task, Result<T>>> {
  const sent = await setting();
  // Not imported, which takes several turns of the event loop: networks that are opened meanwhile make those long.
  const { Piscina } = createRequire(import.meta.url)('piscina') as typeof import('piscina');
  return new Piscina({
    filename: module.href,
    name: 'readPhoto',
    workerData: sent,
    // Threads start as photos come, and stay.
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    concurrentTasksPerWorker: inAThread(photosAThread),
    // A thread that sleeps between tasks would not hear from its decoders.
    atomics: 'disabled',
  });
}

/** What the `setting` of the thread's options was. */
export const threadSetting: unknown = workerData;

/** The work of a thread, ready to be called from another one. */
export function photoWork<T>(read: ReadPhoto<T>): (task: Task) => Promise<Result<T>> {
  return async ({ bytes, name }) => {
    try {
      return { done: await read(bytes, name) };
    } catch (error) {
      if (error instanceof WhosinError) return { code: error.code, message: error.message };
      throw error;
    }
  };
}
