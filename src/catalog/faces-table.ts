/** Faces by their places in photos, and what networks made of them. */

import { type Insertable, type Kysely, type Selectable, sql } from 'kysely';
import type { Box } from '../core/geometry.ts';
import { fromHalfFloats, toHalfFloats } from '../core/half-float.ts';
import { countChange } from './answer-counts.ts';
import { chunksOf, gathered } from './chunks.ts';
import type { Bytes, FacesTable as FacesRows, Schema } from './schema.ts';
import { type SeenAt, type SightingsTable, sightingsTable } from './sightings-table.ts';

/** The faces found in a photo. */
export interface FoundFace {
  readonly box: Box<'ratio'>;
  readonly score: number;
  readonly quality: number;
  /** In a video, seconds. */
  readonly time: { readonly from: number; readonly to: number; readonly at: number } | null;
  /** The coordinates that the odds use. */
  readonly z: Float32Array;
  readonly embedding: Float32Array;
  readonly still: Uint8Array | null;
  /** In a video, in the order of time. */
  readonly seen: readonly SeenAt[];
}

export interface FaceOfPhoto {
  readonly photo: number;
  readonly face: FoundFace;
}

export interface CatalogFace {
  readonly id: number;
  readonly photo: number;
  readonly box: Box<'ratio'>;
  readonly quality: number | null;
  readonly time: { readonly from: number; readonly to: number; readonly at: number } | null;
  readonly origin: 'machine' | 'said';
}

export interface PlacedFace {
  readonly id: number;
  readonly photo: number;
  readonly quality: number;
  readonly z: Float32Array;
}

export interface FacesTable {
  byIds(ids: readonly number[]): Promise<readonly CatalogFace[]>;
  ofPhotos(photos: readonly number[]): Promise<readonly CatalogFace[]>;
  /** @returns their ids, in order */
  add(photo: number, faces: readonly FoundFace[]): Promise<readonly number[]>;
  /** The same for faces of many photos. */
  addAll(found: readonly FaceOfPhoto[]): Promise<readonly number[]>;
  /** The face that has this id, as it was found anew. */
  replace(id: number, face: FoundFace): Promise<void>;
  /** A place that somebody spoke of and where no face is found. @returns its id */
  addSpoken(photo: number, box: Box<'ratio'>, time: number | null): Promise<number>;
  /** The machine finds it no longer; what was said about it stays with its place. */
  unfind(ids: readonly number[]): Promise<void>;
  remove(ids: readonly number[]): Promise<void>;
  count(): Promise<number>;
  /** Faces with coordinates; those of photos that were read with another recipe are left out. */
  placed(ids: readonly number[], recipe: string): Promise<readonly PlacedFace[]>;
  /** All of them, by id, in parts. */
  eachPlaced(recipe: string, part?: number): AsyncGenerator<readonly PlacedFace[]>;
  embeddings(ids: readonly number[]): Promise<ReadonlyMap<number, Float32Array>>;
  still(id: number): Promise<Uint8Array | undefined>;
  readonly sightings: SightingsTable['of'];
  /** Makes the coordinates of faces that were found with this recipe anew from their embeddings. */
  project(recipe: string, work: (embedding: Float32Array) => Float32Array): Promise<void>;
}

/** A row has eleven parameters, and its embedding 2 kB. */
const rowsAtOnce = 500;

/** Rows that are held at one time while all are gone through. */
const partRows = 5000;

export function facesTable(db: Kysely<Schema>): FacesTable {
  const sightings = sightingsTable(db);
  const placed = (recipe: string) =>
    db
      .selectFrom('faces')
      .innerJoin('coordinates', 'coordinates.face', 'faces.id')
      .innerJoin('photos', 'photos.id', 'faces.photo')
      .select(['faces.id', 'faces.photo', 'faces.quality', 'coordinates.z'])
      .where(readWith(recipe))
      .orderBy('faces.id');
  const keep = async (faces: readonly (FoundFace & { readonly id: number })[]): Promise<void> => {
    await db
      .insertInto('coordinates')
      .values(faces.map(({ id, z }) => ({ face: id, z: toHalfFloats(z) })))
      .onConflict((oc) => oc.column('face').doUpdateSet((eb) => ({ z: eb.ref('excluded.z') })))
      .execute();
    await db
      .insertInto('embeddings')
      .values(faces.map(({ id, embedding }) => ({ face: id, embedding: toHalfFloats(embedding) })))
      .onConflict((oc) =>
        oc.column('face').doUpdateSet((eb) => ({ embedding: eb.ref('excluded.embedding') })),
      )
      .execute();
    for (const { id, seen } of faces) await sightings.save(id, seen);
    const stills = faces.flatMap(({ id, still }) => (still === null ? [] : [{ face: id, jpeg: still }]));
    if (stills.length === 0) return;
    await db
      .insertInto('stills')
      .values(stills)
      .onConflict((oc) => oc.column('face').doUpdateSet((eb) => ({ jpeg: eb.ref('excluded.jpeg') })))
      .execute();
  };
  const addAll = async (found: readonly FaceOfPhoto[]): Promise<readonly number[]> => {
    const ids: number[] = [];
    for (const part of chunksOf(found, rowsAtOnce)) {
      const rows = await db
        .insertInto('faces')
        .values(part.map(({ photo, face }) => rowOf(photo, face)))
        .returning('id')
        .execute();
      // Numbers are given in the order of the rows, which come back in any.
      const added = rows.map(({ id }) => id).toSorted((a, b) => a - b);
      await keep(part.map(({ face }, i) => ({ ...face, id: added[i]! })));
      ids.push(...added);
    }
    return ids;
  };

  return {
    async byIds(ids) {
      const rows = await gathered(ids, (part) =>
        db.selectFrom('faces').selectAll().where('id', 'in', part).orderBy('id').execute(),
      );
      return rows.map(faceOf);
    },

    async ofPhotos(photos) {
      const rows = await gathered(photos, (part) =>
        db.selectFrom('faces').selectAll().where('photo', 'in', part).orderBy('id').execute(),
      );
      return rows.map(faceOf);
    },

    add: (photo, faces) => addAll(faces.map((face) => ({ photo, face }))),
    addAll,

    async replace(id, face) {
      const { photo: _, ...row } = rowOf(0, face);
      await db.updateTable('faces').set(row).where('id', '=', id).execute();
      await keep([{ ...face, id }]);
    },

    async addSpoken(photo, { left, top, width, height }, time) {
      const { id } = await db
        .insertInto('faces')
        .values({ photo, left, top, width, height, time_at: time, origin: 'said' })
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },

    async unfind(ids) {
      for (const part of chunksOf(ids)) {
        await db
          .updateTable('faces')
          .set({ origin: 'said', quality: null, score: null })
          .where('id', 'in', part)
          .execute();
        for (const table of ['coordinates', 'embeddings', 'stills', 'sightings'] as const) {
          await db.deleteFrom(table).where('face', 'in', part).execute();
        }
      }
    },

    async remove(ids) {
      for (const part of chunksOf(ids)) {
        const answers = await db.selectFrom('answers').selectAll().where('face', 'in', part).execute();
        await db.deleteFrom('faces').where('id', 'in', part).execute();
        await countChange(db, answers, []);
      }
    },

    async count() {
      const { n } = await db
        .selectFrom('faces')
        .select((eb) => eb.fn.countAll<number | string>().as('n'))
        .executeTakeFirstOrThrow();
      return Number(n);
    },

    async placed(ids, recipe) {
      const rows = await gathered(ids, (part) => placed(recipe).where('faces.id', 'in', part).execute());
      return rows.map(placedOf);
    },

    async *eachPlaced(recipe, part = partRows) {
      for (let last = 0; ; ) {
        const rows = await placed(recipe).where('faces.id', '>', last).limit(part).execute();
        if (rows.length > 0) yield rows.map(placedOf);
        if (rows.length < part) return;
        last = rows.at(-1)!.id;
      }
    },

    async embeddings(ids) {
      const rows = await gathered(ids, (part) =>
        db.selectFrom('embeddings').selectAll().where('face', 'in', part).execute(),
      );
      return new Map(rows.map(({ face, embedding }) => [face, fromHalfFloats(embedding)]));
    },

    async still(id) {
      const row = await db.selectFrom('stills').select('jpeg').where('face', '=', id).executeTakeFirst();
      return row && bytesOf(row.jpeg);
    },

    sightings: (faces) => sightings.of(faces),

    async project(recipe, work) {
      for (let last = 0; ; ) {
        const rows = await db
          .selectFrom('embeddings')
          .innerJoin('faces', 'faces.id', 'embeddings.face')
          .innerJoin('photos', 'photos.id', 'faces.photo')
          .select(['embeddings.face', 'embeddings.embedding'])
          .where(readWith(recipe))
          .where('face', '>', last)
          .orderBy('face')
          .limit(partRows)
          .execute();
        for (const { face, embedding } of rows) {
          const z = toHalfFloats(work(fromHalfFloats(embedding)));
          await db.updateTable('coordinates').set({ z }).where('face', '=', face).execute();
        }
        if (rows.length < partRows) return;
        last = rows.at(-1)!.face;
      }
    },
  };
}

/** Not the column itself: SQLite would begin with all photos of the recipe, which are nearly all there are. */
function readWith(recipe: string) {
  return sql<boolean>`photos.recipe || '' = ${recipe}`;
}

function rowOf(photo: number, { box, score, quality, time }: FoundFace): Insertable<FacesRows> {
  const { left, top, width, height } = box;
  return {
    photo,
    left,
    top,
    width,
    height,
    score,
    quality,
    time_from: time?.from ?? null,
    time_to: time?.to ?? null,
    time_at: time?.at ?? null,
    origin: 'machine',
  };
}

function faceOf(row: Selectable<FacesRows>): CatalogFace {
  const {
    id,
    photo,
    left,
    top,
    width,
    height,
    quality,
    time_from: from,
    time_to: to,
    time_at: at,
    origin,
  } = row;
  const time = at === null ? null : { from: from ?? at, to: to ?? at, at };
  return { id, photo, box: { left, top, width, height }, quality, time, origin };
}

function placedOf(row: {
  readonly id: number;
  readonly photo: number;
  readonly quality: number | null;
  readonly z: Bytes;
}): PlacedFace {
  return { id: row.id, photo: row.photo, quality: row.quality ?? 0, z: fromHalfFloats(row.z) };
}

function bytesOf(stored: Bytes): Uint8Array {
  return stored instanceof ArrayBuffer
    ? new Uint8Array(stored)
    : new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}
