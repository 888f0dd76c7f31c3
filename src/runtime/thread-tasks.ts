/**
 * Threads end between tasks, never inside one. The bindings of ONNX Runtime and libvips hand their results to a thread that
 * runs JavaScript; where that thread was ended meanwhile they take the process with it ("terminate called after throwing an
 * instance of 'Napi::Error'", status 134). So the tasks of all threads are counted in memory that they share, and to load
 * those libraries is a thread's first task. Once the end is near no task begins, and those that run stop before their
 * next network.
 */

import { setTimeout as wait } from 'node:timers/promises';
import { threadId, workerData } from 'node:worker_threads';
import { WhosinError } from '../errors.ts';

/** Memory that the thread that starts others shares with them: numbers, for `Atomics`. */
type TaskCount = Int32Array<SharedArrayBuffer>;

/** Part of what a thread starts with. */
export interface CountedThread {
  readonly tasks: TaskCount;
}

/** Their places: whether the end is near, and how many tasks run; behind them, those of each thread. */
const [ending, running] = [0, 1];
const placeOf = (thread: number): number => 2 + (thread % threads);

/** Two threads share a place only if as many lie between them. */
const threads = 1024;

/** Milliseconds: longer than any photo takes. */
const patience = 60_000;

const counts = new Set<TaskCount>();

/** The process waits for these tasks before it ends, until they are `forgotten`. */
export function countTasks(): TaskCount {
  const count = new Int32Array(new SharedArrayBuffer((2 + threads) * Int32Array.BYTES_PER_ELEMENT));
  if (counts.size === 0) process.on('exit', endAllTasks);
  counts.add(count);
  return count;
}

/** No task begins any more, and those that run stop soon. */
export function endTasks(count: TaskCount): void {
  Atomics.store(count, ending, 1);
}

/** When no task runs any more, threads may be ended; the process then waits for them no longer. */
export async function tasksEnded(count: TaskCount): Promise<void> {
  endTasks(count);
  while (Atomics.load(count, running) > 0) await wait(5);
  counts.delete(count);
  if (counts.size === 0) process.off('exit', endAllTasks);
}

/** `process.exit` and errors that nobody catches end all threads at once: it waits here, when nothing else runs any more. */
function endAllTasks(): void {
  for (const count of counts) endTasks(count);
  for (const count of counts) {
    for (let left = Atomics.load(count, running); left > 0; left = Atomics.load(count, running)) {
      if (Atomics.wait(count, running, left, patience) === 'timed-out') break;
    }
  }
}

/** The count that this thread's tasks belong to; none in a thread that was not started for tasks. */
const own = (workerData as Partial<CountedThread> | null)?.tasks;

// Evaluated before what the thread loads: see photo-threads.ts.
if (own) {
  begin(own);
  if (isEnding(own)) sleepUntilTheEnd(own);
}

/** The thread has loaded everything. */
export function endOfLoading(): void {
  end(own!);
}

/** Runs a task of this thread. Throws `cancelled` where it may not begin any more. */
export async function runTask<T>(task: () => Promise<T>): Promise<T> {
  begin(own!);
  try {
    stopIfEnding();
    return await task();
  } finally {
    end(own!);
  }
}

/** Throws `cancelled` where this thread is about to end. */
export function stopIfEnding(): void {
  if (own && isEnding(own)) throw closedBefore();
}

export function closedBefore(): WhosinError {
  return new WhosinError('cancelled', 'Stopped: whosin was closed before this photo was read.');
}

/** Before it looks whether the end is near: either it sees that, or who ends the threads sees the task. */
function begin(count: TaskCount): void {
  Atomics.add(count, placeOf(threadId), 1);
  Atomics.add(count, running, 1);
}

function end(count: TaskCount): void {
  Atomics.sub(count, placeOf(threadId), 1);
  Atomics.sub(count, running, 1);
  Atomics.notify(count, running);
}

/** Ends the tasks of a thread that is no more. */
export function forgetTasks(count: TaskCount, thread: number): void {
  Atomics.sub(count, running, Atomics.exchange(count, placeOf(thread), 0));
  Atomics.notify(count, running);
}

function isEnding(count: TaskCount): boolean {
  return Atomics.load(count, ending) === 1;
}

function sleepUntilTheEnd(count: TaskCount): void {
  end(count);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
