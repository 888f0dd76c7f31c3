/**
 * The catalog of an album: the only room that knows SQL. Recipes get its tables within a transaction, as functions that
 * are named for what they do, the same for every database.
 */

import type { Kysely, Transaction } from 'kysely';
import { type AnswersTable, answersTable } from './answers-table.ts';
import { type FacesTable, facesTable } from './faces-table.ts';
import { type FacetsTable, facetsTable } from './facets-table.ts';
import { type FindTable, findTable } from './find-table.ts';
import { type GroupSumsTable, groupSumsTable } from './group-sums-table.ts';
import { type GroupsTable, groupsTable } from './groups-table.ts';
import { type MentionsTable, mentionsTable } from './mentions-table.ts';
import { type MetaTable, metaTable } from './meta-table.ts';
import { schemaOf } from './migrations.ts';
import { type PathsTable, pathsTable } from './paths-table.ts';
import { type PeopleSumsTable, peopleSumsTable } from './people-sums-table.ts';
import { type PeopleTable, peopleTable } from './people-table.ts';
import { type PhotosTable, photosTable } from './photos-table.ts';
import type { QueueRoom } from './queue-room.ts';
import { type Counters, type RowsTable, rowsTable } from './rows-table.ts';
import { type SaidTable, saidTable } from './said-table.ts';
import type { Schema } from './schema.ts';
import { type Statements, statementsOn } from './statements.ts';
import { type UsersTable, usersTable } from './users-table.ts';
import { type WaitingTable, waitingTable } from './waiting-table.ts';
import { type WrittenTable, writtenTable } from './written-table.ts';

export interface Tables {
  readonly meta: MetaTable;
  readonly photos: PhotosTable;
  readonly paths: PathsTable;
  readonly waiting: WaitingTable;
  readonly faces: FacesTable;
  readonly said: SaidTable;
  readonly mentions: MentionsTable;
  readonly people: PeopleTable;
  readonly peopleSums: PeopleSumsTable;
  readonly groups: GroupsTable;
  readonly groupSums: GroupSumsTable;
  readonly answers: AnswersTable;
  readonly find: FindTable;
  readonly facets: FacetsTable;
  readonly rows: RowsTable;
  readonly written: WrittenTable;
  /** For a queue that lies in the same database: its statements within this transaction. */
  readonly statements: Statements;
  readonly users: UsersTable;
}

export interface Catalog {
  /** The file, or the address of the database without a password. */
  readonly place: string;
  /** All that `work` writes, or nothing. One at a time over all processes; the others wait. */
  write<T>(work: (tables: Tables) => Promise<T>): Promise<T>;
  /** All that `work` reads is of one moment. Those who write are not held up. */
  read<T>(work: (tables: Tables) => Promise<T>): Promise<T>;
  /**
   * Whether it can be used now.
   *
   * @throws WhosinError `no-database` if it cannot be reached, `album-too-new` if a newer whosin has changed it meanwhile
   */
  ready(): Promise<void>;
  /** Its faults, a sentence each; nothing if it is whole. */
  check(): Promise<readonly string[]>;
  /** Writes over what was removed. */
  scrub(): Promise<void>;
  /** Learns what it holds, so that it finds it fast, where very many rows came at once. */
  survey(): Promise<void>;
  /** Room for a queue of work, if many machines can share this database. */
  readonly queueRoom?: QueueRoom;
  close(): Promise<void>;
}

export interface CatalogBackend
  extends Pick<Catalog, 'place' | 'check' | 'scrub' | 'survey' | 'close' | 'queueRoom'> {
  /** Waits until nobody else writes; given back with the transaction. */
  readonly lock: (tx: Transaction<Schema>) => Promise<void>;
  readonly counters: Counters;
  /** The database's errors in whosin's words. */
  readonly failure: (error: unknown) => unknown;
  /** Throws if what is written now would be lost. */
  readonly confirm: () => Promise<void>;
}

/** The parts that are the same for every database. */
export function catalogOn(
  db: Kysely<Schema>,
  { place, lock, counters, failure, confirm, check, scrub, survey, close, queueRoom }: CatalogBackend,
): Catalog {
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      await confirm();
      return await work();
    } catch (error) {
      throw failure(error);
    }
  };
  // Those who wait for the lock would each hold a connection meanwhile, and nobody could read.
  const writers = oneAtATime();
  return {
    place,
    write: (work) =>
      guarded(() =>
        writers(() =>
          db.transaction().execute(async (tx) => {
            await lock(tx);
            // A newer whosin may have changed it since this process opened it, and means other things by its columns.
            await schemaOf(tx, place);
            return work(tablesOf(tx, counters));
          }),
        ),
      ),
    read: (work) =>
      guarded(() =>
        db
          .transaction()
          .setIsolationLevel('repeatable read')
          .setAccessMode('read only')
          .execute((tx) => work(tablesOf(tx, counters))),
      ),
    ready: () =>
      guarded(async () => {
        await schemaOf(db, place);
      }),
    check: () => guarded(check),
    scrub: () => guarded(scrub),
    survey: () => guarded(survey),
    ...(queueRoom && { queueRoom }),
    close,
  };
}

/** @returns a function that begins what it is given when all that was given before has ended */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const own = last.then(work);
    last = own.catch(() => {});
    return own;
  };
}

function tablesOf(db: Transaction<Schema>, counters: Counters): Tables {
  return {
    meta: metaTable(db),
    photos: photosTable(db),
    paths: pathsTable(db),
    waiting: waitingTable(db),
    faces: facesTable(db),
    said: saidTable(db),
    mentions: mentionsTable(db),
    people: peopleTable(db),
    peopleSums: peopleSumsTable(db),
    groups: groupsTable(db),
    groupSums: groupSumsTable(db),
    answers: answersTable(db),
    find: findTable(db),
    facets: facetsTable(db),
    rows: rowsTable(db, counters),
    written: writtenTable(db),
    statements: statementsOn(db),
    users: usersTable(db),
  };
}
