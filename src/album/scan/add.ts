/** RECIPE: photos and videos → faces → groups of one person each. Stops and goes on; costs what is new. */

import { resolve } from 'node:path';
import { WhosinError } from '../../errors.ts';
import type { UnreadNames } from '../../photos/regions/region.ts';
import type { AlbumContext } from '../context.ts';
import { finish } from '../reading/finish.ts';
import { type PendingRead, type ReadOptions, readPending } from '../reading/read-pending.ts';
import type { FailedFile } from '../reading/sort-files.ts';
import { listPending } from '../work/list-pending.ts';
import { readQueued } from '../work/read-queued.ts';
import { leaveToWorkers, noQueue } from '../work/work.ts';
import { lookAtFolders } from './look.ts';
import { lookAnew } from './look-anew.ts';

export type AddStage = 'look' | 'read' | 'group';

export interface AddOptions {
  readonly signal?: AbortSignal;
  /** `look`: files seen so far, of as many. */
  readonly onProgress?: (stage: AddStage, done: number, total: number) => void;
  /** On a database that many machines share: leaves the reading to workers, and ends when everything is in the queue. */
  readonly queue?: boolean;
  /** With `queue`: told when the queue is full, and goes on when workers have taken some. */
  readonly onFull?: () => void;
  /** Told of every folder that was looked into. */
  readonly onFolder?: (folder: string) => void;
}

export interface Added {
  /** Files that were looked at. */
  readonly files: number;
  readonly unchanged: number;
  /** Photos and videos that the album had not seen before, and their faces. */
  readonly photos: number;
  readonly faces: number;
  /** Files whose content was known: copies, and files that were moved or renamed. */
  readonly known: number;
  /** Files that are no longer there. */
  readonly gone: number;
  /** Faces that have a name by what stands in the files, and names that the files have no longer. */
  readonly named: number;
  readonly withdrawn: number;
  /** Files that may hold names and were not understood, with the reasons. */
  readonly unread: readonly UnreadNames[];
  readonly failed: readonly FailedFile[];
}

/** Throws `cancelled` where the signal says so: what was read until then is kept, and the next `add` goes on. */
export async function addPhotos(
  album: AlbumContext,
  paths: readonly string[],
  options: AddOptions = {},
): Promise<Added> {
  const { signal, onProgress, onFolder } = options;
  try {
    const looked = await lookAtFolders(album.catalog, paths, {
      now: album.now(),
      signal,
      onFolder,
      onFiles: (files) => onProgress?.('look', files, files),
    });
    await lookAnew(album);
    const read = await (options.queue ? queueOnly : readAll)(album, paths, options);
    const onGroup = (): void => onProgress?.('group', 0, 1);
    const names = options.queue ? noNames : await finish(album, paths, { signal, onGroup });
    const { files, unchanged, gone, moved } = looked;
    const { photos, faces, known } = read;
    const failed = new Map([...looked.errors, ...read.failed].map((file) => [file.path, file]));
    const { named, withdrawn, unread } = names;
    return {
      files,
      unchanged: unchanged + read.unchanged,
      photos,
      faces,
      known: known + moved,
      gone,
      named,
      withdrawn,
      unread,
      failed: [...failed.values()],
    };
  } catch (error) {
    if (!signal?.aborted) throw error;
    throw new WhosinError('cancelled', 'Stopped: the next `whosin album add` goes on from here.', {
      cause: error,
    });
  }
}

const noNames = { named: 0, withdrawn: 0, unread: [] };

/** By this process alone, or together with all workers of the album. */
async function readAll(
  album: AlbumContext,
  _paths: readonly string[],
  { signal, onProgress }: AddOptions,
): Promise<PendingRead> {
  const options: ReadOptions = { signal, onProgress: (done, total) => onProgress?.('read', done, total) };
  const queue = await album.queue();
  return queue ? readQueued(album, queue, options) : readPending(album, options);
}

async function queueOnly(
  album: AlbumContext,
  paths: readonly string[],
  { signal, onFull }: AddOptions,
): Promise<PendingRead> {
  const queue = await album.queue();
  if (queue === undefined) throw noQueue(album);
  await album.catalog.write((tables) =>
    leaveToWorkers(
      tables,
      paths.map((path) => resolve(path)),
    ),
  );
  const { recipe } = (await album.faces()).reader;
  const listed = await listPending(album, queue, recipe, { signal, onFull, urgent: false });
  return { photos: 0, faces: 0, ...listed };
}
