/**
 * RECIPE: on a database that many machines share, files that wait go into the queue, and whoever is there reads them: this
 * process too, so that an album is read where no worker runs. It ends when all is read.
 */

import { type ErrorCode, WhosinError } from '../../errors.ts';
import type { ReadQueue } from '../../jobs/read-queue.ts';
import type { AlbumContext } from '../context.ts';
import type { PendingRead, ReadOptions } from '../reading/read-pending.ts';
import { listPending } from './list-pending.ts';
import { workOff } from './work-off.ts';

/** Failures that are compared, before and after. */
const mostFailures = 10_000;

export async function readQueued(
  album: AlbumContext,
  queue: ReadQueue,
  { signal, onProgress }: ReadOptions = {},
): Promise<PendingRead> {
  const { recipe } = (await album.faces()).reader;
  const before = await stand(album);
  if (before.pending === 0) return { photos: 0, faces: 0, known: 0, unchanged: 0, failed: [] };
  const broken = new AbortController();
  const stopped = signal ? AbortSignal.any([signal, broken.signal]) : broken.signal;
  let isListing = true;
  const progress = async (): Promise<void> => {
    const { pending } = await album.catalog.read(({ paths }) => paths.counts());
    onProgress?.(Math.max(0, before.pending - pending), before.pending);
  };
  onProgress?.(0, before.pending);
  const listing = listPending(album, queue, recipe, { signal: stopped, urgent: true });
  const working = workOff(album, queue, {
    signal: stopped,
    moreMayCome: () => isListing,
    onProgress: () => void progress().catch(() => {}),
    onIdle: progress,
  });
  const [listed, worked] = await Promise.all([listing.finally(() => (isListing = false)), working]).catch(
    async (error: unknown) => {
      broken.abort();
      // Both have ended before anybody closes what they use.
      await Promise.allSettled([listing, working]);
      throw error;
    },
  );
  signal?.throwIfAborted();
  await progress();
  const after = await stand(album);
  const earlier = new Set(before.failures.map(({ path }) => path));
  // Other workers failed to read these.
  const others = after.failures
    .filter(({ path }) => !earlier.has(path))
    .map(({ path, code, reason }) => ({ path, error: WhosinError.about(code as ErrorCode, path, reason) }));
  const failed = new Map([...others, ...listed.failed, ...worked.failed].map((file) => [file.path, file]));
  return {
    photos: Math.max(worked.photos, after.photos - before.photos),
    faces: Math.max(worked.faces, after.faces - before.faces),
    known: listed.known,
    unchanged: listed.unchanged,
    failed: [...failed.values()],
  };
}

async function stand({ catalog }: AlbumContext) {
  return catalog.read(async ({ paths, rows }) => ({
    pending: (await paths.counts()).pending,
    failures: await paths.failures(mostFailures),
    photos: await rows.count('photos'),
    faces: await rows.count('faces'),
  }));
}
