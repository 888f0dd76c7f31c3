/**
 * The places of all groups, in memory: a person who gets a name is compared with each of them. After the first time only
 * those are read that have changed, whoever changed them.
 */

import type { Catalog } from '../../catalog/catalog.ts';
import type { GroupPlace } from '../../catalog/groups-table.ts';

export interface GroupPlaces {
  /** As they are now; to be gone through as often as wanted. */
  all(catalog: Catalog): Promise<() => Iterable<GroupPlace>>;
}

export function openGroupPlaces(): GroupPlaces {
  const known = new Map<number, GroupPlace>();
  let seen = { first: -1, last: -1 };
  return {
    all: (catalog) =>
      catalog.read(async ({ groups }) => {
        const now = await groups.places();
        if (now.first !== seen.first) {
          // All answers were dropped, and made anew under other numbers.
          known.clear();
          for await (const part of groups.eachPlace()) for (const place of part) known.set(place.id, place);
        } else if (now.last !== seen.last) {
          for (const { id, place } of await groups.placedAfter(seen.last)) {
            if (place === null) known.delete(id);
            else known.set(id, place);
          }
        }
        seen = now;
        return () => known.values();
      }),
  };
}
