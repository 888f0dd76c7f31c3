/** RECIPE: jobs that were tried too often are given up: their files cannot be read, and the album reports why. */

import { groupedBy } from '../../core/grouped.ts';
import { WhosinError } from '../../errors.ts';
import type { ReadQueue } from '../../jobs/read-queue.ts';
import type { AlbumContext } from '../context.ts';
import { type FailedFile, reasonAbout } from '../reading/sort-files.ts';

const atOnce = 50;

export async function giveUpDead(
  { catalog }: AlbumContext,
  queue: ReadQueue,
): Promise<readonly FailedFile[]> {
  const dead = await queue.dead(atOnce);
  if (dead.length === 0) return [];
  return catalog.write(async (tables) => {
    const files = groupedBy(
      await tables.waiting.ofContents(dead.map(({ sha256 }) => sha256)),
      ({ sha256 }) => sha256,
    );
    const failed: FailedFile[] = [];
    for (const { sha256, reason } of dead) {
      for (const { id, path, state } of files.get(sha256) ?? []) {
        const error =
          reason === undefined
            ? WhosinError.about(
                'interrupted',
                path,
                'ended every worker that read it, or kept it busy for ever',
              )
            : WhosinError.about('not-found', path, `could not be read: ${reason}`);
        // A file that nobody could get at is tried again by the next `add`, one that ends workers is not.
        await tables.paths.failed(id, error.code, reasonAbout(error), reason === undefined ? state : null);
        failed.push({ path, error });
      }
    }
    await queue.bury(tables, dead);
    return failed;
  });
}
