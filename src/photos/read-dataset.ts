/** The photos of a dataset, read: what could be is used, the rest is listed with its reason. */

import type { BottleneckCache } from './bottleneck-cache.ts';
import type { Dataset } from './dataset.ts';
import { type PhotoReader, readPhotos } from './read-photos.ts';

export interface DatasetReading<T> {
  readonly photos: readonly (T & LabelledReading)[];
  readonly skipped: readonly SkippedPhoto[];
  /** Of those, the ones that should have been photos and could not be read. */
  readonly unreadable: number;
  /** Photos that were read by the networks, and photos that the cache knew. */
  readonly computed: number;
  readonly cached: number;
}

export interface LabelledReading {
  readonly path: string;
  readonly label: string;
  readonly sha256: string;
}

export interface SkippedPhoto {
  readonly path: string;
  /** Reads on from the path: "is empty (0 bytes)". */
  readonly reason: string;
}

/** @param refuse why a photo that could be read is of no use; reads on from the path */
export async function readDatasetPhotos<T extends object>(
  dataset: Dataset,
  reader: PhotoReader<T>,
  cache: BottleneckCache | undefined,
  {
    onPhoto,
    refuse = () => undefined,
  }: {
    readonly onPhoto?: ((done: number, total: number) => void) | undefined;
    readonly refuse?: (photo: T) => string | undefined;
  } = {},
): Promise<DatasetReading<T>> {
  const photos: (T & LabelledReading)[] = [];
  const skipped: SkippedPhoto[] = [...dataset.skipped];
  const paths = dataset.photos.map((photo) => photo.path);
  let [computed, cached, done] = [0, 0, 0];
  let unreadable = dataset.skipped.filter(
    ({ code }) => code === 'not-found' || code === 'photo-too-large',
  ).length;
  for await (const reading of readPhotos(paths, reader, cache)) {
    const { path, label } = dataset.photos[done++]!;
    onPhoto?.(done, paths.length);
    if ('error' in reading) {
      unreadable++;
      skipped.push({ path, reason: reading.error.reason ?? reading.error.message });
      continue;
    }
    if (reading.cached) cached++;
    else computed++;
    const reason = refuse(reading.photo);
    if (reason === undefined) photos.push({ ...reading.photo, path, label, sha256: reading.sha256 });
    else skipped.push({ path, reason });
  }
  return { photos, skipped, unreadable, computed, cached };
}
