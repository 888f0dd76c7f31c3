/** RECIPE: the names of confirmed faces are written into Picasa's lists of the folders, beside what stands there. */

import { basename, dirname, join } from 'node:path';
import type { WrittenRow } from '../../catalog/written-table.ts';
import { groupedBy } from '../../core/grouped.ts';
import { stopIfAborted, WhosinError } from '../../errors.ts';
import { putPicasa } from '../../photos/regions/put-picasa.ts';
import { picasaListOf } from '../../photos/regions/sidecars.ts';
import { writeFileAtomically } from '../../runtime/atomic-file.ts';
import { removeLeftBehind } from '../../runtime/left-behind.ts';
import type { AlbumContext } from '../context.ts';
import type { FailedFile } from '../reading/sort-files.ts';
import { type NamesToWrite, namesToWrite } from './names-to-write.ts';
import { asFailure, type WriteOptions, type Written } from './write-names.ts';
import {
  bytesOf,
  prepare,
  requireAsRead,
  uprightNames,
  type WrittenFile,
  writtenIn,
} from './write-names-of-photo.ts';

export type PicasaOptions = Omit<WriteOptions, 'intoPhotos' | 'keepTimes'>;

/** Throws `cancelled`, `not-found`. */
export async function exportPicasa(album: AlbumContext, options: PicasaOptions = {}): Promise<Written> {
  const { dryRun = false, signal, onProgress } = options;
  const photos = await namesToWrite(album, options.paths, signal);
  const result = { files: [] as WrittenFile[], unchanged: 0, failed: [] as FailedFile[] };
  let done = 0;
  for (const [folder, own] of groupedBy(photos, ({ path }) => dirname(path))) {
    onProgress?.(done, photos.length);
    stopIfAborted(signal);
    done += own.length;
    if (!dryRun) await removeLeftBehind(folder);
    try {
      const { files, failed } = await writeList(album, folder, own, dryRun);
      result.files.push(...files);
      result.failed.push(...failed);
      const silent = new Set([...files.map(({ photo }) => photo), ...failed.map(({ path }) => path)]);
      result.unchanged += own.filter(({ path, faces }) => faces.length > 0 && !silent.has(path)).length;
    } catch (error) {
      result.failed.push({ path: folder, error: asFailure(folder, error) });
    }
  }
  onProgress?.(photos.length, photos.length);
  return result;
}

/** One list holds all photos of its folder: it is written once. */
async function writeList(
  { catalog }: AlbumContext,
  folder: string,
  photos: readonly NamesToWrite[],
  dryRun: boolean,
): Promise<Pick<Written, 'files' | 'failed'>> {
  const there = await picasaListOf(folder);
  const file = there?.file ?? join(folder, '.picasa.ini');
  const before = there && bytesOf(there);
  let text = before === undefined ? '' : textOf(before, file);
  const files: WrittenFile[] = [];
  const failed: FailedFile[] = [];
  const remembered: Remembered[] = [];
  for (const photo of photos) {
    try {
      const { metadata, places, options } = await prepare(photo);
      const written = writtenIn(photo, file, metadata.picture);
      const put = putPicasa(text, basename(photo.path), places, { ...options, written });
      text = put.text;
      if (put.changes.length > 0) files.push({ file, photo: photo.path, changes: put.changes });
      const now = uprightNames(put.written, metadata.picture);
      const earlier = photo.written.filter((row) => row.file === basename(file));
      remembered.push({ sha256: photo.sha256, both: [...earlier, ...now], now });
    } catch (error) {
      failed.push({ path: photo.path, error: asFailure(photo.path, error) });
    }
  }
  const remember = (when: 'both' | 'now') =>
    catalog.write(async (tables) => {
      for (const { sha256, ...names } of remembered)
        await tables.written.set(sha256, basename(file), names[when]);
    });
  if (files.length > 0 && !dryRun) {
    // As with sidecars: a kill between the file and the catalog leaves no name that whosin does not know as its own.
    await remember('both');
    await requireAsRead(file, before);
    await writeFileAtomically(file, text);
    await remember('now');
  }
  return { files, failed };
}

interface Remembered {
  readonly sha256: string;
  /** Names that whosin has written so far and writes now; and those that are there afterwards. */
  readonly both: readonly WrittenRow[];
  readonly now: readonly WrittenRow[];
}

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw WhosinError.about('cannot-write', file, 'is not text in UTF-8', error);
  }
}
