/**
 * Files that wait to be read. Somebody takes them to look into them; a file whose content nobody has read then waits in the
 * queue, under that content, until a worker has read it.
 */

import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { chunksOf, gathered } from './chunks.ts';
import { settledPath } from './paths-table.ts';
import type { Schema } from './schema.ts';
import { valueById } from './value-by-id.ts';

export interface PendingPath {
  readonly id: number;
  readonly path: string;
  readonly state: string | null;
  /** Held when it was read last. */
  readonly photo: number | null;
}

/** A file with its content, and how it was when that was found. */
export interface FileInQueue {
  readonly id: number;
  readonly sha256: string;
  readonly state: string | null;
}

export interface QueuedPath extends PendingPath {
  readonly sha256: string;
}

export interface TakeOptions {
  readonly limit: number;
  /** Whoever takes them: no two that are at work share it. */
  readonly claimer: string;
  readonly now: number;
  /** Files that others took before this moment and have not renewed since may be taken from them. */
  readonly free: number;
  /** Leaves those that are in the queue. */
  readonly unqueued?: boolean;
}

export interface WaitingTable {
  /** The next ones that nobody has taken. */
  take(options: TakeOptions): Promise<readonly PendingPath[]>;
  /** Those who have taken files that still wait. */
  claimers(): Promise<readonly string[]>;
  /** They are at work still. */
  renew(claimer: string, now: number): Promise<void>;
  /** Gives back what they had taken. */
  release(claimer: string): Promise<void>;
  /** The files wait in the queue; nobody has taken them any more. */
  enqueue(files: readonly FileInQueue[]): Promise<void>;
  /** Files in the queue, by content. */
  contents(after: string, limit: number): Promise<readonly QueuedPath[]>;
  /** Files of these contents that are in the queue, the first ones first. */
  ofContents(sha256s: readonly string[]): Promise<readonly QueuedPath[]>;
  /** These contents have been read: the files hold them. Their photos are in the album. */
  hold(sha256s: readonly string[]): Promise<void>;
  isAny(): Promise<boolean>;
}

export function waitingTable(db: Kysely<Schema>): WaitingTable {
  // A literal, by which SQLite knows that the index of pending ones will do.
  const isPending = sql.lit(1);
  const pending = () =>
    db
      .selectFrom('paths')
      .innerJoin('folders', 'folders.id', 'paths.folder')
      .select([
        'paths.id',
        'folders.path as folderPath',
        'paths.name',
        'paths.state',
        'paths.photo',
        'paths.sha256',
      ])
      .where('paths.pending', '=', isPending);
  const queued = () => pending().where('paths.sha256', 'is not', null);

  return {
    async take({ limit, claimer, now, free, unqueued = false }) {
      const rows = await pending()
        .where((eb) =>
          eb.or([
            eb('paths.claimed', 'is', null),
            eb.and([eb('paths.claimed', '<', free), eb('paths.claimer', '!=', claimer)]),
          ]),
        )
        .$if(unqueued, (query) => query.where('paths.sha256', 'is', null))
        .orderBy('paths.id')
        .limit(limit)
        .execute();
      for (const part of chunksOf(rows.map(({ id }) => id))) {
        await db.updateTable('paths').set({ claimed: now, claimer }).where('id', 'in', part).execute();
      }
      return rows.map(pendingPath);
    },

    async claimers() {
      const rows = await db
        .selectFrom('paths')
        .select('claimer')
        .distinct()
        .where('pending', '=', isPending)
        .where('claimer', 'is not', null)
        .execute();
      return rows.map(({ claimer }) => claimer!);
    },

    async renew(claimer, now) {
      await db
        .updateTable('paths')
        .set({ claimed: now })
        .where('pending', '=', isPending)
        .where('claimer', '=', claimer)
        .execute();
    },

    async release(claimer) {
      await db
        .updateTable('paths')
        .set({ claimed: null, claimer: null })
        .where('pending', '=', isPending)
        .where('claimer', '=', claimer)
        .execute();
    },

    async enqueue(files) {
      for (const part of chunksOf(files)) {
        await db
          .updateTable('paths')
          .set({ sha256: valueById(part, ({ sha256 }) => sha256) })
          .set({ state: valueById(part, ({ state }) => state) })
          .set({ claimed: null, claimer: null })
          .where(
            'id',
            'in',
            part.map(({ id }) => id),
          )
          .execute();
      }
    },

    contents: async (after, limit) =>
      (await queued().where('paths.sha256', '>', after).orderBy('paths.sha256').limit(limit).execute()).map(
        queuedPath,
      ),

    ofContents: async (sha256s) =>
      (
        await gathered(sha256s, (part) =>
          queued().where('paths.sha256', 'in', part).orderBy('paths.id').execute(),
        )
      ).map(queuedPath),

    async hold(sha256s) {
      for (const part of chunksOf(sha256s)) {
        await db
          .updateTable('paths')
          .set((eb) => ({
            photo: eb
              .selectFrom('photos')
              .select('photos.id')
              .whereRef('photos.sha256', '=', eb.ref('paths.sha256')),
            ...settledPath,
            gone: 0,
            code: null,
            reason: null,
          }))
          .where('pending', '=', isPending)
          .where('sha256', 'in', part)
          .execute();
        await db
          .updateTable('photos')
          .set({ absent: 0 })
          .where('absent', '=', 1)
          .where('sha256', 'in', part)
          .execute();
      }
    },

    async isAny() {
      const row = await db
        .selectFrom('paths')
        .select('id')
        .where('pending', '=', isPending)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

interface WaitingRow {
  readonly id: number;
  readonly folderPath: string;
  readonly name: string;
  readonly state: string | null;
  readonly photo: number | null;
  readonly sha256: string | null;
}

function pendingPath({ id, folderPath, name, state, photo }: WaitingRow): PendingPath {
  return { id, path: join(folderPath, name), state, photo };
}

function queuedPath(row: WaitingRow): QueuedPath {
  return { ...pendingPath(row), sha256: row.sha256! };
}
