/**
 * HEIC, which sharp cannot decode: libheif as WebAssembly, half a second for 12 megapixels, in a thread of its own. Nobody
 * waits for it, and its memory, which WebAssembly never gives back, goes with the thread.
 */

import { createRequire } from 'node:module';
import { extname } from 'node:path';
import type { Piscina } from 'piscina';
import type { HeicAnswer } from './heic-thread.ts';
import { mostKept } from './photo-memory.ts';

/** Upright. */
export type HeicPixels = Exclude<HeicAnswer, { readonly failed: string }>;

/** A thread that holds no more goes on to the next photo: enough for one of 12 megapixels. */
const mostHeld = 160 * 2 ** 20;

let thread: Piscina<Uint8Array, HeicAnswer> | undefined;

/** One at a time: each holds the whole photo several times over. */
let last: Promise<unknown> = Promise.resolve();

/** Throws what libheif says where it cannot. */
export function decodeHeic(bytes: Uint8Array): Promise<HeicPixels> {
  const next = last.then(() => decode(bytes));
  last = next.catch(() => {});
  return next;
}

async function decode(bytes: Uint8Array): Promise<HeicPixels> {
  thread ??= openThread();
  const own = thread;
  const answer = await own.run(bytes);
  if (answer.held > Math.min(mostHeld, mostKept())) {
    thread = undefined;
    await own.destroy();
  }
  if ('failed' in answer) throw new Error(answer.failed);
  return answer;
}

function openThread(): Piscina<Uint8Array, HeicAnswer> {
  // Not imported, which takes several turns of the event loop.
  const { Piscina: Pool } = createRequire(import.meta.url)('piscina') as typeof import('piscina');
  return new Pool({
    filename: new URL(`heic-thread${extname(import.meta.url)}`, import.meta.url).href,
    name: 'decode',
    maxThreads: 1,
    minThreads: 0,
    // Milliseconds between photos; a megabyte of WebAssembly is compiled for each new thread.
    idleTimeout: 5000,
    atomics: 'disabled',
  });
}
