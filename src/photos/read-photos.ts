/** Many photos, one after another: what is cached is not computed again, and a bad photo stops nothing. */

import type { SpaceId } from '../core/embedding.ts';
import { type ErrorCode, type Failure, failure, stopIfAborted, WhosinError } from '../errors.ts';
import type { BottleneckCache } from './bottleneck-cache.ts';
import { inTurn, untilAborted } from './in-turn.ts';
import { bytesToRead, contentOf } from './photo-content.ts';
import {
  type PhotoInput,
  type PhotoPixels,
  type PhotoSource,
  photoList,
  photoSource,
} from './photo-input.ts';

/** A photo that was read, or the reason why it was not. */
export type PhotoReading<T> =
  | {
      readonly kind: 'photo';
      readonly path: string;
      readonly sha256: string;
      readonly photo: T;
      /** Taken from the cache instead of computed. */
      readonly cached: boolean;
    }
  | (Failure & {
      /** The sha256 of the file, if that could be read. */
      readonly sha256?: string;
    });

/** A photo that nothing was wanted of but the sha256 of its content. */
export interface HashedPhoto {
  readonly kind: 'hashed';
  readonly path: string;
  readonly sha256: string;
}

/** How work on many photos is watched and stopped. */
export interface ReadOptions {
  /** Ends the work with WhosinError `cancelled`. */
  readonly signal?: AbortSignal | undefined;
  /** Told after each photo; how many there are is not known where they come one by one. */
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
  /** False: what is computed of these photos is not stored; true if left out. */
  readonly keep?: boolean | undefined;
}

/** Makes something of a photo. */
export interface PhotoReader<T> {
  /** From a file's bytes. `signal`: nobody waits for the answer any more. */
  readonly compute: (bytes: Uint8Array, path: string, signal?: AbortSignal) => Promise<T>;
  /** From pixels that are there already. */
  readonly computePixels: (pixels: PhotoPixels, path: string) => Promise<T>;
  /** Throws where it was closed: nothing is answered then, from the cache neither. */
  readonly requireOpen?: () => void;
  /** How many photos are under way at once; 3 if left out: one runs through a network, others are decoded. */
  readonly atOnce?: number;
  /** Does the work, which reads a file of so many bytes, when there is memory for them; at once if left out. */
  readonly withFile?: <R>(bytes: number, path: string, work: () => Promise<R>) => Promise<R>;
  /** How that is kept; nothing if it is not worth keeping. */
  readonly kept?: Kept<T>;
}

export interface Kept<T> {
  /** The cache's key besides the photo's content. */
  readonly recipe: SpaceId;
  readonly encode: (photo: T) => Uint8Array;
  /** undefined if the bytes are no such record: the photo is then read again */
  readonly decode: (bytes: Uint8Array) => T | undefined;
}

/** Whether more is wanted of a photo than its sha256; the same answer however often it is asked. */
export type Wanted = (path: string, sha256: string) => boolean;

interface Work<T> {
  readonly reader: PhotoReader<T>;
  readonly cache: BottleneckCache | undefined;
  readonly wanted: Wanted;
  readonly keep: boolean;
  readonly signal: AbortSignal;
}

/** Errors of one photo that leave the next ones alone. */
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

/**
 * Yields one reading for each photo, in order.
 *
 * @throws WhosinError `usage` for what is no photo, `cancelled`
 */
export async function* readPhotos<T>(
  inputs: AsyncIterable<PhotoInput> | Iterable<PhotoInput>,
  reader: PhotoReader<T>,
  cache?: BottleneckCache,
  options: ReadOptions = {},
): AsyncGenerator<PhotoReading<T>> {
  for await (const reading of readWanted(inputs, reader, cache, () => true, options)) {
    if (reading.kind !== 'hashed') yield reading;
  }
}

/** The same, and the sha256 alone of those that are not wanted. */
export async function* readWanted<T>(
  inputs: AsyncIterable<PhotoInput> | Iterable<PhotoInput>,
  reader: PhotoReader<T>,
  cache: BottleneckCache | undefined,
  wanted: Wanted,
  { signal, onProgress, keep = true }: ReadOptions = {},
): AsyncGenerator<PhotoReading<T> | HashedPhoto> {
  const total = Array.isArray(inputs) ? inputs.length : undefined;
  const stopped = new AbortController();
  const work: Work<T> = { reader, cache, wanted, keep, signal: stopped.signal };
  // A list can be looked through ahead; photos that come one by one are asked for when it is their turn.
  const ahead = total === undefined ? 0 : lookedUpAhead;
  const known = inTurn(sourcesOf(inputs), ahead, async (source) => ({
    source,
    reading: await lookUp(source, work),
  }));
  const readings = inTurn(
    known,
    (reader.atOnce ?? 3) - 1,
    async ({ source, reading }) => reading ?? readWithin(source, work),
  );
  let done = 0;
  try {
    for await (const reading of untilAborted(readings, signal)) {
      onProgress?.(++done, total);
      yield reading;
    }
  } finally {
    // Nobody waits for those behind.
    stopped.abort();
    await cache?.hashes.flush();
  }
}

export async function readOnePhoto<T>(
  input: PhotoInput,
  reader: PhotoReader<T>,
  cache?: BottleneckCache,
): Promise<PhotoReading<T>> {
  for await (const reading of readPhotos([input], reader, cache)) return reading;
  throw new RangeError('one photo gives one reading');
}

async function* sourcesOf(
  inputs: AsyncIterable<PhotoInput> | Iterable<PhotoInput>,
): AsyncGenerator<PhotoSource> {
  let number = 0;
  for await (const input of photoList(inputs)) yield photoSource(input, ++number);
}

/** A file that has not changed since it was read last is not read again. */
async function lookUp<T>(
  source: PhotoSource,
  { reader: { kept, requireOpen }, cache, wanted }: Work<T>,
): Promise<PhotoReading<T> | HashedPhoto | undefined> {
  requireOpen?.();
  const { path } = source;
  const sha256 = source.kind === 'file' ? kept && (await cache?.hashes.recall(path)) : source.sha256;
  if (sha256 === undefined) return undefined;
  if (!wanted(path, sha256)) return { kind: 'hashed', path, sha256 };
  const photo = await storedFor(sha256, kept, cache);
  return photo && { kind: 'photo', path, sha256, photo, cached: true };
}

/** A file waits for its memory before it is read. */
async function readWithin<T>(source: PhotoSource, work: Work<T>): Promise<PhotoReading<T> | HashedPhoto> {
  const { withFile } = work.reader;
  if (source.kind !== 'file' || !withFile) return read(source, work);
  const { path } = source;
  try {
    return await withFile(await bytesToRead(path), path, () => read(source, work));
  } catch (error) {
    if (isPhotoFault(error)) return failure(path, error);
    throw error;
  }
}

async function read<T>(
  source: PhotoSource,
  { reader, cache, wanted, keep, signal }: Work<T>,
): Promise<PhotoReading<T> | HashedPhoto> {
  const { path } = source;
  let sha256: string | undefined;
  try {
    stopIfAborted(signal);
    reader.requireOpen?.();
    const content = source.kind === 'pixels' ? source : await contentOf(source, cache?.hashes);
    ({ sha256 } = content);
    if (!wanted(path, sha256)) return { kind: 'hashed', path, sha256 };
    const known = await storedFor(sha256, reader.kept, cache);
    if (known) return { kind: 'photo', path, sha256, photo: known, cached: true };
    const photo = await ('pixels' in content
      ? reader.computePixels(content.pixels, path)
      : reader.compute(content.bytes, path, signal));
    if (keep && reader.kept) await cache?.put(reader.kept.recipe, sha256, reader.kept.encode(photo));
    return { kind: 'photo', path, sha256, photo, cached: false };
  } catch (error) {
    // Anything else is a fault of whosin or of the machine, not of this photo.
    if (isPhotoFault(error)) return { ...failure(path, error), ...(sha256 !== undefined && { sha256 }) };
    throw error;
  }
}

async function storedFor<T>(
  sha256: string,
  kept: Kept<T> | undefined,
  cache?: BottleneckCache,
): Promise<T | undefined> {
  const stored = kept && (await cache?.get(kept.recipe, sha256));
  return stored && kept.decode(stored);
}
