import { describe } from 'vitest';
import { postgresPrograms } from './postgres-server.ts';

/** A group of tests that is skipped, and says why, where PostgreSQL is not installed. */
export function describeWithPostgres(name: string, body: () => void): void {
  const there = postgresPrograms !== undefined;
  // oxlint-disable-next-line vitest/valid-title, vitest/valid-describe-callback -- handed through from the caller
  describe.skipIf(!there)(there ? name : `${name} (skipped: PostgreSQL is not installed)`, body);
}
