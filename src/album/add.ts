/** RECIPE: photos and videos → faces → groups of one person each. Stops and goes on; costs what is new. */

import { WhosinError } from '../errors.ts';
import type { UnreadNames } from '../photos/regions/region.ts';
import { calibrate } from './calibrate.ts';
import type { AlbumContext } from './context.ts';
import { groupAnew } from './group.ts';
import { groupNewFaces } from './group-new.ts';
import type { FailedFile } from './intake.ts';
import { learn } from './learn.ts';
import { lookAtFolders } from './look.ts';
import { lookAnew } from './look-anew.ts';
import { readNamesOfFiles } from './read-names.ts';
import { readPending } from './read-pending.ts';

export type AddStage = 'look' | 'read' | 'group';

export interface AddOptions {
  readonly signal?: AbortSignal;
  /** `look`: files seen so far, of as many. */
  readonly onProgress?: (stage: AddStage, done: number, total: number) => void;
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
  { signal, onProgress, onFolder }: AddOptions = {},
): Promise<Added> {
  try {
    const looked = await lookAtFolders(album.catalog, paths, {
      now: album.now(),
      signal,
      onFolder,
      onFiles: (files) => onProgress?.('look', files, files),
    });
    await lookAnew(album);
    const read = await readPending(album, {
      signal,
      onProgress: (done, total) => onProgress?.('read', done, total),
    });
    const names = await readNamesOfFiles(album, paths, signal);
    await groupNewFaces(album, () => onProgress?.('group', 0, 1));
    if (names.regroup.length > 0) await groupAnew(album, names.regroup);
    await learn(album);
    await calibrate(album);
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
