/** RECIPE: who is in the album? Those with the most faces first, each with the face that shows them best. */

import type { Tables } from '../catalog/catalog.ts';
import type { PersonSummary } from '../catalog/people-table.ts';
import { WhosinError } from '../errors.ts';
import type { AlbumContext } from './context.ts';
import { type FaceView, faceViews } from './face-views.ts';
import { personFinder } from './people-names.ts';

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
    const page = all.slice(offset, offset + limit);
    const chosen = await chosenCovers(tables, page);
    const people: AlbumPerson[] = [];
    for (const summary of page) people.push(await withCover(tables, summary, chosen));
    return { total: all.length, people };
  });
}

/** @throws WhosinError `not-found` */
export async function albumPerson({ catalog }: AlbumContext, uid: string): Promise<AlbumPerson> {
  return catalog.read(async (tables) => {
    const summary = (await tables.people.summaries()).find((one) => one.uid === uid);
    if (summary) return withCover(tables, summary, await chosenCovers(tables, [summary]));
    throw new WhosinError('not-found', `This album has no person ${uid}.`);
  });
}

type Covers = ReadonlyMap<number, number>;

/** By person: the face that was chosen last, for the person or for somebody who was merged into them. */
async function chosenCovers(tables: Tables, summaries: readonly PersonSummary[]): Promise<Covers> {
  const ids = new Set(summaries.map(({ id }) => id));
  const people = await tables.people.all();
  const personOf = personFinder(people);
  const uids = people.filter(({ id, merged }) => ids.has(merged ?? id)).map(({ uid }) => uid);
  return new Map((await tables.mentions.covers(uids)).map(({ uid, face }) => [personOf(uid)!, face]));
}

async function withCover(
  tables: Tables,
  { id, shown, ...counts }: PersonSummary,
  chosen: Covers,
): Promise<AlbumPerson> {
  return { person: shown, ...counts, cover: await coverOf(tables, id, chosen.get(id)) };
}

async function coverOf(tables: Tables, person: number, chosen: number | undefined): Promise<FaceView | null> {
  if (chosen !== undefined) {
    const [answer] = await tables.answers.of([chosen]);
    const isStill =
      answer?.person === person && (answer.state === 'confirmed' || answer.state === 'automatic');
    if (isStill) return (await faceViews(tables, [chosen]))[0] ?? null;
  }
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
