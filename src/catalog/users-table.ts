/** Those who may use an album through a server, besides its owner. */

import type { Kysely, Selectable } from 'kysely';
import type { Schema, UsersTable as UsersRows } from './schema.ts';

export type UserRow = Selectable<UsersRows>;

export interface UsersTable {
  /** By name. */
  all(): Promise<readonly UserRow[]>;
  byName(name: string): Promise<UserRow | undefined>;
  /** @param token its SHA-256 */
  byToken(token: string): Promise<UserRow | undefined>;
  /** Puts it in place of the one with this name. */
  put(user: UserRow): Promise<void>;
  /** @returns whether there was one */
  remove(name: string): Promise<boolean>;
  /** Uses a link up. @param link its SHA-256 @returns undefined if it is not good, or no longer */
  take(link: string, now: number): Promise<UserRow | undefined>;
}

export function usersTable(db: Kysely<Schema>): UsersTable {
  const all = () => db.selectFrom('users').selectAll();
  return {
    all: () => all().orderBy('name').execute(),
    byName: (name) => all().where('name', '=', name).executeTakeFirst(),
    byToken: (token) => all().where('token', '=', token).executeTakeFirst(),

    async put(user) {
      const { name: _, ...row } = user;
      await db
        .insertInto('users')
        .values(user)
        .onConflict((oc) => oc.column('name').doUpdateSet(row))
        .execute();
    },

    async remove(name) {
      const gone = await db.deleteFrom('users').where('name', '=', name).returning('name').execute();
      return gone.length > 0;
    },

    take: (link, now) =>
      db
        .updateTable('users')
        .set({ link: null })
        .where('link', '=', link)
        .where('link_until', '>', now)
        .returningAll()
        .executeTakeFirst(),
  };
}
