/**
 * Photos are read by several threads, the calling one among them, each with networks of its own that take one core: a
 * network shared by all cores leaves them waiting for each other after every layer, and one of them alone does what
 * lies between files and networks.
 */

import { createRequire } from 'node:module';
import { type Worker, workerData } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { type ErrorCode, stopIfAborted, WhosinError } from '../errors.ts';
import { openDoor } from './door.ts';
import { forgetMemory } from './photo-memory.ts';
import {
  type CountedThread,
  closedBefore,
  countTasks,
  endOfLoading,
  endTasks,
  forgetTasks,
  runTask,
  tasksEnded,
} from './thread-tasks.ts';

export interface PhotoThreads<T> {
  /** How many photos it takes to keep all threads at work. */
  readonly atOnce: number;
  /**
   * @param bytes of the photo's file
   * @param name for messages
   * @throws WhosinError as the threads' work does; `cancelled` if it was closed before the photo was read, `usage`
   *   once it is closed
   */
  readonly read: ReadBytes<T>;
  /** Waits for the photos that are inside a network; those that wait for one are refused. */
  close(): Promise<void>;
}

/** `signal`: nobody waits for the answer any more, so that a photo that has not begun need not. */
export type ReadBytes<T> = (bytes: Uint8Array, name: string, signal?: AbortSignal) => Promise<T>;

export interface PhotoThreadsOptions<T, Setting> {
  /** The calling thread among them. */
  readonly threads: number;
  /** How many photos a thread has in hand: while one runs through its networks others are decoded. */
  readonly photosAThread: number;
  /** How the calling thread reads one. */
  readonly readHere: ReadBytes<T>;
  /** The module of the other threads, whose `readPhoto` is what `photoWork` made. It imports this file first. */
  readonly module: URL;
  /** Sent to each thread, so without functions; made once, before they start. */
  readonly setting: () => Promise<Setting>;
}

export interface Task {
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** An error would lose its code on the way from thread to thread. */
export type Result<T> =
  | { readonly done: T }
  | {
      readonly code: ErrorCode;
      readonly message: string;
      readonly path: string | undefined;
      readonly reason: string | undefined;
    };

/** The data that a thread starts with. */
interface ThreadData<Setting> extends CountedThread {
  readonly setting: Setting;
}

/** Those who read, and how many more photos they can take in hand. */
interface Hands<T> {
  readonly read: ReadBytes<T>;
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
  const { threads, photosAThread, readHere } = options;
  const door = openDoor();
  let pool: Promise<Pool<T>> | undefined;
  const here: Hands<T> = { read: readHere, free: photosAThread };
  const others: Hands<T> = {
    async read(bytes, name) {
      pool ??= openPool(options, threads - 1);
      return (await pool).read(bytes, name);
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
  const read: ReadBytes<T> = async (bytes, name, signal) => {
    const hands = take() ?? (await new Promise<Hands<T>>((give, refuse) => waiting.push({ give, refuse })));
    try {
      stopIfAborted(signal);
      return await hands.read(bytes, name);
    } finally {
      const next = waiting.shift();
      if (next) next.give(hands);
      else hands.free++;
    }
  };
  return {
    // Some more wait for a hand: answers are given in order, and the one that is due may take long.
    atOnce: threads * (photosAThread + 2),
    read: (...args) => door.enter(() => read(...args)),
    async close() {
      // If they could not be started, every photo has reported it.
      const started = async (): Promise<Pool<T> | undefined> => pool?.catch(() => undefined);
      const closed = door.close(async () => (await started())?.close());
      for (const { refuse } of waiting.splice(0)) refuse(closedBefore());
      (await started())?.stop();
      await closed;
    },
  };
}

/** One more waits in the thread itself: the calling thread may be busy when it is done. */
const inAThread = (photosAThread: number): number => photosAThread + 1;

/** The other threads. */
interface Pool<T> {
  readonly read: ReadBytes<T>;
  /** Photos that are under way are refused: none begins any more, and those that began stop soon. */
  stop(): void;
  /** Ends the threads, when they are at rest. */
  close(): Promise<void>;
}

async function openPool<T, Setting>(
  { module, photosAThread, setting }: PhotoThreadsOptions<T, Setting>,
  threads: number,
): Promise<Pool<T>> {
  const sent = await setting();
  // Not imported, which takes several turns of the event loop: networks that are opened meanwhile make those long.
  const { Piscina: Threads } = createRequire(import.meta.url)('piscina') as typeof import('piscina');
  const tasks = countTasks();
  const data: ThreadData<Setting> = { setting: sent, tasks };
  const pool: Piscina<Task, Result<T>> = new Threads({
    filename: module.href,
    name: 'readPhoto',
    workerData: data,
    // Threads start as photos come, and stay.
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    concurrentTasksPerWorker: inAThread(photosAThread),
    // A thread that sleeps between tasks would not hear from its decoders.
    atomics: 'disabled',
  });
  const watched = new WeakSet<Worker>();
  const watchThreads = (): void => {
    for (const thread of pool.threads) {
      const { threadId } = thread;
      if (watched.has(thread)) continue;
      watched.add(thread);
      // One that ran out of memory ends without ending its tasks.
      thread.once('exit', () => {
        forgetTasks(tasks, threadId);
        forgetMemory(threadId);
      });
    }
  };
  const refusals = new Set<(reason: Error) => void>();
  return {
    async read(bytes, name) {
      const result = await new Promise<Result<T>>((answer, refuse) => {
        refusals.add(refuse);
        const done = (): boolean => refusals.delete(refuse);
        pool.run({ bytes, name }).then(answer, refuse).finally(done);
        watchThreads();
      });
      if ('code' in result) throw new WhosinError(result.code, result.message, result);
      return result.done;
    },
    stop() {
      endTasks(tasks);
      // A thread that has just started may never answer.
      for (const refuse of refusals) refuse(closedBefore());
    },
    async close() {
      await tasksEnded(tasks);
      await pool.destroy();
    },
  };
}

/** The `setting` of the thread's options. */
export const threadSetting: unknown = (workerData as Partial<ThreadData<unknown>> | null)?.setting;

/** The work of a thread that has loaded all that it takes, ready to be called from another one. */
export function photoWork<T>(read: ReadBytes<T>): (task: Task) => Promise<Result<T>> {
  endOfLoading();
  return ({ bytes, name }) =>
    runTask(async () => ({ done: await read(bytes, name) })).catch((error: unknown) => {
      if (!(error instanceof WhosinError)) throw error;
      const { code, message, path, reason } = error;
      return { code, message, path, reason };
    });
}
