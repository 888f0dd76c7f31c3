/** RECIPE: everything that a catalog holds, into an empty one on any database. */

import { stopIfAborted, WhosinError } from '../errors.ts';
import type { Catalog } from './catalog.ts';
import { tableNames } from './rows-table.ts';

/** Rows. */
export interface CopyProgress {
  readonly done: number;
  readonly total: number;
}

export interface CopyOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (rows: CopyProgress) => void;
}

/** Facts about a catalog itself, not about what it holds. */
const own = new Set(['schema']);

/**
 * All of it or, if it fails or is stopped, nothing: it is one transaction there. The other catalog is only read.
 *
 * @returns how many rows
 * @throws WhosinError `in-use` if something is in `to` already
 */
export async function copyCatalog(
  from: Catalog,
  to: Catalog,
  { signal, onProgress }: CopyOptions = {},
): Promise<number> {
  const copied = await from.read(async ({ rows: source }) => {
    let total = 0;
    for (const table of tableNames) total += await source.count(table);
    return to.write(async ({ rows: target }) => {
      for (const table of tableNames.filter((name) => name !== 'meta')) {
        if ((await target.count(table)) === 0) continue;
        throw WhosinError.about(
          'in-use',
          to.place,
          'is an album already: give one that is empty or is not there',
        );
      }
      let done = 0;
      for (const table of tableNames) {
        for await (const part of source.each(table)) {
          stopIfAborted(signal);
          await target.put(
            table,
            part.filter(({ key }) => table !== 'meta' || !own.has(String(key))),
          );
          done += part.length;
          onProgress?.({ done, total });
        }
      }
      await target.goOnFrom(await source.lastNumbers());
      return done;
    });
  });
  await to.survey();
  return copied;
}
