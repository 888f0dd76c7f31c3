/** The catalog of an album, wherever that lies; its folder is made with it. */

import { dirname } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import { openCatalog } from '../catalog/open-catalog.ts';
import { isPostgres } from '../catalog/postgres-address.ts';
import { reasonOf, WhosinError } from '../errors.ts';
import { makeFolder } from '../runtime/make-folder.ts';

/**
 * @param address as `albumPlace` gives it
 * @throws WhosinError `cannot-write` if its folder cannot be made; else as `openCatalog` does
 */
export async function openAlbumCatalog(
  address: string,
  options: { readonly create: boolean },
): Promise<Catalog> {
  if (options.create && !isPostgres(address)) {
    await makeFolder(dirname(address)).catch((error: unknown) => {
      throw WhosinError.about('cannot-write', address, `cannot be made: ${reasonOf(error)}`, error);
    });
  }
  return openCatalog(address, options);
}
