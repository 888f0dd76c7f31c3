/** RECIPE: the names of confirmed faces are written beside photos, or into them. Nothing is written twice. */

import { tmpdir } from 'node:os';
import { basename, dirname } from 'node:path';
import type { WrittenRow } from '../../catalog/written-table.ts';
import { reasonOf, stopIfAborted, WhosinError } from '../../errors.ts';
import { type ExifTool, openExifTool } from '../../runtime/exiftool.ts';
import { removeLeftBehind } from '../../runtime/left-behind.ts';
import type { AlbumContext } from '../context.ts';
import type { FailedFile } from '../reading/sort-files.ts';
import { type NamesToWrite, namesToWrite } from './names-to-write.ts';
import { type WrittenFile, writeBeside, writeInto } from './write-names-of-photo.ts';

export interface WriteOptions {
  /** Files and folders of the album; all of it if left out. */
  readonly paths?: readonly string[];
  /** Into the photos themselves, by ExifTool; beside them if left out. */
  readonly intoPhotos?: boolean;
  /** Photos that are written keep the time of their content. */
  readonly keepTimes?: boolean;
  /** Names are put among the keywords too. */
  readonly keywords?: boolean;
  /** Report what would be written, and write nothing. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Written {
  readonly files: readonly WrittenFile[];
  /** Photos with confirmed faces whose names stood there already. */
  readonly unchanged: number;
  readonly failed: readonly FailedFile[];
}

/** Throws `cancelled`, `not-found` and, for photos, `no-exiftool`. */
export async function writeNames(album: AlbumContext, options: WriteOptions = {}): Promise<Written> {
  const { intoPhotos = false, dryRun = false, signal, onProgress } = options;
  const photos = await namesToWrite(album, options.paths, signal);
  const tool = intoPhotos && !dryRun ? await openExifTool(album.config.exiftool) : undefined;
  // A run that was killed may have left a file where nothing is to be written any more.
  if (tool) await removeLeftBehind(tmpdir());
  const result = { files: [] as WrittenFile[], unchanged: 0, failed: [] as FailedFile[] };
  for (const [done, photo] of photos.entries()) {
    onProgress?.(done, photos.length);
    stopIfAborted(signal);
    if (!dryRun) await removeLeftBehind(dirname(photo.path));
    try {
      const files = await writeOne(album, photo, tool, options);
      result.files.push(...files);
      if (files.length === 0 && photo.faces.length > 0) result.unchanged++;
    } catch (error) {
      result.failed.push({ path: photo.path, error: asFailure(photo.path, error) });
    }
  }
  onProgress?.(photos.length, photos.length);
  return result;
}

async function writeOne(
  album: AlbumContext,
  photo: NamesToWrite,
  tool: ExifTool | undefined,
  { intoPhotos = false, dryRun = false, keepTimes = false, keywords = false }: WriteOptions,
): Promise<WrittenFile[]> {
  let { sha256 } = photo;
  const how = {
    dryRun,
    keywords,
    remember: (file: string, names: readonly WrittenRow[]) =>
      album.catalog.write(async ({ written }) => {
        for (const one of new Set([photo.sha256, sha256])) await written.set(one, basename(file), names);
      }),
  };
  if (!intoPhotos) return writeBeside(photo, how);
  const files = await writeInto(photo, tool, {
    ...how,
    keepTimes,
    async onWritten(now) {
      await renamed(album, photo, now);
      sha256 = now;
    },
  });
  // A sidecar that speaks of regions goes before the photo: it has to agree.
  return [...files, ...(await writeBeside(photo, { ...how, onlyWhereRead: true }))];
}

/** The photo has another content now: what was said about its faces is said about those too. */
async function renamed({ catalog }: AlbumContext, { sha256 }: NamesToWrite, now: string): Promise<void> {
  await catalog.write(async (tables) => {
    await tables.said.alsoAbout(sha256, now);
    await tables.written.alsoAbout(sha256, now);
  });
}

export function asFailure(path: string, error: unknown): WhosinError {
  if (error instanceof WhosinError) return error;
  return WhosinError.about('cannot-write', path, `gets no names: ${reasonOf(error)}`, error);
}
