/** Files that wait to be read, a few at a time. A file that is known by its content, or cannot be read, is dealt with at once. */

import type { PendingPath } from '../../catalog/waiting-table.ts';
import { isVideo } from '../../photos/photo-files.ts';
import type { AlbumContext } from '../context.ts';
import { openClaims } from './claims.ts';
import { type FailedFile, hashedOrFailed, type NewFile, sortFiles } from './sort-files.ts';

export interface Intake {
  /** The next photos; none where all have been taken, by whomever. Videos are put aside until then. */
  photos(): Promise<readonly NewFile[]>;
  videos(): Promise<readonly NewFile[]>;
  /** A file and those that hold the same: one is read for all of them. They count as taken until then. */
  same(file: NewFile): readonly NewFile[];
  /** @param read whether it could be; if not, those that hold the same are not known either */
  done(file: NewFile, read: boolean): void;
  /** Whether somebody else is reading files that wait; if they are killed, what they had taken can be taken then. */
  othersAtWork(): Promise<boolean>;
  close(): Promise<void>;
  /** So far: copies, and files that were moved. */
  readonly known: number;
  /** Files that hold what they held when they were read last. */
  readonly unchanged: number;
  readonly failed: readonly FailedFile[];
}

/** Files whose hashes are looked up at once. */
const takenAtOnce = 32;

export function openIntake({ catalog, now }: AlbumContext, recipe: string, signal?: AbortSignal): Intake {
  const claims = openClaims(catalog, now);
  const taken = new Map<string, NewFile[]>();
  const videos: NewFile[] = [];
  const failed: FailedFile[] = [];
  let known = 0;
  let unchanged = 0;

  const take = (): Promise<readonly PendingPath[]> =>
    catalog.write(({ waiting }) =>
      waiting.take({ limit: takenAtOnce, claimer: claims.claimer, now: now(), free: claims.free() }),
    );
  /** @returns those that are new */
  const sort = async (files: readonly PendingPath[]): Promise<readonly NewFile[]> => {
    const hashed = await Promise.all(files.map((file) => hashedOrFailed(file, now(), signal)));
    const sorted = await catalog.write((tables) => sortFiles(tables, hashed, recipe));
    known += sorted.known;
    unchanged += sorted.unchanged;
    failed.push(...sorted.failed);
    return sorted.fresh;
  };

  return {
    get known() {
      return known;
    },
    get unchanged() {
      return unchanged;
    },
    failed,

    async photos() {
      for (;;) {
        const files = await take();
        if (files.length === 0 || signal?.aborted) return [];
        const firsts: NewFile[] = [];
        for (const file of await sort(files)) {
          const others = taken.get(file.hashed.sha256);
          if (others) others.push(file);
          else {
            taken.set(file.hashed.sha256, [file]);
            firsts.push(file);
          }
        }
        videos.push(...firsts.filter(({ path }) => isVideo(path)));
        const photos = firsts.filter(({ path }) => !isVideo(path));
        if (photos.length > 0) return photos;
      }
    },

    videos: async () => videos.splice(0, 1),
    same: (file) => taken.get(file.hashed.sha256)!,

    done(file, read) {
      if (read) known += taken.get(file.hashed.sha256)!.length - 1;
      taken.delete(file.hashed.sha256);
    },

    othersAtWork: () => claims.ofOthers(),
    // If that fails, nobody renews the claims any more.
    close: () => claims.close().catch(() => {}),
  };
}
