/** Addresses of albums in PostgreSQL databases. */

import { WhosinError } from '../errors.ts';

export interface PostgresPlace {
  /** The address for the driver. */
  readonly address: string;
  /** The schema that holds the album. */
  readonly schema: string;
  /** The address for people: without a password. */
  readonly place: string;
}

const defaultSchema = 'whosin';

export function isPostgres(where: string): boolean {
  return /^postgres(ql)?:\/\//i.test(where);
}

/** Throws `usage` where it is no such address. */
export function postgresPlace(where: string): PostgresPlace {
  const url = isPostgres(where) && URL.canParse(where) ? new URL(where) : undefined;
  if (url === undefined || url.pathname.length < 2) {
    throw new WhosinError(
      'usage',
      `"${withoutPassword(where)}" is not the address of a database: postgres://user@host/database.`,
    );
  }
  const album = url.searchParams.get('album');
  // PostgreSQL cuts longer names off without a word.
  if (album !== null && !/^[a-z][a-z0-9_]{0,54}$/.test(album)) {
    throw new WhosinError(
      'usage',
      `"${album}" cannot name an album of a database: small letters, digits and _, 55 at most.`,
    );
  }
  url.searchParams.delete('album');
  return {
    address: url.href,
    schema: album === null ? defaultSchema : `${defaultSchema}_${album}`,
    place: withoutPassword(where),
  };
}

function withoutPassword(where: string): string {
  return where.replace(/^([a-z]+:\/\/[^/?#@]*?):[^/?#]*@/i, '$1@').replace(/([?&]password=)[^&]*/gi, '$1…');
}
