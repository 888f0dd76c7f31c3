/** Many photos, one after another: what is cached is not read again, and a bad photo stops nothing. */

import { createHash } from 'node:crypto';
import type { WhosinError } from '../errors.ts';
import type { BottleneckCache } from '../learn/bottleneck-cache.ts';
import type { Dataset } from '../learn/dataset.ts';
import { decodePhoto } from '../runtime/decode.ts';
import { isPhotoFault, readPhotoFile } from '../runtime/photo-file.ts';
import { decodePhotoFaces, encodePhotoFaces, type PhotoFaces } from './face.ts';
import type { FaceReader } from './read-faces.ts';

/** A photo that was read, or the reason why it was not. */
export type Reading =
  | {
      readonly path: string;
      readonly sha256: string;
      readonly photo: PhotoFaces;
      /** Taken from the cache instead of computed. */
      readonly cached: boolean;
    }
  | { readonly path: string; readonly error: WhosinError };

/** While one photo runs through the networks the next one is read and decoded. */
const ahead = 2;

/** Yields one reading for each path, in order. */
export async function* readAlbum(
  paths: AsyncIterable<string> | Iterable<string>,
  reader: FaceReader,
  cache: BottleneckCache,
): AsyncGenerator<Reading> {
  const pending: Promise<Reading>[] = [];
  for await (const path of paths) {
    const reading = readPhoto(path, reader, cache);
    // A failure is thrown when its turn comes; until then it must not count as unhandled.
    reading.catch(() => {});
    pending.push(reading);
    if (pending.length > ahead) yield pending.shift()!;
  }
  yield* pending;
}

export async function readPhoto(path: string, reader: FaceReader, cache: BottleneckCache): Promise<Reading> {
  try {
    const bytes = await readPhotoFile(path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const stored = await cache.get(reader.recipe, sha256);
    const known = stored && decodePhotoFaces(stored, reader.space);
    if (known) return { path, sha256, photo: known, cached: true };
    const photo = await reader.read(await decodePhoto(bytes, path));
    await cache.put(reader.recipe, sha256, encodePhotoFaces(photo));
    return { path, sha256, photo, cached: false };
  } catch (error) {
    // Anything else is a fault of whosin or of the machine, not of this photo.
    if (isPhotoFault(error)) return { path, error };
    throw error;
  }
}

/** The photos of a dataset that show a face, with the label of their folder. */
export interface DatasetReading {
  readonly photos: readonly (PhotoFaces & {
    readonly path: string;
    readonly person: string;
    readonly sha256: string;
  })[];
  /** `reason` reads on from the path. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  /** Of those, the ones that should have been photos and could not be read. */
  readonly unreadable: number;
  /** Photos that were read by the networks, and photos that the cache knew. */
  readonly computed: number;
  readonly cached: number;
}

export async function readDataset(
  dataset: Dataset,
  reader: FaceReader,
  cache: BottleneckCache,
  onPhoto?: (done: number, total: number) => void,
): Promise<DatasetReading> {
  const photos: DatasetReading['photos'][number][] = [];
  const skipped: { path: string; reason: string }[] = [...dataset.skipped];
  const paths = dataset.photos.map((photo) => photo.path);
  let [computed, cached] = [0, 0];
  let done = 0;
  let unreadable = dataset.skipped.filter(({ code }) => code === 'not-found').length;
  for await (const reading of readAlbum(paths, reader, cache)) {
    const { path, label } = dataset.photos[done++]!;
    onPhoto?.(done, paths.length);
    if ('error' in reading) {
      unreadable++;
      skipped.push({ path, reason: reading.error.message.replace(`${path} `, '') });
      continue;
    }
    if (reading.cached) cached++;
    else computed++;
    if (reading.photo.faces.length === 0) skipped.push({ path, reason: 'shows no face that could be found' });
    else photos.push({ ...reading.photo, path, person: label, sha256: reading.sha256 });
  }
  return { photos, skipped, unreadable, computed, cached };
}
