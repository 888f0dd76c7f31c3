/** A catalog wherever it is: in a file, or in a database that many machines share. */

import type { Catalog } from './catalog.ts';
import { openPostgresCatalog } from './open-postgres.ts';
import { openSqliteCatalog } from './open-sqlite.ts';
import { isPostgres } from './postgres-address.ts';

/**
 * @param where a file in a folder that is there, or the address of a PostgreSQL database
 * @throws WhosinError as `openSqliteCatalog` and `openPostgresCatalog` do
 */
export async function openCatalog(where: string, options: { readonly create: boolean }): Promise<Catalog> {
  return isPostgres(where) ? openPostgresCatalog(where, options) : openSqliteCatalog(where, options);
}
