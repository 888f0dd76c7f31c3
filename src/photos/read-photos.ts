/** Many photos, one after another: what is cached is not computed again, and a bad photo stops nothing. */

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { SpaceId } from '../core/embedding.ts';
import { type ErrorCode, reasonOf, WhosinError } from '../errors.ts';
import type { BottleneckCache } from './bottleneck-cache.ts';

/** A photo that was read, or the reason why it was not. */
export type ReadPhoto<T> =
  | {
      readonly path: string;
      readonly sha256: string;
      readonly photo: T;
      /** Taken from the cache instead of computed. */
      readonly cached: boolean;
    }
  | { readonly path: string; readonly error: WhosinError };

/** What is made of a photo. */
export interface PhotoReader<T> {
  readonly compute: (bytes: Uint8Array, path: string) => Promise<T>;
  /** Throws where it was closed: nothing is answered then, from the cache neither. */
  readonly requireOpen?: () => void;
  /** How many photos are under way at once; 3 if left out: one runs through a network, others are decoded. */
  readonly atOnce?: number;
  /** How that is kept; nothing where it is not worth keeping. */
  readonly kept?: Kept<T>;
}

export interface Kept<T> {
  /** The cache's key besides the photo's content. */
  readonly recipe: SpaceId;
  readonly encode: (photo: T) => Uint8Array;
  /** undefined where the bytes are no such record: the photo is then read again */
  readonly decode: (bytes: Uint8Array) => T | undefined;
}

/** What can be wrong with one photo while the next one is fine. */
const photoFaults: ReadonlySet<ErrorCode> = new Set([
  'not-found',
  'not-a-photo',
  'damaged-photo',
  'photo-too-large',
]);

function isPhotoFault(error: unknown): error is WhosinError {
  return error instanceof WhosinError && photoFaults.has(error.code);
}

/** Photos that are looked up in the cache while those before them are read: they wait for the disk, and hold little. */
const lookedUpAhead = 32;

/** No photo is larger; a larger file is a video or a disk image with a wrong name. */
const maxFileBytes = 512 * 1024 * 1024;

/** Yields one reading for each path, in order. */
export async function* readPhotos<T>(
  paths: AsyncIterable<string> | Iterable<string>,
  reader: PhotoReader<T>,
  cache?: BottleneckCache,
): AsyncGenerator<ReadPhoto<T>> {
  // A list can be looked through ahead; paths that come one by one are asked for when it is their turn.
  const known = inTurn(paths, Array.isArray(paths) ? lookedUpAhead : 0, async (path: string) => ({
    path,
    reading: await lookUp(path, reader, cache),
  }));
  try {
    const ahead = (reader.atOnce ?? 3) - 1;
    yield* inTurn(known, ahead, async ({ path, reading }) => reading ?? readOnePhoto(path, reader, cache));
  } finally {
    await cache?.hashes.flush();
  }
}

/** What `work` makes of each, in order, while it goes on with so many of those behind. */
async function* inTurn<T, R>(
  source: AsyncIterable<T> | Iterable<T>,
  behind: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const pending: Promise<R>[] = [];
  for await (const item of source) {
    const result = work(item);
    // A failure is thrown when its turn comes; until then it must not count as unhandled.
    result.catch(() => {});
    pending.push(result);
    if (pending.length > behind) yield pending.shift()!;
  }
  yield* pending;
}

/** A file that has not changed since it was read last is not read again. */
async function lookUp<T>(
  path: string,
  { kept, requireOpen }: PhotoReader<T>,
  cache?: BottleneckCache,
): Promise<ReadPhoto<T> | undefined> {
  requireOpen?.();
  const sha256 = kept && (await cache?.hashes.recall(path));
  const photo = sha256 && (await storedFor(sha256, kept, cache));
  return photo ? { path, sha256, photo, cached: true } : undefined;
}

async function storedFor<T>(
  sha256: string,
  kept: Kept<T> | undefined,
  cache?: BottleneckCache,
): Promise<T | undefined> {
  const stored = kept && (await cache?.get(kept.recipe, sha256));
  return stored && kept.decode(stored);
}

export async function readOnePhoto<T>(
  path: string,
  { compute, kept, requireOpen }: PhotoReader<T>,
  cache?: BottleneckCache,
): Promise<ReadPhoto<T>> {
  requireOpen?.();
  try {
    const read = (): Promise<FileContent> => readContent(path);
    const { bytes, sha256 } = await (cache ? cache.hashes.reading(path, read) : read());
    const known = await storedFor(sha256, kept, cache);
    if (known) return { path, sha256, photo: known, cached: true };
    const photo = await compute(bytes, path);
    if (kept) await cache?.put(kept.recipe, sha256, kept.encode(photo));
    return { path, sha256, photo, cached: false };
  } catch (error) {
    // Anything else is a fault of whosin or of the machine, not of this photo.
    if (isPhotoFault(error)) return { path, error };
    throw error;
  }
}

interface FileContent {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

async function readContent(path: string): Promise<FileContent> {
  const bytes = await readPhotoFile(path);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Throws `not-found`, `not-a-photo` (a folder, a device) or `photo-too-large`. */
export async function readPhotoFile(path: string): Promise<Uint8Array> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new WhosinError('not-a-photo', `${path} is not a file.`);
    if (info.size > maxFileBytes) {
      throw new WhosinError('photo-too-large', `${path} is too large for a photo (${info.size} bytes).`);
    }
    return await readFile(path);
  } catch (error) {
    if (error instanceof WhosinError) throw error;
    throw new WhosinError('not-found', `Cannot read ${path}: ${reasonOf(error)}`, { cause: error });
  }
}
