/** Many photos, one after another: what is cached is not computed again, and a bad photo stops nothing. */

import { createHash } from 'node:crypto';
import type { SpaceId } from '../core/embedding.ts';
import { type ErrorCode, WhosinError } from '../errors.ts';
import type { BottleneckCache } from './bottleneck-cache.ts';
import { bytesOf, nameOf, type PhotoSource } from './photo-source.ts';

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

/** Yields one reading for each photo, in order. */
export async function* readPhotos<T>(
  photos: AsyncIterable<PhotoSource> | Iterable<PhotoSource>,
  reader: PhotoReader<T>,
  cache?: BottleneckCache,
): AsyncGenerator<ReadPhoto<T>> {
  // A list can be looked through ahead; paths that come one by one are asked for when it is their turn.
  const known = inTurn(photos, Array.isArray(photos) ? lookedUpAhead : 0, async (photo: PhotoSource) => ({
    photo,
    reading: await lookUp(photo, reader, cache),
  }));
  try {
    const ahead = (reader.atOnce ?? 3) - 1;
    yield* inTurn(known, ahead, async ({ photo, reading }) => reading ?? readOnePhoto(photo, reader, cache));
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
  path: PhotoSource,
  { kept, requireOpen }: PhotoReader<T>,
  cache?: BottleneckCache,
): Promise<ReadPhoto<T> | undefined> {
  requireOpen?.();
  if (typeof path !== 'string') return undefined;
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
  source: PhotoSource,
  { compute, kept, requireOpen }: PhotoReader<T>,
  cache?: BottleneckCache,
): Promise<ReadPhoto<T>> {
  requireOpen?.();
  const path = nameOf(source);
  try {
    const read = (): Promise<FileContent> => readContent(source);
    const isFile = typeof source === 'string';
    const { bytes, sha256 } = await (cache && isFile ? cache.hashes.reading(source, read) : read());
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

async function readContent(photo: PhotoSource): Promise<FileContent> {
  const bytes = await bytesOf(photo);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}
