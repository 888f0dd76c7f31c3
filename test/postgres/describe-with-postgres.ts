import { afterAll, beforeAll, describe } from 'vitest';
import { openPostgres, type PostgresServer, postgresPrograms } from './postgres-server.ts';

/** A group of tests that is skipped, and says why, where PostgreSQL is not installed. */
export function describeWherePostgresIs(name: string, body: () => void): void {
  const there = postgresPrograms !== undefined;
  // oxlint-disable-next-line vitest/valid-title, vitest/valid-describe-callback -- handed through from the caller
  describe.skipIf(!there)(there ? name : `${name} (skipped: PostgreSQL is not installed)`, body);
}

/** The same with a server of its own, which is there while the tests run. */
export function describeWithPostgres(name: string, body: (server: () => PostgresServer) => void): void {
  describeWherePostgresIs(name, () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await openPostgres();
    });
    afterAll(() => server.close());
    body(() => server);
  });
}
