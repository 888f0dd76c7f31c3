/**
 * The places of all groups, in memory: a person who gets a name is compared with each of them. After the first time only
 * those are read that have changed, whoever changed them.
 */

import type { Catalog } from '../../catalog/catalog.ts';
import type { GroupPlace } from '../../catalog/groups-table.ts';
import type { MeanRows } from '../../faces/people/likeness.ts';

export interface PlacesOfGroups extends MeanRows {
  /** The group of each row. */
  readonly ids: readonly number[];
}

export interface GroupPlaces {
  /** As they are now, until they are asked for again. */
  all(catalog: Catalog): Promise<PlacesOfGroups>;
}

const firstRows = 256;

export function openGroupPlaces(): GroupPlaces {
  const ids: number[] = [];
  const rowOf = new Map<number, number>();
  let k = 0;
  let values = new Float32Array(0);
  let seen = { first: -1, last: -1 };

  const put = ({ id, z, squares }: GroupPlace): void => {
    k = z.length;
    const row = rowOf.get(id) ?? ids.push(id) - 1;
    rowOf.set(id, row);
    if ((row + 1) * 2 * k > values.length) {
      const larger = new Float32Array(Math.max(firstRows, row * 2) * 2 * k);
      larger.set(values);
      values = larger;
    }
    values.set(z, row * 2 * k);
    values.set(squares, (row * 2 + 1) * k);
  };
  /** The last row takes its place. */
  const remove = (id: number): void => {
    const row = rowOf.get(id);
    if (row === undefined) return;
    const last = ids.pop()!;
    rowOf.delete(id);
    if (last === id) return;
    ids[row] = last;
    rowOf.set(last, row);
    values.copyWithin(row * 2 * k, ids.length * 2 * k, (ids.length + 1) * 2 * k);
  };

  return {
    all: (catalog) =>
      catalog.read(async ({ groups }) => {
        const now = await groups.places();
        if (now.first !== seen.first) {
          // All answers were dropped, and made anew under other numbers.
          ids.length = 0;
          rowOf.clear();
          for await (const part of groups.eachPlace()) for (const place of part) put(place);
        } else if (now.last !== seen.last) {
          for (const { id, place } of await groups.placedAfter(seen.last)) {
            if (place === null) remove(id);
            else put(place);
          }
        }
        seen = now;
        return { ids, count: ids.length, k, values };
      }),
  };
}
