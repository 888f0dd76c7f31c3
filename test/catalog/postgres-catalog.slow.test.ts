import { afterAll, describe, onTestFinished } from 'vitest';
import { openPostgresCatalog } from '../../src/catalog/open-postgres.ts';
import { describeWherePostgresIs } from '../postgres/describe-with-postgres.ts';
import { openPglite, type TestDatabase } from '../postgres/pglite-server.ts';
import { openPostgres } from '../postgres/postgres-server.ts';
import { catalogContract } from './catalog-contract.ts';

/** The contract, each test of it in an album of its own. */
function contractOn(name: string, open: () => Promise<TestDatabase>, connections: number): void {
  let database: Promise<TestDatabase> | undefined;
  afterAll(async () => (await database)?.close());
  let albums = 0;
  catalogContract(name, async () => {
    database ??= open();
    const address = new URL((await database).address);
    address.searchParams.set('album', `test${albums++}`);
    const catalog = await openPostgresCatalog(address.href, { connections });
    onTestFinished(() => catalog.close());
    return catalog;
  });
}

describe('inside the process', () => {
  contractOn('a catalog on PGlite', openPglite, 1);
});
describeWherePostgresIs('as a server', () => {
  contractOn('a catalog on PostgreSQL', openPostgres, 4);
});
