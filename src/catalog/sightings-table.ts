/** The places of faces in videos, moment by moment. Cold: read when somebody watches a video. */

import type { Kysely } from 'kysely';
import type { Box } from '../core/geometry.ts';
import { gathered } from './chunks.ts';
import type { Bytes, Schema } from './schema.ts';

/** A face at a time, in seconds. */
export interface SeenAt {
  readonly time: number;
  readonly box: Box<'ratio'>;
}

export interface SightingsTable {
  /** @param seen in the order of time */
  save(face: number, seen: readonly SeenAt[]): Promise<void>;
  /** In the order of time; nothing for faces of videos that an earlier whosin read. */
  of(faces: readonly number[]): Promise<ReadonlyMap<number, readonly SeenAt[]>>;
}

/** 32-bit floats: the time, and the four of the box. */
const numbersEach = 5;

export function sightingsTable(db: Kysely<Schema>): SightingsTable {
  return {
    async save(face, seen) {
      if (seen.length === 0) return;
      await db
        .insertInto('sightings')
        .values({ face, places: asBytes(seen) })
        .onConflict((oc) => oc.column('face').doUpdateSet((eb) => ({ places: eb.ref('excluded.places') })))
        .execute();
    },

    async of(faces) {
      const rows = await gathered(faces, (part) =>
        db.selectFrom('sightings').selectAll().where('face', 'in', part).execute(),
      );
      return new Map(rows.map(({ face, places }) => [face, asSightings(places)]));
    },
  };
}

function asBytes(seen: readonly SeenAt[]): Uint8Array {
  const numbers = seen.flatMap(({ time, box }) => [time, box.left, box.top, box.width, box.height]);
  return new Uint8Array(Float32Array.from(numbers).buffer);
}

function asSightings(stored: Bytes): SeenAt[] {
  // A copy: stored bytes need not begin where 32-bit numbers may.
  const bytes = stored instanceof ArrayBuffer ? new Uint8Array(stored) : Uint8Array.from(stored);
  const numbers = new Float32Array(bytes.buffer);
  return Array.from({ length: numbers.length / numbersEach }, (_, i) => {
    const [time, left, top, width, height] = numbers.subarray(i * numbersEach, (i + 1) * numbersEach);
    return { time: time!, box: { left: left!, top: top!, width: width!, height: height! } };
  });
}
