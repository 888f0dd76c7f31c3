/** Who made the photos of a set: title, author, source and licence, as the licences ask. */

import type { ContentHashes } from '../photos/content-hashes.ts';
import type { Reason } from './journal.ts';
import { readSet } from './photo-set.ts';

export interface Credit {
  readonly name: string;
  /** Relative to the set. */
  readonly path: string;
  readonly reason: Reason | null;
  readonly source?: string;
  readonly address?: string;
  readonly page?: string;
  readonly title?: string;
  readonly author?: string;
  readonly licence?: string;
  readonly licenceAddress?: string;
}

/** One for every photo that is part of the set, in the order of paths; a person's own photo has a path and nothing else. */
export async function credits(root: string, hashes?: ContentHashes): Promise<Credit[]> {
  const { photos } = await readSet(root, hashes);
  return [...photos.values()]
    .flatMap(({ name, path, reason, provenance }): Credit[] => {
      if (path === null || reason !== null) return [];
      if (!provenance) return [{ name, path, reason }];
      const { event: _event, time: _time, sha256: _sha, why: _why, ...known } = provenance;
      return [{ ...known, name, path, reason }];
    })
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
