/**
 * Memory for the bytes of files that were read while those before them are decoded: eight files of 100 MB that wait for two
 * threads are a gigabyte that no header announces.
 */

import { setTimeout as wait } from 'node:timers/promises';
import { mostForFiles, requireMemory } from './photo-memory.ts';

/** A photo that another thread decodes is copied for it. */
const copies = 2;

/** Bytes of all copies of files, from when they are read until there is an answer. */
let held = 0;

/** Files are read in the order in which they came. */
let last: Promise<void> = Promise.resolve();

/**
 * Reads a file and does the work on its bytes when there is memory for them. A file that is larger than all that files may
 * take is read when no other is held.
 *
 * @param bytes of the file
 * @param name of the photo, for messages
 * @throws WhosinError `photo-too-large`, before anything is read
 */
export async function withFile<T>(bytes: number, name: string, work: () => Promise<T>): Promise<T> {
  requireMemory(bytes, name);
  const taken = bytes * copies;
  last = takeAfter(last, taken);
  await last;
  try {
    return await work();
  } finally {
    held -= taken;
  }
}

async function takeAfter(before: Promise<void>, bytes: number): Promise<void> {
  await before;
  while (!hasRoom(bytes)) await wait(pause);
  held += bytes;
}

function hasRoom(bytes: number): boolean {
  return held === 0 || held + bytes <= mostForFiles();
}

/** Milliseconds. */
const pause = 10;
