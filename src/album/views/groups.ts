/** RECIPE: which groups have no name yet? The largest first. */

import type { AlbumContext } from '../context.ts';
import { type FaceView, faceViews } from '../facts/face-views.ts';
import { likenessesOf } from '../naming/group-likeness.ts';

export interface AlbumGroup {
  readonly group: number;
  /** Faces without a name, and the photos that they are in. */
  readonly faces: number;
  readonly photos: number;
  /** From when to when, as clocks showed it there. */
  readonly from: string | null;
  readonly until: string | null;
  /** Who it may be, the likeliest first. */
  readonly likely: readonly { readonly person: string; readonly probability: number }[];
  /** Some of the faces, the clearest first. */
  readonly shown: readonly FaceView[];
}

export interface GroupsOptions {
  readonly limit?: number;
  /** Groups of fewer faces are left out; 2 if not said otherwise. */
  readonly least?: number;
  /** Faces of each that are shown. */
  readonly shown?: number;
}

export interface AlbumGroups {
  readonly total: number;
  readonly groups: readonly AlbumGroup[];
}

const mostLikely = 3;

export async function unnamedGroups(
  { catalog }: AlbumContext,
  { limit = 50, least = 2, shown = 12 }: GroupsOptions = {},
): Promise<AlbumGroups> {
  return catalog.read(async (tables) => {
    const total = await tables.groups.countUnnamed(least);
    const summaries = await tables.groups.unnamed(limit, least);
    const names = new Map((await tables.people.all()).map((person) => [person.id, person.shown]));
    const { groups: likenesses } = await likenessesOf(
      tables,
      summaries.map(({ id }) => id),
    );
    const groups: AlbumGroup[] = [];
    for (const [i, { id, faces, photos }] of summaries.entries()) {
      const { open, likely } = likenesses[i]!;
      const ids = open.filter(({ state }) => state !== 'ignored').map(({ face }) => face);
      const rows = await tables.faces.byIds(ids);
      const clearest = rows.toSorted((a, b) => (b.quality ?? 0) - (a.quality ?? 0)).slice(0, shown);
      const dates = (await tables.photos.byIds([...new Set(rows.map(({ photo }) => photo))]))
        .flatMap(({ taken }) => taken ?? [])
        .toSorted();
      groups.push({
        group: id,
        faces,
        photos,
        from: dates[0] ?? null,
        until: dates.at(-1) ?? null,
        likely: likely
          .slice(0, mostLikely)
          .map(({ person, probability }) => ({ person: names.get(person)!, probability })),
        shown: await faceViews(
          tables,
          clearest.map((face) => face.id),
        ),
      });
    }
    return { total, groups };
  });
}
