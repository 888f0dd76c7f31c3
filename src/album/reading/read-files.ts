/** Files become records, or reasons why they cannot be read. */

import { WhosinError } from '../../errors.ts';
import { readAlbum } from '../../faces/find/read-album.ts';
import type { Faces } from '../../faces/open-faces.ts';
import type { AlbumContext } from '../context.ts';
import { type HashedFile, photoRecord, type ReadRecord, videoRecord } from './read-file.ts';

export interface FileToRead {
  readonly path: string;
  readonly hashed: HashedFile;
}

export type FileResult<F extends FileToRead> = { readonly file: F } & (
  | { readonly record: ReadRecord }
  | { readonly error: WhosinError }
);

/** In order. */
export async function* readPhotos<F extends FileToRead>(
  files: AsyncIterable<F>,
  faces: Faces,
): AsyncGenerator<FileResult<F>> {
  const under: F[] = [];
  async function* paths(): AsyncGenerator<string> {
    for await (const file of files) {
      under.push(file);
      yield file.path;
    }
  }
  for await (const reading of readAlbum(paths(), faces.reader, faces.cache)) {
    // Readings come in the order of the paths.
    const file = under.shift()!;
    if ('error' in reading) yield { file, error: reading.error };
    else if (reading.sha256 !== file.hashed.sha256) yield { file, error: changed(file.path) };
    else yield { file, record: await photoRecord(file.path, file.hashed, reading.photo, faces) };
  }
}

/** One after another; ends where the signal says so. */
export async function* readVideos<F extends FileToRead>(
  files: AsyncIterable<F>,
  faces: Faces,
  { config }: Pick<AlbumContext, 'config'>,
  signal?: AbortSignal,
): AsyncGenerator<FileResult<F>> {
  for await (const file of files) {
    try {
      yield { file, record: await videoRecord(file.path, file.hashed, faces, config, signal) };
    } catch (error) {
      if (!(error instanceof WhosinError)) throw error;
      if (error.code === 'cancelled') return;
      yield { file, error };
    }
  }
}

/** Written while it was read: the next look finds it whole. */
function changed(path: string): WhosinError {
  return WhosinError.about('damaged-photo', path, 'was changed while it was read');
}
