/** RECIPE: the files that wait are read: by their content first, and only what is new goes through the networks. */

import { setTimeout as pause } from 'node:timers/promises';
import { WhosinError } from '../../errors.ts';
import { workThrough } from '../../jobs/work-through.ts';
import type { AlbumContext } from '../context.ts';
import { lookAgain } from './claims.ts';
import { openIntake } from './intake.ts';
import { keepPhotos } from './keep-photo.ts';
import { type FileResult, readPhotos, readVideos } from './read-files.ts';
import { type FailedFile, type NewFile, reasonAbout } from './sort-files.ts';

export interface PendingRead {
  /** Photos and videos that nobody had seen before, and their faces. */
  readonly photos: number;
  readonly faces: number;
  /** Files that hold what another one held: copies, and files that were moved. */
  readonly known: number;
  /** Files that hold what they held before; their times had changed, or could not be trusted. */
  readonly unchanged: number;
  readonly failed: readonly FailedFile[];
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

type Files = AsyncIterable<NewFile>;

/** Stops where the signal says so; what was read until then is kept. */
export async function readPending(
  album: AlbumContext,
  { signal, onProgress }: ReadOptions = {},
): Promise<PendingRead> {
  const { catalog, now } = album;
  const { pending: total } = await catalog.read((tables) => tables.paths.counts());
  const done = { photos: 0, faces: 0 };
  if (total === 0) return { ...done, known: 0, unchanged: 0, failed: [] };
  const faces = await album.faces();
  const intake = openIntake(album, faces.reader.recipe, signal);
  const failed: FailedFile[] = [];
  const progress = (): void =>
    onProgress?.(
      Math.min(total, done.photos + intake.known + intake.unchanged + intake.failed.length + failed.length),
      total,
    );

  const keep = async (results: readonly FileResult<NewFile>[]): Promise<void> => {
    await catalog.write(async (tables) => {
      const read = results.flatMap((result) => ('record' in result ? [result] : []));
      const photos = await keepPhotos(
        tables,
        read.map(({ record }) => record),
      );
      await tables.paths.hold(
        read.flatMap(({ file }, i) =>
          intake.same(file).map(({ id, hashed: { state } }) => ({ id, photo: photos[i]!, state })),
        ),
      );
      for (const result of results) {
        if ('record' in result) continue;
        const { code } = result.error;
        const reason = reasonAbout(result.error);
        for (const { id, hashed } of intake.same(result.file))
          await tables.paths.failed(id, code, reason, hashed.state);
      }
    });
    for (const result of results) {
      if ('record' in result) {
        done.photos++;
        done.faces += result.record.faces.length;
      } else failed.push(...failedAlike(intake.same(result.file), result));
      intake.done(result.file, 'record' in result);
    }
    progress();
  };

  progress();
  const options = { signal, now };
  const photos = { take: () => intake.photos(), read: (files: Files) => readPhotos(files, faces), keep };
  const videos = {
    take: () => intake.videos(),
    read: (files: Files) => readVideos(files, faces, album, signal),
    keep,
  };
  try {
    do {
      await workThrough(photos, options);
      await workThrough(videos, options);
      signal?.throwIfAborted();
    } while ((await intake.othersAtWork()) && (await pause(lookAgain, true, { signal })));
  } finally {
    await intake.close();
  }
  return { ...done, known: intake.known, unchanged: intake.unchanged, failed: [...intake.failed, ...failed] };
}

/** Copies of what cannot be read cannot be read either. */
function failedAlike(
  files: readonly NewFile[],
  { file, error }: { readonly file: NewFile; readonly error: WhosinError },
): FailedFile[] {
  return files.map(({ path }) => ({
    path,
    error: path === file.path ? error : WhosinError.about(error.code, path, reasonAbout(error), error),
  }));
}
