/** How the faces of an album came into their groups: what has to be known before more come. */

import type { Tables } from '../../catalog/catalog.ts';
import type { Grouped } from '../../faces/people/group-album.ts';

export interface Grouping extends Grouped {
  /** The newest face that was looked at: those without a group up to here are too unclear to be in one. */
  readonly last: number;
  /** Faces that came into groups since all were grouped. */
  readonly grown: number;
}

const key = 'grouping';

/** @returns nothing if all faces have to be grouped anew */
export async function groupingOf({ meta }: Tables): Promise<Grouping | null> {
  return JSON.parse((await meta.get(key)) ?? 'null') as Grouping | null;
}

export async function setGrouping({ meta }: Tables, grouping: Grouping | null): Promise<void> {
  await meta.set(key, JSON.stringify(grouping));
}

/** These faces, which have no group, wait for one. */
export async function awaitGroups(tables: Tables, faces: readonly number[]): Promise<void> {
  const grouping = await groupingOf(tables);
  if (grouping === null || faces.length === 0) return;
  const last = Math.min(grouping.last, ...faces.map((face) => face - 1));
  if (last < grouping.last) await setGrouping(tables, { ...grouping, last });
}
