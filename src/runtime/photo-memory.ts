/**
 * Memory for opening photos: all threads of the process share it. A photo waits until what those before it need leaves it
 * enough; one that needs more than all of it is refused. Nothing is handed out: each thread reckons in numbers that all of them
 * share, so a thread that is busy keeps nobody waiting, and what one that died had taken is given back for it.
 */

import { setTimeout as wait } from 'node:timers/promises';
import { getEnvironmentData, setEnvironmentData, threadId } from 'node:worker_threads';
import type { Config } from '../config.ts';
import { WhosinError } from '../errors.ts';
import { stopIfEnding } from './thread-tasks.ts';

const megabyte = 2 ** 20;

/** The program with the networks of one thread, and each thread more: as bench/memory.ts measures, and some to spare. */
const program = 280 * megabyte;
const eachThread = 150 * megabyte;
const mostThreads = 8;

/** Photos get no less than this share of all memory, as long as more than one thread reads them. */
const leastForPhotos = 1 / 4;

/** The settings that count here. */
type MemoryConfig = Pick<Config, 'memory' | 'threads'>;

/** How many threads may read photos side by side, so that memory is left for the photos. */
export function threadsWithin({ threads, memory = Number.POSITIVE_INFINITY }: MemoryConfig): number {
  const room = Math.floor((memory * (1 - leastForPhotos) - program) / eachThread) + 1;
  return Math.max(1, Math.min(threads, mostThreads, room));
}

/** Places of the shared numbers, all of them bytes: the limit, what was asked for, what of it is done with, kept, for files. */
const [limit, asked, done, kept, files] = [0, 1, 2, 3, 4];

/** Behind them, what each thread asked for and is not done with; two threads share a place only if a thousand lie between them. */
const threads = 1024;
const placeOf = (thread: number): number => 5 + (thread % threads);

const shared = sharedNumbers();

/** Threads that start later are given the same. */
function sharedNumbers(): BigInt64Array {
  const name = 'whosin: memory for photos';
  const there = getEnvironmentData(name) as SharedArrayBuffer | undefined;
  const memory = there ?? new SharedArrayBuffer(placeOf(threads - 1) * 8 + 8);
  if (!there) setEnvironmentData(name, memory);
  return new BigInt64Array(memory);
}

/** Sets what all of the process may use from now on; without it there is no limit. */
export function limitMemory(config: MemoryConfig): void {
  if (config.memory === undefined) return;
  const rest = program + eachThread * (threadsWithin(config) - 1);
  const forPhotos = config.memory - rest;
  Atomics.store(shared, limit, BigInt(Math.floor(forPhotos * (1 - shareKept - shareOfFiles))));
  Atomics.store(shared, files, BigInt(Math.floor(forPhotos * shareOfFiles)));
  Atomics.store(shared, kept, BigInt(Math.floor((forPhotos * shareKept) / threadsWithin(config))));
}

/** Decoders may keep this share of the memory for photos while they wait for the next one. */
const shareKept = 1 / 8;

/** Bytes of files that were read ahead may take this share of it. */
const shareOfFiles = 1 / 8;

/** How many bytes of files may be held. */
export function mostForFiles(): number {
  return Number(Atomics.load(shared, files)) || Number.POSITIVE_INFINITY;
}

/** How many bytes a thread's decoder may keep between photos. */
export function mostKept(): number {
  return Number(Atomics.load(shared, kept)) || Number.POSITIVE_INFINITY;
}

/**
 * Does the work when there is memory for it.
 *
 * @param bytes what it needs
 * @param name of the photo, for messages
 * @throws WhosinError `photo-too-large`; `cancelled` if the thread is to end before there is enough
 */
export async function withMemory<T>(bytes: number, name: string, work: () => Promise<T>): Promise<T> {
  requireMemory(bytes, name);
  const most = Atomics.load(shared, limit);
  if (most === 0n) return work();
  const need = BigInt(Math.ceil(bytes));
  Atomics.add(shared, placeOf(threadId), need);
  const upToThis = Atomics.add(shared, asked, need) + need;
  try {
    // All that was asked for before it, and is still needed, has its memory or will have it first: nobody is overtaken.
    while (upToThis - Atomics.load(shared, done) > most) {
      stopIfEnding();
      await wait(pause);
    }
    return await work();
  } finally {
    Atomics.sub(shared, placeOf(threadId), need);
    Atomics.add(shared, done, need);
  }
}

/** Throws `photo-too-large` if a photo needs more than there is for all of them. */
export function requireMemory(bytes: number, name: string): void {
  const most = Atomics.load(shared, limit);
  const need = BigInt(Math.ceil(bytes));
  if (most > 0n && need > most) throw tooLarge(name, need, most);
}

/** Milliseconds. */
const pause = 10;

/** Gives back what a thread had taken that is no more. */
export function forgetMemory(thread: number): void {
  Atomics.add(shared, done, Atomics.exchange(shared, placeOf(thread), 0n));
}

function tooLarge(name: string, need: bigint, most: bigint): WhosinError {
  const reason = `needs ${gigabytes(need)} of memory to be opened, and whosin may use ${gigabytes(most)} for photos: save a smaller copy, or raise WHOSIN_MEMORY`;
  return WhosinError.about('photo-too-large', name, reason);
}

function gigabytes(bytes: bigint): string {
  return `${(Number(bytes) / 1e9).toFixed(1)} GB`;
}
