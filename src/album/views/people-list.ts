/** RECIPE: who is in the album? Those with the most faces first, each with the face that shows them best. */

import type { Tables } from '../../catalog/catalog.ts';
import type { PersonSummary } from '../../catalog/people-table.ts';
import { WhosinError } from '../../errors.ts';
import type { AlbumContext } from '../context.ts';
import { type FaceView, faceViews } from '../facts/face-views.ts';
import { personFinder } from '../facts/people-names.ts';

export interface AlbumPerson
  extends Pick<PersonSummary, 'uid' | 'hidden' | 'born' | 'died' | 'confirmed' | 'automatic' | 'photos'> {
  /** The name; with a number behind it if two people share it. */
  readonly person: string;
  /** The face that somebody chose; else the clearest among those that somebody confirmed, else among the others. */
  readonly cover: FaceView | null;
}

export interface PeopleOptions {
  readonly limit?: number;
  readonly offset?: number;
}

export interface AlbumPeople {
  readonly total: number;
  readonly people: readonly AlbumPerson[];
}

/** The cover is chosen among so many faces. */
const looksAt = 60;

export async function albumPeople(
  { catalog }: AlbumContext,
  { limit = 100, offset = 0 }: PeopleOptions = {},
): Promise<AlbumPeople> {
  return catalog.read(async (tables) => {
    const all = await tables.people.summaries();
    return { total: all.length, people: await withCovers(tables, all.slice(offset, offset + limit)) };
  });
}

/** @throws WhosinError `not-found` */
export async function albumPerson({ catalog }: AlbumContext, uid: string): Promise<AlbumPerson> {
  return catalog.read(async (tables) => {
    const summary = (await tables.people.summaries()).find((one) => one.uid === uid);
    if (summary) return (await withCovers(tables, [summary]))[0]!;
    throw new WhosinError('not-found', `This album has no person ${uid}.`);
  });
}

/** By person: the face that was chosen last, for the person or for somebody who was merged into them. */
async function chosenCovers(
  tables: Tables,
  summaries: readonly PersonSummary[],
): Promise<ReadonlyMap<number, number>> {
  const ids = new Set(summaries.map(({ id }) => id));
  const people = await tables.people.all();
  const personOf = personFinder(people);
  const uids = people.filter(({ id, merged }) => ids.has(merged ?? id)).map(({ uid }) => uid);
  const chosen = new Map((await tables.mentions.covers(uids)).map(({ uid, face }) => [personOf(uid)!, face]));
  const answers = await tables.answers.of([...chosen.values()]);
  const still = answers.filter(
    ({ face, person, state }) =>
      chosen.get(person ?? 0) === face && (state === 'confirmed' || state === 'automatic'),
  );
  return new Map(still.map(({ face, person }) => [person!, face]));
}

/** The face that was chosen if it is still theirs, else the clearest. */
async function withCovers(tables: Tables, people: readonly PersonSummary[]): Promise<AlbumPerson[]> {
  const chosen = await chosenCovers(tables, people);
  const faces = new Map<number, number>();
  for (const { id } of people) {
    const face = chosen.get(id) ?? (await tables.answers.clearest(id, looksAt));
    if (face !== undefined) faces.set(id, face);
  }
  const views = new Map((await faceViews(tables, [...faces.values()])).map((view) => [view.face, view]));
  return people.map(({ id, shown, ...counts }) => ({
    person: shown,
    ...counts,
    cover: views.get(faces.get(id) ?? 0) ?? null,
  }));
}
