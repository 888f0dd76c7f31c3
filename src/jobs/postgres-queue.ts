/** The queue that many machines share: pg-boss, in the database of the album. */

import { createHash } from 'node:crypto';
import pRetry from 'p-retry';
import type PgBoss from 'pg-boss';
import type { Tables } from '../catalog/catalog.ts';
import type { QueueRoom } from '../catalog/queue-room.ts';
import { WhosinError } from '../errors.ts';
import type { JobKind, ReadJob, ReadQueue } from './read-queue.ts';

export interface PostgresQueueOptions {
  /** Workers take jobs of their own recipe alone: an older whosin and a newer one can be at work side by side. */
  readonly recipe: string;
  /** Seconds without a sign of life after which a job is taken from its worker; 15 if left out. */
  readonly lease?: number;
  /** After so many a job is given up; 7 if left out. */
  readonly tries?: number;
}

/**
 * Within some minutes: a photo that ends its worker each time is given up, one that happened to be under way when
 * machines failed is not.
 */
const defaultTries = 7;

const defaultLease = 15;

/** Longer than anybody looks away. */
const retentionMinutes = 60 * 24 * 365;

interface Content {
  readonly sha256: string;
  readonly kind: JobKind;
}

const kinds = ['photo', 'video'] as const;

export async function openPostgresQueue(
  room: QueueRoom,
  { recipe, lease = defaultLease, tries = defaultTries }: PostgresQueueOptions,
): Promise<ReadQueue> {
  // Loaded here: only those who have such a database load it.
  const { default: Boss } = await import('pg-boss');
  const boss = new Boss({ db: databaseOf(room), schema: room.schema, supervise: false, schedule: false });
  // Its timers are off; every fault is thrown by the call that it belongs to.
  boss.on('error', () => {});
  await boss.start();
  const version = createHash('sha256').update(recipe).digest('hex').slice(0, 12);
  const nameOf = (kind: JobKind | 'dead'): string => `${room.album}-${kind}-${version}`;
  const dead = nameOf('dead');
  const retries = { retryLimit: tries - 1, retryDelay: 1, retryBackoff: true };
  const forever = { expireInSeconds: lease, retentionMinutes };
  const create = async (name: string, options: Omit<PgBoss.Queue, 'name'>): Promise<void> => {
    if ((await boss.getQueue(name)) === null) await boss.createQueue(name, { name, ...forever, ...options });
  };
  // Tables are made for it: two that do so at once may lock each other out, and one of them begins again.
  await pRetry(
    async () => {
      await create(dead, { retryLimit: 1_000_000, retryDelay: 1 });
      for (const kind of kinds) await create(nameOf(kind), { ...retries, deadLetter: dead });
    },
    {
      retries: 5,
      minTimeout: 50,
      shouldRetry: ({ error }) => error instanceof WhosinError && error.code === 'in-use',
    },
  );

  const remove = async (tables: Tables, name: string, ids: readonly string[]): Promise<void> => {
    if (ids.length > 0) await boss.deleteJob(name, [...ids], { db: databaseOf(tables.statements) });
  };
  const each = async (
    jobs: readonly ReadJob[],
    work: (name: string, ids: string[]) => Promise<unknown>,
  ): Promise<void> => {
    for (const kind of kinds) {
      const ids = jobs.filter((job) => job.kind === kind).map(({ id }) => id);
      if (ids.length > 0) await work(nameOf(kind), ids);
    }
  };
  const pull = async (name: string, limit: number): Promise<PgBoss.JobWithMetadata<Content>[]> => {
    // pg-boss takes a database that is away for an empty queue.
    let fault: unknown;
    const db: PgBoss.Db = {
      executeSql: (text, values) =>
        databaseOf(room)
          .executeSql(text, values)
          .catch((error: unknown) => {
            fault = error;
            throw error;
          }),
    };
    const options = { batchSize: limit, includeMetadata: true, db } as const;
    const jobs = await boss.fetch<Content>(name, options);
    if (fault !== undefined) throw fault;
    return jobs;
  };
  const sized = async (before?: 'completed'): Promise<number> => {
    let sum = 0;
    for (const kind of kinds) sum += await boss.getQueueSize(nameOf(kind), before && { before });
    return sum;
  };

  return {
    async put(tables, jobs) {
      const rows = jobs.map(({ sha256, kind, urgent }) => ({
        id: idOf(sha256),
        name: nameOf(kind),
        data: { sha256, kind },
        priority: urgent ? 1 : 0,
      }));
      if (rows.length > 0) await boss.insert(rows, { db: databaseOf(tables.statements) });
    },

    take: async (kind, limit) => (await pull(nameOf(kind), limit)).map(({ id, data }) => ({ id, ...data })),

    done: (tables, jobs) => each(jobs, (name, ids) => remove(tables, name, ids)),

    later: (jobs, reason) => each(jobs, (name, ids) => boss.fail(name, ids, { reason } as object)),

    giveBack: (jobs) =>
      each(jobs, async (name, ids) => {
        await boss.cancel(name, ids);
        await boss.resume(name, ids);
      }),

    renew: (jobs) => each(jobs, (name, ids) => room.renew(name, ids)),
    takeBack: () => boss.expire(),

    dead: async (limit) =>
      (await pull(dead, limit)).map(({ id, data, output }) => ({
        id,
        ...data,
        reason: (output as { readonly reason?: string } | null)?.reason,
      })),

    async bury(tables, jobs) {
      const ids = jobs.map(({ id }) => id);
      await remove(tables, dead, ids);
      // The job itself stays as failed beside its dead letter, and would keep it from being put again.
      await each(jobs, (name) =>
        remove(
          tables,
          name,
          jobs.map(({ sha256 }) => idOf(sha256)),
        ),
      );
    },

    count: async () => ({ waiting: await sized(), open: await sized('completed') }),
  };
}

/** The same content is the same job. */
function idOf(sha256: string): string {
  const [, a, b, c, d, e] = /^(.{8})(.{4})(.{4})(.{4})(.{12})/.exec(sha256)!;
  return [a, b, c, d, e].join('-');
}

function databaseOf({ executeSql }: Pick<QueueRoom, 'executeSql'>): PgBoss.Db {
  return { executeSql: async (text, values) => executeSql(text, values) };
}
