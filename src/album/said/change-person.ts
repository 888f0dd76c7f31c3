/** RECIPE: what is known about a person as such is changed: all of it, or nothing. */

import type { PersonRow } from '../../catalog/people-table.ts';
import type { SaidEntry } from '../../catalog/said.ts';
import { WhosinError } from '../../errors.ts';
import type { AlbumContext } from '../context.ts';
import { givenDate, requireLife } from '../facts/lives.ts';
import { givenName, livingPeople, personNamed, refer } from '../facts/people.ts';
import { type Statement, say } from './say.ts';

/** Fields that are left out stay as they are. */
export interface PersonChange {
  readonly name?: string | undefined;
  readonly hidden?: boolean | undefined;
  /** `2015-03-02`, `2015-03` or `2015`; null if it is not known. */
  readonly born?: string | null | undefined;
  readonly died?: string | null | undefined;
}

export interface ChangeOptions {
  /** If somebody has the new name already, the two are one person. */
  readonly merge?: boolean;
}

/**
 * @param uid of the person
 * @returns what was said. Throws `not-found`; `in-use` for a name that somebody has; `usage` for what is no name, no date,
 *   or a death before the birth. Nothing is said then
 */
export async function changePerson(
  album: AlbumContext,
  uid: string,
  change: PersonChange,
  { merge = false }: ChangeOptions = {},
): Promise<readonly SaidEntry[]> {
  const people = await livingPeople(album);
  const person = people.find((one) => one.uid === uid);
  if (person === undefined) throw new WhosinError('not-found', `This album has no person ${uid}.`);
  const { name, hidden = Boolean(person.hidden) } = change;
  const statements = lifeStatements(person, change);
  if (hidden !== Boolean(person.hidden))
    statements.push({ kind: hidden ? 'hide' : 'show', person: refer(person) });
  // The name comes last: undo without a number takes back that.
  if (name !== undefined && name !== person.shown) {
    const other = merge ? personNamed(people, name) : undefined;
    const isOther = other !== undefined && other.id !== person.id;
    statements.push(isOther ? mergeInto(person, other) : renameTo(person, name, people));
  }
  return statements.length === 0 ? [] : say(album, statements);
}

function lifeStatements(person: PersonRow, { born, died }: PersonChange): Statement[] {
  const given = (date: string | null): string | null => (date === null ? null : givenDate(date) || null);
  const life = {
    born: born === undefined ? person.born : given(born),
    died: died === undefined ? person.died : given(died),
  };
  requireLife(person.shown, life);
  return (['born', 'died'] as const)
    .filter((kind) => life[kind] !== person[kind])
    .map((kind) => ({ kind, person: refer(person), date: life[kind] ?? '' }));
}

/** Throws `in-use` if somebody else of these people has the name, `usage` for what is none. */
export function renameTo({ id, uid }: PersonRow, given: string, people: readonly PersonRow[]): Statement {
  const name = givenName(given);
  const other = personNamed(people, name);
  if (other === undefined || other.id === id) return { kind: 'rename', person: { uid, name } };
  throw new WhosinError(
    'in-use',
    `There is somebody called "${other.shown}" already: if it is the same person, merge them.`,
  );
}

export function mergeInto({ uid }: PersonRow, into: PersonRow): Statement {
  return { kind: 'merge', person: { uid, name: into.name }, other: into.uid };
}
