/**
 * RECIPE: files that wait to be read come into the queue, by their content. Those that are known, or cannot be read, are
 * dealt with at once.
 */

import { setTimeout as pause } from 'node:timers/promises';
import type { PendingPath } from '../../catalog/waiting-table.ts';
import { groupedBy } from '../../core/grouped.ts';
import type { NewReadJob, ReadQueue } from '../../jobs/read-queue.ts';
import { isVideo } from '../../photos/photo-files.ts';
import type { AlbumContext } from '../context.ts';
import { lookAgain, openClaims } from '../reading/claims.ts';
import { type FailedFile, hashedOrFailed, type NewFile, sortFiles } from '../reading/sort-files.ts';

export interface Listed {
  /** Files whose content had been read before: copies, and files that were moved. */
  readonly known: number;
  readonly unchanged: number;
  readonly failed: readonly FailedFile[];
}

export interface ListOptions {
  readonly signal?: AbortSignal | undefined;
  /** Somebody waits for them. */
  readonly urgent: boolean;
  /** Told when the queue is full, and nothing more is put into it until workers have taken some. */
  readonly onFull?: (() => void) | undefined;
}

/** Files that are looked into at once. */
const atOnce = 64;

/** A queue takes longer to give the next job the more it holds; so much is work for some minutes on many machines. */
const mostWaiting = 2000;

export async function listPending(
  { catalog, now }: AlbumContext,
  queue: ReadQueue,
  recipe: string,
  { signal, urgent, onFull }: ListOptions,
): Promise<Listed> {
  const total = { known: 0, unchanged: 0, failed: [] as FailedFile[] };
  const claims = openClaims(catalog, now);
  const untilThereIsRoom = async (): Promise<void> => {
    for (let first = true; (await queue.count()).waiting >= mostWaiting; first = false) {
      if (first) onFull?.();
      await pause(lookAgain, undefined, { signal });
    }
  };
  const jobsOf = (files: readonly { readonly path: string; readonly sha256: string }[]): NewReadJob[] =>
    [...groupedBy(files, ({ sha256 }) => sha256)].map(([sha256, [first]]) => ({
      sha256,
      kind: isVideo(first!.path) ? 'video' : 'photo',
      urgent,
    }));

  /** An earlier run was ended, or the album comes from another database: what waits is put into the queue again. */
  const putAgain = async (): Promise<void> => {
    for (let last = ''; ; ) {
      await untilThereIsRoom();
      const files = await catalog.read(({ waiting }) => waiting.contents(last, atOnce));
      if (files.length === 0) return;
      await catalog.write((tables) => queue.put(tables, jobsOf(files)));
      last = files.at(-1)!.sha256;
    }
  };

  const put = async (files: readonly PendingPath[]): Promise<void> => {
    const hashed = await Promise.all(files.map((file) => hashedOrFailed(file, now(), signal)));
    await catalog.write(async (tables) => {
      const sorted = await sortFiles(tables, hashed, recipe);
      await tables.waiting.enqueue(
        sorted.fresh.map(({ id, hashed: { sha256, state } }) => ({ id, sha256, state })),
      );
      await queue.put(tables, jobsOf(sorted.fresh.map(withContent)));
      total.known += sorted.known;
      total.unchanged += sorted.unchanged;
      total.failed.push(...sorted.failed);
    });
  };

  try {
    await putAgain();
    for (;;) {
      signal?.throwIfAborted();
      await untilThereIsRoom();
      const files = await catalog.write(({ waiting }) =>
        waiting.take({
          limit: atOnce,
          claimer: claims.claimer,
          now: now(),
          free: claims.free(),
          unqueued: true,
        }),
      );
      if (files.length > 0) await put(files);
      else if (await claims.ofOthers()) await pause(lookAgain, undefined, { signal });
      else return total;
    }
  } finally {
    await claims.close().catch(() => {});
  }
}

function withContent({ path, hashed }: NewFile): { readonly path: string; readonly sha256: string } {
  return { path, sha256: hashed.sha256 };
}
