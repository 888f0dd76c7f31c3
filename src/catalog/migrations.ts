/** How a catalog came to look as it does, step by step. A released step is never changed: a new step is added. */

import { type ColumnDataType, type Kysely, type RawBuilder, sql } from 'kysely';
import { WhosinError } from '../errors.ts';
import type { Schema } from './schema.ts';

/** Things that databases call by different names. */
export interface Dialect {
  /** Put in order by its bytes. */
  readonly text: ColumnDataType | RawBuilder<unknown>;
  readonly bytes: ColumnDataType | RawBuilder<unknown>;
  /** A number that is given once, even where its row is removed. */
  readonly id: RawBuilder<unknown>;
}

type Step = (db: Kysely<Schema>, dialect: Dialect) => Promise<void>;

const real = 'double precision';

const steps: readonly Step[] = [
  async (db, { text, bytes, id }) => {
    const { schema } = db;
    await schema
      .createTable('folders')
      .addColumn('id', id)
      .addColumn('path', text, (c) => c.notNull().unique())
      .execute();
    await schema
      .createTable('photos')
      .addColumn('id', id)
      .addColumn('sha256', text, (c) => c.notNull().unique())
      .addColumn('kind', text, (c) => c.notNull())
      .addColumn('bytes', real, (c) => c.notNull())
      .addColumn('width', 'integer', (c) => c.notNull())
      .addColumn('height', 'integer', (c) => c.notNull())
      .addColumn('duration', real)
      .addColumn('phash', text)
      .addColumn('taken', text)
      .addColumn('taken_offset', 'integer')
      .addColumn('taken_from', text)
      .addColumn('latitude', real)
      .addColumn('longitude', real)
      .addColumn('camera', text)
      .addColumn('recipe', text, (c) => c.notNull())
      .execute();
    await schema.createIndex('photos_taken').on('photos').column('taken').execute();
    await schema
      .createTable('paths')
      .addColumn('id', id)
      .addColumn('folder', 'integer', (c) => c.notNull().references('folders.id'))
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('photo', 'integer', (c) => c.references('photos.id').onDelete('set null'))
      .addColumn('state', text)
      .addColumn('pending', 'integer', (c) => c.notNull())
      .addColumn('claimed', real)
      .addColumn('gone', 'integer', (c) => c.notNull())
      .addColumn('code', text)
      .addColumn('reason', text)
      .addUniqueConstraint('paths_name', ['folder', 'name'])
      .execute();
    await schema.createIndex('paths_photo').on('paths').column('photo').execute();
    await schema.createIndex('paths_state').on('paths').column('state').execute();
    // Few are pending at any time: the index holds those alone.
    await schema.createIndex('paths_pending').on('paths').column('id').where(sql`pending`, '=', 1).execute();
    await schema
      .createTable('faces')
      .addColumn('id', id)
      .addColumn('photo', 'integer', (c) => c.notNull().references('photos.id').onDelete('cascade'))
      .addColumn('left', real, (c) => c.notNull())
      .addColumn('top', real, (c) => c.notNull())
      .addColumn('width', real, (c) => c.notNull())
      .addColumn('height', real, (c) => c.notNull())
      .addColumn('score', real)
      .addColumn('quality', real)
      .addColumn('time_from', real)
      .addColumn('time_to', real)
      .addColumn('time_at', real)
      .addColumn('origin', text, (c) => c.notNull())
      .execute();
    await schema.createIndex('faces_photo').on('faces').column('photo').execute();
    for (const [table, column] of [
      ['coordinates', 'z'],
      ['embeddings', 'embedding'],
      ['stills', 'jpeg'],
    ] as const) {
      await schema
        .createTable(table)
        .addColumn('face', 'integer', (c) => c.primaryKey().references('faces.id').onDelete('cascade'))
        .addColumn(column, bytes, (c) => c.notNull())
        .execute();
    }
    await schema
      .createTable('said')
      .addColumn('id', id)
      .addColumn('uid', text, (c) => c.notNull().unique())
      .addColumn('at', real, (c) => c.notNull())
      .addColumn('who', text, (c) => c.notNull())
      .addColumn('source', text, (c) => c.notNull())
      .addColumn('kind', text, (c) => c.notNull())
      .addColumn('person', text)
      .addColumn('name', text)
      .addColumn('other', text)
      .addColumn('undoes', text)
      .execute();
    await schema.createIndex('said_person').on('said').columns(['person', 'kind']).execute();
    await schema.createIndex('said_at').on('said').column('at').execute();
    await schema.createIndex('said_undoes').on('said').column('undoes').execute();
    await schema
      .createTable('said_faces')
      .addColumn('id', id)
      .addColumn('said', 'integer', (c) => c.notNull().references('said.id'))
      .addColumn('part', 'integer', (c) => c.notNull())
      .addColumn('sha256', text, (c) => c.notNull())
      .addColumn('left', real)
      .addColumn('top', real)
      .addColumn('width', real)
      .addColumn('height', real)
      .addColumn('time', real)
      .addColumn('was', text)
      .addColumn('was_probability', real)
      .addColumn('face', 'integer', (c) => c.references('faces.id').onDelete('set null'))
      .execute();
    await schema.createIndex('said_faces_said').on('said_faces').column('said').execute();
    await schema.createIndex('said_faces_sha256').on('said_faces').column('sha256').execute();
    await schema.createIndex('said_faces_face').on('said_faces').column('face').execute();
    await schema
      .createTable('undone')
      .addColumn('said', 'integer', (c) => c.primaryKey().references('said.id'))
      .execute();
    await schema
      .createTable('people')
      .addColumn('id', id)
      .addColumn('uid', text, (c) => c.notNull().unique())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('shown', text, (c) => c.notNull())
      .addColumn('hidden', 'integer', (c) => c.notNull())
      .addColumn('merged', 'integer')
      .addColumn('revision', 'integer', (c) => c.notNull())
      .addColumn('learnt', 'integer', (c) => c.notNull())
      .execute();
    await schema
      .createTable('groups')
      .addColumn('id', id)
      .addColumn('z', bytes)
      .addColumn('squares', bytes)
      .addColumn('quality', real)
      .addColumn('revision', 'integer', (c) => c.notNull())
      .addColumn('learnt', 'integer', (c) => c.notNull())
      .addColumn('guess', 'integer')
      .addColumn('probability', real)
      .execute();
    await schema
      .createIndex('groups_to_learn')
      .on('groups')
      .column('id')
      .where(sql`revision`, '!=', sql`learnt`)
      .execute();
    await schema.createIndex('groups_guess').on('groups').column('guess').execute();
    await schema
      .createTable('candidates')
      .addColumn('grp', 'integer', (c) => c.notNull())
      .addColumn('person', 'integer', (c) => c.notNull())
      .addColumn('odds', real, (c) => c.notNull())
      .addPrimaryKeyConstraint('candidates_key', ['grp', 'person'])
      .execute();
    await schema.createIndex('candidates_person').on('candidates').column('person').execute();
    await schema
      .createTable('answers')
      .addColumn('face', 'integer', (c) => c.primaryKey().references('faces.id').onDelete('cascade'))
      .addColumn('photo', 'integer', (c) => c.notNull())
      .addColumn('grp', 'integer')
      .addColumn('state', text, (c) => c.notNull())
      .addColumn('person', 'integer')
      .addColumn('probability', real)
      .addColumn('unsure', 'integer', (c) => c.notNull())
      .execute();
    await schema
      .createIndex('answers_person')
      .on('answers')
      .columns(['person', 'photo', 'state', 'probability'])
      .execute();
    await schema.createIndex('answers_photo').on('answers').columns(['photo', 'state']).execute();
    await schema.createIndex('answers_grp').on('answers').columns(['grp', 'state']).execute();
    await schema.createIndex('answers_state').on('answers').column('state').execute();
  },
  async (db, { text }) => {
    await db.schema.alterTable('paths').addColumn('names', text).execute();
  },
  async (db, { text }) => {
    await db.schema.alterTable('said').addColumn('date', text).execute();
    for (const column of ['born', 'died'] as const)
      await db.schema.alterTable('people').addColumn(column, text).execute();
  },
  async (db, { bytes }) => {
    await db.schema
      .createTable('group_sums')
      .addColumn('grp', 'integer', (c) => c.primaryKey().references('groups.id').onDelete('cascade'))
      .addColumn('revision', 'integer', (c) => c.notNull())
      .addColumn('faces', 'integer', (c) => c.notNull())
      .addColumn('weight', real, (c) => c.notNull())
      .addColumn('trust', real, (c) => c.notNull())
      .addColumn('mean', bytes, (c) => c.notNull())
      .execute();
  },
  async (db, { bytes }) => {
    await db.schema
      .createTable('sightings')
      .addColumn('face', 'integer', (c) => c.primaryKey().references('faces.id').onDelete('cascade'))
      .addColumn('places', bytes, (c) => c.notNull())
      .execute();
  },
  async (db, { id }) => {
    await db.schema
      .createTable('written')
      .addColumn('id', id)
      .addColumn('sha256', 'text', (c) => c.notNull())
      .addColumn('file', 'text', (c) => c.notNull())
      .addColumn('form', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('made', 'integer', (c) => c.notNull())
      .addColumn('left', real)
      .addColumn('top', real)
      .addColumn('width', real)
      .addColumn('height', real)
      .execute();
    await db.schema.createIndex('written_sha256').on('written').column('sha256').execute();
  },
  async (db, { bytes }) => {
    await db.schema
      .alterTable('photos')
      .addColumn('absent', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
    await db
      .updateTable('photos')
      .set({ absent: 1 })
      .where('id', 'not in', (eb) =>
        eb.selectFrom('paths').select('photo').where('gone', '=', 0).where('photo', 'is not', null),
      )
      .execute();
    await db.schema
      .alterTable('groups')
      .addColumn('placed', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
    await db.schema.createIndex('groups_placed').on('groups').column('placed').execute();
    await db.schema
      .createTable('people_sums')
      .addColumn('person', 'integer', (c) => c.primaryKey().references('people.id').onDelete('cascade'))
      .addColumn('revision', 'integer', (c) => c.notNull())
      .addColumn('weight', real, (c) => c.notNull())
      .addColumn('trust', real, (c) => c.notNull())
      .addColumn('mean', bytes, (c) => c.notNull())
      .execute();
  },
  async (db, { text }) => {
    await db.schema.alterTable('paths').addColumn('sha256', text).execute();
    await db.schema.alterTable('paths').addColumn('claimer', text).execute();
    await db.schema
      .createIndex('paths_waiting')
      .on('paths')
      .column('sha256')
      .where(sql`pending`, '=', 1)
      .execute();
  },
  async (db, { text }) => {
    await db.schema
      .createTable('users')
      .addColumn('name', text, (c) => c.primaryKey())
      .addColumn('role', 'text', (c) => c.notNull())
      .addColumn('token', 'text', (c) => c.notNull().unique())
      .addColumn('link', 'text', (c) => c.unique())
      .addColumn('link_until', real, (c) => c.notNull())
      .addColumn('added', real, (c) => c.notNull())
      .execute();
  },
  async (db) => {
    // Searches need no more of a photo than this: a sixth of the bytes of its row.
    await db.schema
      .createIndex('photos_there')
      .on('photos')
      .columns(['id', 'taken', 'kind'])
      .where(sql`absent`, '=', sql.lit(0))
      .execute();
    await db.schema
      .createIndex('answers_confirmed')
      .on('answers')
      .columns(['person', 'face'])
      .where(sql`state`, '=', sql.lit('confirmed'))
      .execute();
  },
];

/** The version that this whosin writes. */
export const schemaVersion = steps.length;

/**
 * Brings a catalog up to this whosin. Called where nobody else can write.
 *
 * @param place for messages
 * @throws WhosinError `album-too-new` if a later whosin made it, `not-an-album` if somebody else did
 */
export async function migrate(db: Kysely<Schema>, dialect: Dialect, place: string): Promise<void> {
  await db.schema
    .createTable('meta')
    .ifNotExists()
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute();
  const version = await schemaOf(db, place);
  for (const step of steps.slice(version)) await step(db, dialect);
  if (version === schemaVersion) return;
  await db
    .insertInto('meta')
    .values({ key: 'schema', value: String(schemaVersion) })
    .onConflict((oc) => oc.column('key').doUpdateSet({ value: String(schemaVersion) }))
    .execute();
}

/** 0 for an empty one. */
export async function schemaOf(db: Kysely<Schema>, place: string): Promise<number> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', 'schema').executeTakeFirst();
  const version = row === undefined ? 0 : Number(row.value);
  if (!Number.isInteger(version) || version < 0) {
    throw WhosinError.about('not-an-album', place, 'is damaged: its version makes no sense');
  }
  if (version > schemaVersion) {
    throw WhosinError.about(
      'album-too-new',
      place,
      `was made by a newer whosin (version ${version} of the catalog, this whosin knows ${schemaVersion}): install that one; nothing was changed`,
    );
  }
  return version;
}

export const sqliteDialect: Dialect = {
  text: 'text',
  bytes: 'blob',
  id: sql`integer primary key autoincrement`,
};

export const postgresDialect: Dialect = {
  // Databases sort by the rules of a language otherwise, and no two of them alike.
  text: sql`text collate "C"`,
  bytes: 'bytea',
  id: sql`integer generated by default as identity primary key`,
};
