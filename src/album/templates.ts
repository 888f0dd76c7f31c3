/** Templates of people, from the faces that were confirmed. */

import type { PlacedFace } from '../catalog/faces-table.ts';
import type { PersonRow } from '../catalog/people-table.ts';
import type { PhotoRow } from '../catalog/photos-table.ts';
import { groupedBy } from '../core/grouped.ts';
import { type KnownFace, type Template, templateOf } from '../faces/people/likeness.ts';
import type { AlbumContext } from './context.ts';
import { eventsOf } from './events.ts';

/** Most faces of each person: more faces tell hardly more, and each of them has to be read. */
const mostFaces = 400;

/** Templates of these people, if they have a confirmed face. Those that have not changed since the last time are not made again. */
export async function templatesOf(
  album: AlbumContext,
  of: readonly number[] | 'all',
): Promise<ReadonlyMap<number, Template>> {
  const { background } = await album.faces();
  const people = await album.catalog.read((tables) => tables.people.all());
  const wanted = of === 'all' ? undefined : new Set(of);
  const living = people.filter(({ id, merged }) => merged === null && (wanted?.has(id) ?? true));
  const outdated = living.filter(({ id, revision }) => album.templates.get(id)?.revision !== revision);
  const known = await knownFaces(album, outdated);
  for (const { id, revision } of outdated) {
    const faces = known.get(id) ?? [];
    album.templates.set(id, { revision, template: templateOf(background, faces) });
  }
  return new Map(
    living.flatMap(({ id }) => {
      const template = album.templates.get(id)!.template;
      return template.components.length > 0 ? [[id, template] as const] : [];
    }),
  );
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
    const photos = await tables.photos.byIds([...new Set(placed.map(({ photo }) => photo))]);
    const personOf = new Map(some.map(({ face, person }) => [face, person!]));
    const ofPerson = groupedBy(placed, ({ id }) => personOf.get(id)!);
    // Made once: a table of all photos for each person took most of the time of an undo in a large album.
    const rows = new Map(photos.map((photo) => [photo.id, photo]));
    return new Map([...ofPerson].map(([person, own]) => [person, withEvents(own, rows)]));
  });
}

function withEvents(
  faces: readonly PlacedFace[],
  rows: ReadonlyMap<number, PhotoRow>,
): (KnownFace & PlacedFace)[] {
  const own = [...new Set(faces.map(({ photo }) => photo))].map((id) => rows.get(id)!);
  const events = eventsOf(own);
  const eventOf = new Map(own.map(({ id }, i) => [id, events[i]!]));
  const when = (face: PlacedFace): string => rows.get(face.photo)!.taken ?? '';
  return faces
    .toSorted((a, b) => (when(a) < when(b) ? -1 : when(a) > when(b) ? 1 : a.id - b.id))
    .map((face) => ({ ...face, event: eventOf.get(face.photo)! }));
}
