/** People by their names. */

import { randomUUID } from 'node:crypto';
import type { PersonRow } from '../../catalog/people-table.ts';
import { nearNames } from '../../core/near-names.ts';
import { WhosinError } from '../../errors.ts';
import type { AlbumContext } from '../context.ts';
import { cleanName } from './people-names.ts';

/** More would not fit on a page, and no name is longer. */
const longestName = 200;

/** A name that may be given. Throws `usage` where it is none. */
export function givenName(name: string): string {
  const clean = cleanName(name);
  if (clean === '') throw new WhosinError('usage', 'Give a name that is not empty.');
  if (clean.length > longestName) {
    throw new WhosinError(
      'usage',
      `Give a name of at most ${longestName} characters: this one has ${clean.length}.`,
    );
  }
  return clean;
}

/** Those who are shown; nobody who was merged into somebody else. */
export async function livingPeople({ catalog }: AlbumContext): Promise<readonly PersonRow[]> {
  return (await catalog.read((tables) => tables.people.all())).filter(({ merged }) => merged === null);
}

/** The person of this name; capital letters do not matter where only one person fits. */
export function personNamed(people: readonly PersonRow[], name: string): PersonRow | undefined {
  const clean = cleanName(name);
  const exact = people.find(({ shown }) => shown === clean);
  if (exact) return exact;
  const alike = people.filter(({ shown }) => shown.toLowerCase() === clean.toLowerCase());
  return alike.length === 1 ? alike[0] : undefined;
}

/** As `personNamed` of all; they are read only if nobody is called so to the letter. */
export async function personCalled(album: AlbumContext, name: string): Promise<PersonRow | undefined> {
  const exact = await album.catalog.read(({ people }) => people.called(cleanName(name)));
  return exact ?? personNamed(await livingPeople(album), name);
}

/** Throws `not-found` with names that are near. */
export async function findPerson(album: AlbumContext, name: string): Promise<PersonRow> {
  const people = await livingPeople(album);
  const person = personNamed(people, name);
  if (person) return person;
  const near = nearNames(
    name,
    people.map(({ shown }) => shown),
  );
  const meant = near.length > 0 ? ` Did you mean ${near.map((shown) => `"${shown}"`).join(' or ')}?` : '';
  throw new WhosinError('not-found', `There is nobody called "${name}" in this album.${meant}`);
}

/** The person of this name, or a new one. */
export async function personOrNew(
  album: AlbumContext,
  name: string,
): Promise<{ readonly uid: string; readonly name: string; readonly isNew: boolean }> {
  const clean = givenName(name);
  const person = personNamed(await livingPeople(album), clean);
  return person
    ? { uid: person.uid, name: person.name, isNew: false }
    : { uid: randomUUID(), name: clean, isNew: true };
}

/** As it is said who somebody is. */
export function refer({ uid, name }: PersonRow): { readonly uid: string; readonly name: string } {
  return { uid, name };
}
