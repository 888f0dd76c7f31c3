/** Templates of people, from the faces that were confirmed. */

import type { Tables } from '../../catalog/catalog.ts';
import type { PlacedFace } from '../../catalog/faces-table.ts';
import type { PersonRow } from '../../catalog/people-table.ts';
import type { PhotoOccasion } from '../../catalog/photos-table.ts';
import { groupedBy } from '../../core/grouped.ts';
import {
  type KnownFace,
  type PersonPlace,
  placeOfPerson,
  type StagedTemplate,
  templateOf,
} from '../../faces/people/likeness.ts';
import type { AlbumContext } from '../context.ts';
import { eventsOf } from '../facts/events.ts';
import { type Life, stageIn } from '../facts/lives.ts';

/** Most faces of each person: more faces tell hardly more, and each of them has to be read. */
const mostFaces = 400;

/** Templates of these people, if they have a confirmed face. Those that have not changed since the last time are not made again. */
export async function templatesOf(
  album: AlbumContext,
  of: readonly number[],
): Promise<ReadonlyMap<number, StagedTemplate>> {
  const people = await album.catalog.read((tables) => tables.people.byIds([...new Set(of)]));
  const living = people.filter(isLiving);
  await getToKnow(
    album,
    living.filter(({ id, revision }) => album.known.get(id)?.revision !== revision),
  );
  return new Map(
    living.flatMap(({ id }) => {
      const { template } = album.known.get(id)!;
      return template.components.length > 0 ? [[id, template] as const] : [];
    }),
  );
}

/** The places of all who have a confirmed face. They are stored: only those whose faces changed are made anew. */
export async function placesOfPeople(album: AlbumContext): Promise<ReadonlyMap<number, PersonPlace>> {
  const { people, stored } = await album.catalog.read(async (tables) => ({
    people: (await tables.people.all()).filter(isLiving),
    stored: await tables.peopleSums.all(),
  }));
  const places = new Map<number, { readonly revision: number; readonly place: PersonPlace }>([
    ...stored.map(({ person, revision, ...place }) => [person, { revision, place }] as const),
    ...album.known,
  ]);
  const outdated = people.filter(({ id, revision }) => places.get(id)?.revision !== revision);
  await getToKnow(album, outdated);
  return new Map(
    people.flatMap(({ id, revision }) => {
      const known = places.get(id);
      const { place } = known?.revision === revision ? known : album.known.get(id)!;
      return place.weight > 0 ? [[id, place] as const] : [];
    }),
  );
}

/** Stores the places of people that were made since the last time. */
export async function storePlaces(tables: Tables, { known, unstored }: AlbumContext): Promise<void> {
  if (unstored.size === 0) return;
  const people = new Set((await tables.people.byIds([...unstored])).map(({ id }) => id));
  const sums = [...unstored].filter((id) => people.has(id) && known.has(id));
  await tables.peopleSums.save(
    sums.map((person) => {
      const { revision, place } = known.get(person)!;
      const { weight, trust, mean } = place;
      return { person, revision, weight, trust, mean };
    }),
  );
  unstored.clear();
}

async function getToKnow(album: AlbumContext, people: readonly PersonRow[]): Promise<void> {
  if (people.length === 0) return;
  const { background } = await album.faces();
  const known = await knownFaces(album, people);
  for (const { id, revision } of people) {
    const faces = known.get(id) ?? [];
    album.known.set(id, {
      revision,
      template: templateOf(background, faces),
      place: placeOfPerson(faces),
    });
    album.unstored.add(id);
  }
}

function isLiving({ merged }: PersonRow): boolean {
  return merged === null;
}

/** The confirmed faces of these people, in the order of time. */
export async function knownFaces(
  { catalog, faces }: AlbumContext,
  people: readonly PersonRow[],
  most = mostFaces,
): Promise<ReadonlyMap<number, readonly (KnownFace & PlacedFace)[]>> {
  const { reader } = await faces();
  return catalog.read(async (tables) => {
    const some = await tables.answers.confirmed(
      people.map(({ id }) => id),
      most,
    );
    const placed = await tables.faces.placed(
      some.map(({ face }) => face),
      reader.recipe,
    );
    const photos = await tables.photos.occasions([...new Set(placed.map(({ photo }) => photo))]);
    const personOf = new Map(some.map(({ face, person }) => [face, person]));
    const ofPerson = groupedBy(placed, ({ id }) => personOf.get(id)!);
    // Made once: a table of all photos for each person took most of the time of an undo in a large album.
    const rows = new Map(photos.map((photo) => [photo.id, photo]));
    const lives = new Map(people.map((person) => [person.id, person]));
    return new Map([...ofPerson].map(([person, own]) => [person, withTimes(own, rows, lives.get(person)!)]));
  });
}

function withTimes(
  faces: readonly PlacedFace[],
  rows: ReadonlyMap<number, PhotoOccasion>,
  life: Life,
): (KnownFace & PlacedFace)[] {
  const own = [...new Set(faces.map(({ photo }) => photo))].map((id) => rows.get(id)!);
  const events = eventsOf(own);
  const eventOf = new Map(own.map(({ id }, i) => [id, events[i]!]));
  const when = (face: PlacedFace): string => rows.get(face.photo)!.taken ?? '';
  return faces
    .toSorted((a, b) => (when(a) < when(b) ? -1 : when(a) > when(b) ? 1 : a.id - b.id))
    .map((face) => ({
      ...face,
      event: eventOf.get(face.photo)!,
      stage: stageIn(life, rows.get(face.photo)!),
    }));
}
