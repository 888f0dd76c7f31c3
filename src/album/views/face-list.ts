/** RECIPE: which faces are one person, or in one group? */

import type { Answer } from '../../catalog/answers-table.ts';
import type { Tables } from '../../catalog/catalog.ts';
import type { AnswerState } from '../../catalog/schema.ts';
import { WhosinError } from '../../errors.ts';
import type { AlbumContext } from '../context.ts';
import { type FaceView, faceViews } from '../facts/face-views.ts';
import { ageIn } from '../facts/lives.ts';

/** A face with what it is taken to be. */
export interface AlbumFace extends FaceView {
  readonly group: number | null;
  readonly state: AnswerState;
  /** As shown; null if it has no name. */
  readonly person: string | null;
  readonly probability: number | null;
  /** Full years of the person, if the birth and a camera's time are known. */
  readonly age: number | null;
}

/** A person by the uid, or a group by its number. */
export type FacesOf = { readonly person: string } | { readonly group: number };

export interface FacesOptions {
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: number;
}

export interface AlbumFaces {
  readonly faces: readonly AlbumFace[];
  /** The next page begins after it; null on the last one. */
  readonly next: number | null;
}

/** @throws WhosinError `not-found` */
export async function albumFaces(
  { catalog }: AlbumContext,
  of: FacesOf,
  { limit = 200, after = 0 }: FacesOptions = {},
): Promise<AlbumFaces> {
  return catalog.read(async (tables) => {
    const answers = await answersOf(tables, of, limit, after);
    const next = answers.length < limit ? null : answers.at(-1)!.face;
    return { faces: await withAnswers(tables, answers), next };
  });
}

async function answersOf(
  tables: Tables,
  of: FacesOf,
  limit: number,
  after: number,
): Promise<readonly Answer[]> {
  if ('person' in of) {
    const person = (await tables.people.all()).find(({ uid }) => uid === of.person);
    if (person) return tables.answers.ofPerson(person.id, limit, after);
    throw new WhosinError('not-found', `This album has no person ${of.person}.`);
  }
  const inGroup = await tables.answers.inGroups([of.group]);
  if (inGroup.length === 0) throw new WhosinError('not-found', `This album has no group ${of.group}.`);
  return inGroup.filter(({ face, state }) => face > after && state !== 'not-a-face').slice(0, limit);
}

/** In the order of the answers; faces that are no longer there are left out. */
export async function withAnswers(tables: Tables, answers: readonly Answer[]): Promise<AlbumFace[]> {
  const people = new Map((await tables.people.all()).map((person) => [person.id, person]));
  const byFace = new Map(answers.map((answer) => [answer.face, answer]));
  const views = await faceViews(
    tables,
    answers.map(({ face }) => face),
  );
  return views.map(({ face, photoTime, ...view }) => {
    const { grp, state, person, probability } = byFace.get(face)!;
    const who = person === null ? undefined : people.get(person)!;
    return {
      ...view,
      group: grp,
      state,
      person: who?.shown ?? null,
      probability,
      age: who ? ageIn(who, photoTime) : null,
    };
  });
}
