/** RECIPE: who is in the album? Those with the most faces first, each with the face that shows them best. */

import type { Tables } from '../catalog/catalog.ts';
import type { PersonSummary } from '../catalog/people-table.ts';
import { WhosinError } from '../errors.ts';
import type { AlbumContext } from './context.ts';
import { type FaceView, faceViews } from './face-views.ts';

export interface AlbumPerson
  extends Pick<PersonSummary, 'uid' | 'hidden' | 'born' | 'died' | 'confirmed' | 'automatic' | 'photos'> {
  /** The name; with a number behind it if two people share it. */
  readonly person: string;
  /** The clearest face among those that somebody confirmed, else among the others. */
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
    const people: AlbumPerson[] = [];
    for (const summary of all.slice(offset, offset + limit)) people.push(await withCover(tables, summary));
    return { total: all.length, people };
  });
}

/** @throws WhosinError `not-found` */
export async function albumPerson({ catalog }: AlbumContext, uid: string): Promise<AlbumPerson> {
  return catalog.read(async (tables) => {
    const summary = (await tables.people.summaries()).find((one) => one.uid === uid);
    if (summary) return withCover(tables, summary);
    throw new WhosinError('not-found', `This album has no person ${uid}.`);
  });
}

async function withCover(tables: Tables, { id, shown, ...counts }: PersonSummary): Promise<AlbumPerson> {
  return { person: shown, ...counts, cover: await coverOf(tables, id) };
}

async function coverOf(tables: Tables, person: number): Promise<FaceView | null> {
  const answers = await tables.answers.ofPerson(person, looksAt);
  const confirmed = answers.filter(({ state }) => state === 'confirmed');
  const among = (confirmed.length > 0 ? confirmed : answers).map(({ face }) => face);
  const faces = (await tables.faces.byIds(among)).toSorted((a, b) => (b.quality ?? 0) - (a.quality ?? 0));
  const [view] = await faceViews(
    tables,
    faces.slice(0, 1).map(({ id }) => id),
  );
  return view ?? null;
}
