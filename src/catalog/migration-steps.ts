/** How a catalog came to look as it does, step by step. A released step is never changed: a new step is added. */

import { type ColumnDataType, type Kysely, type RawBuilder, sql } from 'kysely';
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

export const steps: readonly Step[] = [
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
  async (db) => {
    for (const [table, columns] of [
      ['photos', ['faces', 'unknown']],
      ['people', ['confirmed', 'automatic', 'photos']],
      ['groups', ['nameless', 'suggested']],
    ] as const) {
      for (const column of columns) {
        await db.schema
          .alterTable(table)
          .addColumn(column, 'integer', (c) => c.notNull().defaultTo(0))
          .execute();
      }
    }
    await db.schema.createIndex('groups_nameless').on('groups').columns(['nameless desc', 'id']).execute();
    await db.schema
      .createIndex('groups_suggested')
      .on('groups')
      .expression(sql`(suggested * coalesce(probability, 0)) desc, id`)
      .where(sql`suggested`, '>', sql.lit(0))
      .execute();
    for (const index of ['photos_there', 'photos_taken', 'paths_photo'] as const)
      await db.schema.dropIndex(index).execute();
    // All that searches and counts need of a photo or a file: they do not look at its row.
    const there = sql<boolean>`absent = 0`;
    for (const [index, columns] of [
      ['photos_there', ['id', 'taken', 'kind', 'faces', 'unknown']],
      ['photos_taken', ['taken', 'id', 'kind', 'faces', 'unknown']],
      ['photos_kind', ['kind', 'faces', 'unknown']],
    ] as const) {
      await db.schema
        .createIndex(index)
        .on('photos')
        .columns([...columns])
        .where(there)
        .execute();
    }
    await db.schema.createIndex('photos_recipe').on('photos').column('recipe').execute();
    await db.schema.createIndex('paths_photo').on('paths').columns(['photo', 'gone', 'folder']).execute();
    for (const [index, columns, rows] of [
      ['paths_folder', ['folder', 'photo'], sql<boolean>`gone = 0`],
      ['paths_gone', ['id'], sql<boolean>`gone = 1`],
      ['paths_failed', ['id'], sql<boolean>`code is not null and gone = 0`],
    ] as const) {
      await db.schema
        .createIndex(index)
        .on('paths')
        .columns([...columns])
        .where(rows)
        .execute();
    }
    await db.schema
      .createIndex('said_faces_was')
      .on('said_faces')
      .column('was_probability')
      .where('was_probability', 'is not', null)
      .execute();
    await db.schema
      .createIndex('photos_absent')
      .on('photos')
      .column('id')
      .where(sql`absent`, '=', sql.lit(1))
      .execute();
    await db.schema
      .createIndex('answers_named')
      .on('answers')
      .columns(['person', 'face', 'state'])
      .where(sql<boolean>`state in ('confirmed', 'automatic')`)
      .execute();
  },
];
