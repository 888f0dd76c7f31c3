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
    const { groups: likenesses } = await likenessesOf(
      tables,
      summaries.map(({ id }) => id),
    );
    const open = likenesses.map((own) =>
      own.open.filter(({ state }) => state !== 'ignored').map(({ face }) => face),
    );
    const faces = new Map((await tables.faces.byIds(open.flat())).map((face) => [face.id, face]));
    const photosOf = new Set([...faces.values()].map(({ photo }) => photo));
    const taken = new Map((await tables.photos.byIds([...photosOf])).map((photo) => [photo.id, photo.taken]));
    const clearest = open.map((own) =>
      own
        .map((face) => faces.get(face)!)
        .toSorted((a, b) => (b.quality ?? 0) - (a.quality ?? 0))
        .slice(0, shown)
        .map(({ id }) => id),
    );
    const views = new Map((await faceViews(tables, clearest.flat())).map((view) => [view.face, view]));
    const likely = likenesses.map((own) => own.likely.slice(0, mostLikely));
    const people = await tables.people.byIds([...new Set(likely.flat().map(({ person }) => person))]);
    const names = new Map(people.map((person) => [person.id, person.shown]));
    const groups = summaries.map(({ id, faces: count, photos }, i): AlbumGroup => {
      const dates = open[i]!.flatMap((face) => taken.get(faces.get(face)!.photo) ?? []).toSorted();
      return {
        group: id,
        faces: count,
        photos,
        from: dates[0] ?? null,
        until: dates.at(-1) ?? null,
        likely: likely[i]!.map(({ person, probability }) => ({ person: names.get(person)!, probability })),
        shown: clearest[i]!.flatMap((face) => views.get(face) ?? []),
      };
    });
    return { total, groups };
  });
}
