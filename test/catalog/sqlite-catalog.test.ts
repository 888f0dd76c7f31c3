import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openSqliteCatalog } from '../../src/catalog/open-sqlite.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { catalogContract } from './catalog-contract.ts';

catalogContract('a catalog on SQLite', async () => {
  const catalog = await openSqliteCatalog(join(await temporaryFolder(), 'album.db'));
  onTestFinished(() => catalog.close());
  return catalog;
});
