/** Everything said, seen from the faces: which face of today is meant, and what counts about it. */

import type { Kysely } from 'kysely';
import type { Box } from '../core/geometry.ts';
import { groupedBy } from '../core/grouped.ts';
import { chunksOf, gathered } from './chunks.ts';
import { type FacePlace, inOrder, type SaidKind, type SaidSource } from './said.ts';
import { placeOf } from './said-table.ts';
import type { Schema } from './schema.ts';

/** One thing that was said about a face, and counts. */
export interface Mention {
  readonly face: number;
  /** The entry's id, uid and time. */
  readonly said: number;
  readonly uid: string;
  readonly at: number;
  readonly source: SaidSource;
  readonly kind: SaidKind;
  readonly part: number;
  /** A uid. */
  readonly person: string | null;
}

/** A place that somebody spoke of, and the face that it is now. */
export interface SpokenPlace extends FacePlace {
  readonly id: number;
  /** The entry's id. */
  readonly said: number;
  /** The place that somebody gave the other face of the entry, and no face of its own. */
  readonly isCorrection: boolean;
  readonly face: number | null;
}

export interface MentionsTable {
  /** About these faces, the oldest first. */
  about(faces: readonly number[]): Promise<readonly Mention[]>;
  /** The faces that these entries are about, whether they count or not. */
  facesOf(said: readonly number[]): Promise<readonly number[]>;
  /** The faces that were ever said to be, or not to be, one of these people. */
  facesOfPeople(uids: readonly string[]): Promise<readonly number[]>;
  /** All that was spoken of in these photos, whether it counts or not. */
  placesIn(sha256s: readonly string[]): Promise<readonly SpokenPlace[]>;
  /** The places that somebody gave these faces, as far as that counts. */
  boxesOf(faces: readonly number[]): Promise<ReadonlyMap<number, Box<'ratio'>>>;
  /** The faces that were chosen to show these people, as far as that counts; the oldest choice first. */
  covers(uids: readonly string[]): Promise<readonly { readonly uid: string; readonly face: number }[]>;
  /** Notes which faces they are. */
  resolve(places: readonly { readonly id: number; readonly face: number | null }[]): Promise<void>;
}

export function mentionsTable(db: Kysely<Schema>): MentionsTable {
  const mentions = () =>
    db
      .selectFrom('said_faces')
      .innerJoin('said', 'said.id', 'said_faces.said')
      .leftJoin('undone', 'undone.said', 'said.id')
      .select([
        'said_faces.face',
        'said_faces.part',
        'said.id as said',
        'said.uid',
        'said.at',
        'said.source',
        'said.kind',
        'said.person',
      ])
      .where('undone.said', 'is', null);

  return {
    async about(faces) {
      const rows = await gathered(faces, (part) =>
        mentions().where('said_faces.face', 'in', part).orderBy('said_faces.id').execute(),
      );
      return (rows as Mention[]).toSorted(inOrder);
    },

    async facesOf(said) {
      const rows = await gathered(said, (part) =>
        db
          .selectFrom('said_faces')
          .select('face')
          .where('said', 'in', part)
          .where('face', 'is not', null)
          .execute(),
      );
      return [...new Set(rows.map(({ face }) => face!))];
    },

    async facesOfPeople(uids) {
      const rows = await gathered(uids, (part) =>
        db
          .selectFrom('said_faces')
          .innerJoin('said', 'said.id', 'said_faces.said')
          .select('said_faces.face')
          .where('said.person', 'in', part)
          .where('said_faces.face', 'is not', null)
          .execute(),
      );
      return [...new Set(rows.map(({ face }) => face!))];
    },

    async placesIn(sha256s) {
      const rows = await gathered(sha256s, (part) =>
        db
          .selectFrom('said_faces')
          .innerJoin('said', 'said.id', 'said_faces.said')
          .selectAll('said_faces')
          .select('said.kind')
          .where('sha256', 'in', part)
          .orderBy('said_faces.id')
          .execute(),
      );
      return rows.map((row) => ({
        id: row.id,
        said: row.said,
        isCorrection: row.kind === 'box' && row.part === 1,
        face: row.face,
        ...placeOf(row),
      }));
    },

    async boxesOf(faces) {
      const rows = await gathered(faces, (part) =>
        mentions()
          .select(['said_faces.left', 'said_faces.top', 'said_faces.width', 'said_faces.height'])
          .where('said.kind', '=', 'box')
          .where('said_faces.part', '=', 1)
          .where('said_faces.face', 'in', part)
          .execute(),
      );
      return new Map(
        rows.toSorted(inOrder).map(({ face, left, top, width, height }) => {
          return [face!, { left: left!, top: top!, width: width!, height: height! }] as const;
        }),
      );
    },

    async covers(uids) {
      const rows = await gathered(uids, (part) =>
        mentions().where('said.person', 'in', part).where('said.kind', '=', 'cover').execute(),
      );
      return rows
        .toSorted(inOrder)
        .flatMap(({ person, face }) => (face === null ? [] : [{ uid: person!, face }]));
    },

    async resolve(places) {
      for (const [face, rows] of groupedBy(places, (place) => place.face)) {
        for (const part of chunksOf(rows.map(({ id }) => id))) {
          await db.updateTable('said_faces').set({ face }).where('id', 'in', part).execute();
        }
      }
    },
  };
}
