/** The photos of a dataset, read: what could be is used, the rest is listed with its reason. */

import { failure, WhosinError } from '../errors.ts';
import type { BottleneckCache } from './bottleneck-cache.ts';
import { type Dataset, type LabelledPhoto, withoutCopies } from './dataset.ts';
import { listLabelFolders } from './label-folders.ts';
import {
  type HashedPhoto,
  type PhotoReader,
  type PhotoReading,
  type ReadOptions,
  readWanted,
} from './read-photos.ts';

/**
 * The part of a report that a model file holds: what was cached by chance is no part of it, so the same photos make the
 * same bytes.
 */
export function withoutCacheCounts<T extends { readonly computed: number; readonly cached: number }>({
  computed: _,
  cached: __,
  ...rest
}: T): Omit<T, 'computed' | 'cached'> {
  return rest;
}

/** Folders of labels, listed and read. @param refuse as `usablePhotos` takes it */
export async function readDataset<T extends object>(
  root: string,
  reader: PhotoReader<T>,
  cache: BottleneckCache | undefined,
  options?: ReadOptions,
  refuse?: (photo: T) => string | undefined,
): Promise<{ readonly dataset: Dataset; readonly reading: DatasetReading<T> }> {
  const folders = await listLabelFolders(root);
  const contents = await readOnce(folders.files, reader, cache, options);
  const dataset = withoutCopies(folders, contents);
  return { dataset, reading: usablePhotos(dataset, contents, refuse) };
}

/** The results of reading files, by their paths. */
export type Contents<T> = ReadonlyMap<string, PhotoReading<T> | HashedPhoto>;

export interface ReadOnceOptions extends ReadOptions {
  /** Paths of which nothing is wanted but the sha256. */
  readonly hashOnly?: ReadonlySet<string>;
}

/** Reads each content once: copies share what was made of it. */
export async function readOnce<T>(
  files: readonly { readonly path: string }[],
  reader: PhotoReader<T>,
  cache: BottleneckCache | undefined,
  { hashOnly = new Set(), ...options }: ReadOnceOptions = {},
): Promise<Contents<T>> {
  const paths = files.map(({ path }) => path);
  /** Who of all copies is read, by the sha256. */
  const readFrom = new Map<string, string>();
  const wanted = (path: string, sha256: string): boolean => {
    if (hashOnly.has(path)) return false;
    if (!readFrom.has(sha256)) readFrom.set(sha256, path);
    return readFrom.get(sha256) === path;
  };
  const contents = new Map<string, PhotoReading<T> | HashedPhoto>();
  for await (const reading of readWanted(paths, reader, cache, wanted, options)) {
    contents.set(reading.path, reading);
  }
  for (const [path, content] of contents) {
    if (content.kind === 'hashed' && !hashOnly.has(path)) {
      contents.set(path, ofCopy(content, contents.get(readFrom.get(content.sha256)!)!));
    }
  }
  return contents;
}

function ofCopy<T>({ path, sha256 }: HashedPhoto, original: PhotoReading<T> | HashedPhoto): PhotoReading<T> {
  if (original.sha256 === sha256) {
    if (original.kind === 'photo') return { ...original, path };
    if (original.kind === 'failure') {
      const { code, message, reason = message } = original.error;
      return { ...failure(path, WhosinError.about(code, path, reason)), sha256 };
    }
  }
  // Between the moment when its copy was passed over for its sake and the one when it was read itself.
  return { ...failure(path, WhosinError.about('not-found', path, 'changed while it was read')), sha256 };
}

export interface DatasetReading<T> {
  readonly photos: readonly (T & LabelledPhoto)[];
  readonly skipped: readonly SkippedPhoto[];
  /** Those of them that should have been photos and could not be read. */
  readonly unreadable: number;
  /** Photos that were read by the networks, and photos that the cache knew. */
  readonly computed: number;
  readonly cached: number;
}

export interface SkippedPhoto {
  readonly path: string;
  /** Reads on from the path: "is empty (0 bytes)". */
  readonly reason: string;
}

/** @param refuse why a photo that could be read is of no use; reads on from the path */
export function usablePhotos<T extends object>(
  dataset: Dataset,
  contents: Contents<T>,
  refuse: (photo: T) => string | undefined = () => undefined,
): DatasetReading<T> {
  const photos: (T & LabelledPhoto)[] = [];
  const skipped: SkippedPhoto[] = [...dataset.skipped];
  let [computed, cached] = [0, 0];
  let unreadable = unreadableAmong(dataset);
  for (const labelled of dataset.photos) {
    const { path } = labelled;
    const content = contents.get(path)!;
    if (content.kind === 'hashed') continue;
    if (content.kind === 'failure') {
      unreadable++;
      skipped.push({ path, reason: content.error.reason ?? content.error.message });
      continue;
    }
    if (content.cached) cached++;
    else computed++;
    const reason = refuse(content.photo);
    if (reason === undefined) photos.push({ ...content.photo, ...labelled });
    else skipped.push({ path, reason });
  }
  return { photos, skipped, unreadable, computed, cached };
}

/** Files that were left out because they could not be read at all; an empty file, or one of another kind, was read. */
export function unreadableAmong({ skipped }: Pick<Dataset, 'skipped'>): number {
  return skipped.filter(({ code }) => code === 'not-found' || code === 'photo-too-large').length;
}
