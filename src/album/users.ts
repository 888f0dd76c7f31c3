/** RECIPE: who may use the album through a server? Each album has users of its own: nobody else sees it. */

import { createHash, randomBytes } from 'node:crypto';
import type { UserRow } from '../catalog/users-table.ts';
import { WhosinError } from '../errors.ts';
import type { AlbumContext } from './context.ts';

/** `look`: sees and searches. `answer`: names too, and takes back their own words. `own`: everything. */
export type Role = 'look' | 'answer' | 'own';

export const roles: readonly Role[] = ['look', 'answer', 'own'];

export interface AlbumUser {
  readonly name: string;
  readonly role: Role;
  /** Milliseconds since 1970. */
  readonly added: number;
  /** Another one each time the user is added. */
  readonly key: string;
}

/** Secrets that are told once and stored nowhere. */
export interface Invitation {
  readonly user: AlbumUser;
  /** Programs send it for as long as the user is there. */
  readonly token: string;
  /** Lets one browser in, within a week. */
  readonly link: string;
}

export interface AlbumUsers {
  list(): Promise<readonly AlbumUser[]>;
  /** Whoever has this name already gets this role; their token, link and cookies end. Throws `usage` if it is no name. */
  add(name: string, role: Role): Promise<Invitation>;
  /** Throws `not-found`. */
  remove(name: string): Promise<void>;
  byName(name: string): Promise<AlbumUser | undefined>;
  byToken(token: string): Promise<AlbumUser | undefined>;
  /** Whom a link lets in; it is good no more then. */
  redeem(link: string): Promise<AlbumUser | undefined>;
}

/** Milliseconds. */
const linkLasts = 7 * 24 * 3_600_000;

export function albumUsers({ catalog, now }: Pick<AlbumContext, 'catalog' | 'now'>): AlbumUsers {
  return {
    list: () => catalog.read(async ({ users }) => (await users.all()).map(userOf)),

    async add(name, role) {
      // oxlint-disable-next-line no-control-regex -- those are what no name holds
      if (!/^[^\s\u0000-\u001f](?:[^\u0000-\u001f]{0,58}[^\s\u0000-\u001f])?$/u.test(name)) {
        throw new WhosinError('usage', 'The name of a user has 1 to 60 letters, in one line.');
      }
      const [token, link] = [newSecret(), newSecret()];
      const added = now();
      const row = {
        name,
        role,
        token: stored(token),
        link: stored(link),
        link_until: added + linkLasts,
        added,
      };
      await catalog.write(({ users }) => users.put(row));
      return { user: userOf(row), token, link };
    },

    async remove(name) {
      if (await catalog.write(({ users }) => users.remove(name))) return;
      throw new WhosinError(
        'not-found',
        `This album has no user ${JSON.stringify(name)} (whosin album users).`,
      );
    },

    byName: (name) => one(({ users }) => users.byName(name)),
    byToken: (token) => one(({ users }) => users.byToken(stored(token))),

    async redeem(link) {
      // Whoever guesses must not keep those waiting who write.
      const known = await catalog.read(async ({ users }) => (await users.all()).map((user) => user.link));
      if (!known.includes(stored(link))) return undefined;
      const row = await catalog.write(({ users }) => users.take(stored(link), now()));
      return row && userOf(row);
    },
  };

  async function one(find: Parameters<typeof catalog.read<UserRow | undefined>>[0]) {
    const row = await catalog.read(find);
    return row && userOf(row);
  }
}

function userOf({ name, role, added, token }: UserRow): AlbumUser {
  return { name, role, added, key: token };
}

/** Nobody guesses it, so that its SHA-256 can be stored without salt. */
function newSecret(): string {
  return randomBytes(24).toString('base64url');
}

function stored(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
