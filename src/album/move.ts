/** RECIPE: an album into another file, or into a database. */

import { dirname } from 'node:path';
import { type CopyOptions, copyCatalog } from '../catalog/copy-catalog.ts';
import { openCatalog } from '../catalog/open-catalog.ts';
import { isPostgres } from '../catalog/postgres-address.ts';
import { makeFolder } from '../runtime/make-folder.ts';
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
 * @throws WhosinError `in-use` if there is an album already
 */
export async function moveAlbum(
  { catalog, config }: AlbumContext,
  where: string,
  options?: MoveOptions,
): Promise<Moved> {
  const address = albumPlace(where, config);
  if (!isPostgres(address)) await makeFolder(dirname(address));
  const target = await openCatalog(address, { create: true });
  try {
    return { place: target.place, rows: await copyCatalog(catalog, target, options) };
  } finally {
    await target.close();
  }
}
