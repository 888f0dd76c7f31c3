/**
 * RECIPE: new faces come into groups. A small album is grouped as a whole; in a large one, new faces join the groups that
 * stand, and all are grouped anew when enough of them have come. After that the groups are the same in whatever order
 * the photos came; until then a new face is where it belonged among the groups that stood.
 */

import type { Tables } from '../../catalog/catalog.ts';
import type { SaidKind } from '../../catalog/said.ts';
import type { AlbumContext } from '../context.ts';
import { type Grouping, groupingOf } from '../facts/grouping.ts';
import { groupAnew } from './group.ts';
import { growGroups } from './grow.ts';

/** All faces are grouped anew when the album has grown by this share of them: it takes less than reading the new photos. */
const mostGrown = 1 / 20;

/** Entries that tell who belongs together: their faces are grouped with all others. */
const binding = new Set<SaidKind>(['same', 'different', 'split']);

/** @param onStart called if there is something to group */
export async function groupNewFaces(album: AlbumContext, onStart?: () => void): Promise<void> {
  const { fresh, grouping } = await album.catalog.read(async (tables) => {
    const known = await groupingOf(tables);
    const faces = await tables.answers.ungrouped(known?.last ?? 0);
    const isDue = known === null || isWhole(known, faces.length, album) || (await areBound(tables, faces));
    return { fresh: faces, grouping: isDue ? null : known };
  });
  if (fresh.length === 0) return;
  onStart?.();
  if (grouping === null) await groupAnew(album);
  // If somebody else has grouped faces meanwhile, these are compared with the groups that stand now.
  else if (!(await growGroups(album, fresh, grouping))) await groupNewFaces(album);
}

/** Whether too many faces are new, or the album is so small that all can be grouped each time. */
function isWhole({ faces, grown }: Grouping, fresh: number, { settings }: AlbumContext): boolean {
  return faces + grown + fresh <= settings.wholeUpTo || grown + fresh > faces * mostGrown;
}

async function areBound({ mentions }: Tables, faces: readonly number[]): Promise<boolean> {
  return (await mentions.about(faces)).some(({ kind }) => binding.has(kind));
}
