/** Files that a worker has read are kept, and its jobs are done, in one transaction. Twice is harmless: the second time there is nothing left to keep. */

import type { Tables } from '../../catalog/catalog.ts';
import type { QueuedPath } from '../../catalog/waiting-table.ts';
import { groupedBy } from '../../core/grouped.ts';
import type { WhosinError } from '../../errors.ts';
import type { ReadJob, ReadQueue } from '../../jobs/read-queue.ts';
import { keepPhotos } from '../reading/keep-photo.ts';
import type { ReadRecord } from '../reading/read-file.ts';
import { reasonAbout } from '../reading/sort-files.ts';

export type ReadResult = { readonly job: ReadJob } & (
  | { readonly record: ReadRecord }
  | { readonly error: WhosinError }
);

export interface Kept {
  /** Photos and videos that came into the album now, and their faces. */
  readonly photos: number;
  readonly faces: number;
  /** Files that cannot be read. */
  readonly failed: readonly { readonly path: string; readonly error: WhosinError }[];
}

export async function keepRead(
  tables: Tables,
  queue: ReadQueue,
  results: readonly ReadResult[],
): Promise<Kept> {
  const files = groupedBy(
    await tables.waiting.ofContents(results.map(({ job }) => job.sha256)),
    ({ sha256 }) => sha256,
  );
  // Somebody else has read the others meanwhile, or their files are gone.
  const wanted = results.filter(({ job }) => files.has(job.sha256));
  const records = wanted.flatMap((result) => ('record' in result ? [result.record] : []));
  const failed = wanted.flatMap((result) =>
    'error' in result ? files.get(result.job.sha256)!.map((file) => ({ ...file, error: result.error })) : [],
  );
  const ids = await keepPhotos(tables, records);
  const moved = records.flatMap(({ photo: { sha256 } }, i) =>
    files
      .get(sha256)!
      .filter(holdsAnother)
      .map(({ id, state }) => ({ id, photo: ids[i]!, state })),
  );
  await tables.paths.hold(moved);
  await tables.waiting.hold(records.map(({ photo }) => photo.sha256));
  for (const { id, state, error } of failed) {
    await tables.paths.failed(id, error.code, reasonAbout(error), state);
  }
  await queue.done(
    tables,
    results.map(({ job }) => job),
  );
  return {
    photos: records.length,
    faces: records.reduce((sum, { faces }) => sum + faces.length, 0),
    failed,
  };
}

/** Held something before: the photo that it held may be nowhere now. */
function holdsAnother({ photo }: QueuedPath): boolean {
  return photo !== null;
}
