/** RECIPE: keep up with folders: what is added, changed, moved or deleted in them. */

import { existsSync, type FSWatcher, watch } from 'node:fs';
import { resolve } from 'node:path';
import { WhosinError } from '../../errors.ts';
import type { AlbumContext } from '../context.ts';
import { type Added, type AddOptions, addPhotos } from './add.ts';

export interface WatchOptions extends Pick<AddOptions, 'onProgress'> {
  readonly signal: AbortSignal;
  /** Told after every look in which something had changed, and after the first one. */
  readonly onAdded?: (added: Added) => void;
  /** Milliseconds without a change after which a look is taken: photos come in bursts. */
  readonly quiet?: number;
  /** Milliseconds after which everything is looked at, whatever was heard: network drives do not tell of changes. */
  readonly lookEvery?: number;
}

/** Changes in a row after which it is not waited for quiet any longer. */
const mostBursts = 1000;

const defaultQuiet = 2000;
const defaultLookEvery = 15 * 60_000;

/**
 * Ends where the signal says so; what was under way is finished or goes on with the next `add`.
 *
 * @throws WhosinError `not-found` if one of the paths is not there at the beginning
 */
export async function watchPhotos(
  album: AlbumContext,
  paths: readonly string[],
  { signal, onAdded, onProgress, quiet = defaultQuiet, lookEvery = defaultLookEvery }: WatchOptions,
): Promise<void> {
  const roots = paths.map((path) => resolve(path));
  for (const root of roots) {
    if (!existsSync(root)) throw WhosinError.about('not-found', root, 'is not there');
  }
  const changes = openChanges();
  try {
    for (let due: readonly string[] = roots, first = true; !signal.aborted; first = false) {
      const added = await addPhotos(album, due, {
        signal,
        onFolder: (folder) => changes.follow(folder),
        ...(onProgress && { onProgress }),
      });
      if (first || hasChanged(added)) onAdded?.(added);
      due = (await changes.next(quiet, lookEvery, signal)) ?? roots;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    changes.close();
  }
}

function hasChanged({ photos, known, gone, failed }: Added): boolean {
  return photos + known + gone + failed.length > 0;
}

interface Changes {
  follow(folder: string): void;
  /** Folders in which something has changed, once it is quiet again; undefined where nothing was heard for so long. */
  next(quiet: number, longest: number, signal: AbortSignal): Promise<readonly string[] | undefined>;
  close(): void;
}

/** One watcher for each folder: that is what systems count, and files come and go. */
function openChanges(): Changes {
  const watchers = new Map<string, FSWatcher>();
  const changed = new Set<string>();
  let heard = (): void => {};
  const leave = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  return {
    follow(folder) {
      if (watchers.has(folder)) return;
      try {
        const watcher = watch(folder, () => {
          changed.add(folder);
          heard();
        });
        // The folder was removed: the one above it has told so.
        watcher.on('error', () => leave(folder));
        watchers.set(folder, watcher);
      } catch {
        // More folders than the system watches: the regular look finds what changes there.
      }
    },

    async next(quiet, longest, signal) {
      /** Whether something was heard before the time was over. */
      const hears = (milliseconds: number): Promise<boolean> =>
        new Promise((done) => {
          const finish = (something: boolean) => (): void => {
            clearTimeout(timer);
            signal.removeEventListener('abort', stop);
            heard = () => {};
            done(something);
          };
          const stop = finish(false);
          const timer = setTimeout(stop, milliseconds);
          heard = finish(true);
          signal.addEventListener('abort', stop);
        });
      if (changed.size === 0 && !signal.aborted) await hears(longest);
      if (changed.size === 0) return undefined;
      for (let bursts = 0; bursts < mostBursts && !signal.aborted && (await hears(quiet)); ) bursts++;
      const folders = [...changed].filter((folder) => existsSync(folder));
      changed.clear();
      return folders;
    },

    close() {
      for (const folder of watchers.keys()) leave(folder);
    },
  };
}
