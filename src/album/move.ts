/** RECIPE: an album into another file, or into a database. */

import { type CopyOptions, copyCatalog } from '../catalog/copy-catalog.ts';
import { openAlbumCatalog } from './album-catalog.ts';
import { albumPlace } from './album-place.ts';
import type { AlbumContext } from './context.ts';

export interface Moved {
  /** The new one, without a password. */
  readonly place: string;
  readonly rows: number;
}

export type MoveOptions = CopyOptions;

/**
 * Everything is there as it is here, with the same numbers. The old album stays as it is.
 *
 * @param where as `openAlbum` takes it; empty, or not there yet
 * @throws WhosinError `in-use` if there is an album already, `cannot-write` if it cannot be made there
 */
export async function moveAlbum(
  { catalog, config }: AlbumContext,
  where: string,
  options?: MoveOptions,
): Promise<Moved> {
  const target = await openAlbumCatalog(albumPlace(where, config), { create: true });
  try {
    return { place: target.place, rows: await copyCatalog(catalog, target, options) };
  } finally {
    await target.close();
  }
}
