import { afterAll, describe, onTestFinished } from 'vitest';
import { openPostgresCatalog } from '../../src/catalog/open-postgres.ts';
import { openPglite, type TestDatabase } from '../postgres/pglite-server.ts';
import { openPostgres, postgresPrograms } from '../postgres/postgres-server.ts';
import { catalogContract } from './catalog-contract.ts';

/** The contract, each test of it in an album of its own. */
async function contractOn(name: string, open: () => Promise<TestDatabase>, connections: number): Promise<void> {
  const database = await open();
  afterAll(() => database.close());
  let albums = 0;
  catalogContract(name, async () => {
    const address = new URL(database.address);
    address.searchParams.set('album', `test${albums++}`);
    const catalog = await openPostgresCatalog(address.href, { connections });
    onTestFinished(() => catalog.close());
    return catalog;
  });
}

await contractOn('a catalog on PGlite', openPglite, 1);

const title = 'a catalog on PostgreSQL';
if (postgresPrograms) await contractOn(title, openPostgres, 4);
else describe.skip(`${title} (skipped: it is not installed)`, () => {});
