/** RECIPE: how does the album stand? */

import type { PersonSummary } from '../catalog/people-table.ts';
import type { AlbumContext } from './context.ts';

export interface UnreadableFile {
  readonly path: string;
  readonly code: string;
  /** Reads on from the path. */
  readonly reason: string;
}

export interface AlbumStatus {
  readonly place: string;
  readonly photos: number;
  readonly videos: number;
  readonly faces: number;
  /** Those who have faces, the most frequent first; hidden ones too. */
  readonly people: readonly PersonSummary[];
  /** Groups of two faces or more without a name, and single faces without one. */
  readonly unnamed: { readonly groups: number; readonly faces: number; readonly single: number };
  /** Faces for which somebody is likely. */
  readonly toConfirm: number;
  readonly confirmed: number;
  readonly automatic: {
    readonly faces: number;
    /** The share that is expected to be wrong, by the probabilities; null where there are none. */
    readonly expectedWrong: number | null;
    /** Automatic names that somebody has spoken of: their number, and how many of them were wrong. */
    readonly judged: number;
    readonly corrected: number;
  };
  readonly files: { readonly pending: number; readonly failed: number; readonly gone: number };
  /** The first of the files that could not be read, and why. */
  readonly unreadable: readonly UnreadableFile[];
  /** Photos whose faces were found by another whosin or model: `add` reads them again. */
  readonly outdated: number;
}

const mostUnreadable = 20;

export async function albumStatus(album: AlbumContext): Promise<AlbumStatus> {
  const { catalog, settings } = album;
  const recipe = (await album.faces()).reader.recipe;
  return catalog.read(async (tables) => {
    const { photos, videos } = await tables.photos.counts();
    const counts = await tables.answers.counts();
    const groups = await tables.groups.countUnnamed(2);
    const single = (await tables.groups.countUnnamed(1)) - groups;
    const { count, doubt } = await tables.answers.automatic();
    const { judged, corrected } = await tables.said.judged(settings.automaticFrom);
    return {
      place: catalog.place,
      photos,
      videos,
      faces: Object.values(counts).reduce((a, b) => a + b, 0) - counts['not-a-face'],
      people: await tables.people.summaries(),
      unnamed: { groups, faces: counts.unnamed + counts.suggested, single },
      toConfirm: counts.suggested,
      confirmed: counts.confirmed,
      automatic: { faces: count, expectedWrong: count === 0 ? null : doubt / count, judged, corrected },
      files: await tables.paths.counts(),
      unreadable: await tables.paths.failures(mostUnreadable),
      outdated: await tables.photos.readOtherwise(recipe),
    };
  });
}
