/** Who comes with new entries, and which entries change the list of people: most name somebody who is known, and change nothing. */

import type { Tables } from '../../catalog/catalog.ts';
import { namings } from '../../catalog/people-table.ts';
import type { SaidEntry, SaidKind } from '../../catalog/said.ts';
import { freeName } from '../facts/people-names.ts';

/** Entries that say something about people, and not only about faces. */
const aboutPeople = new Set<SaidKind>(['rename', 'merge', 'hide', 'show', 'born', 'died']);

/**
 * Whoever is named for the first time comes last, and changes nobody else.
 *
 * @param entries newer than all others
 * @returns the uids of those who came
 */
export async function addPeople(
  { people }: Tables,
  entries: readonly SaidEntry[],
): Promise<ReadonlySet<string>> {
  if (entries.some(({ kind }) => aboutPeople.has(kind))) return new Set();
  const first = new Map<string, string>();
  for (const { kind, person } of entries)
    if (person && gives(kind) && !first.has(person.uid)) first.set(person.uid, person.name);
  const known = new Set((await people.byUids([...first.keys()])).map(({ uid }) => uid));
  const fresh = [...first].filter(([uid]) => !known.has(uid));
  for (const [uid, name] of fresh) {
    await people.add([{ uid, name, shown: freeName(name, new Set(await people.shownAs(name))) }]);
  }
  return new Set(fresh.map(([uid]) => uid));
}

/** Whether an entry of this kind gives its person a name. */
function gives(kind: SaidKind): boolean {
  return (namings as readonly SaidKind[]).includes(kind);
}

/** Names come from the first entry that names a person: the others change no list of people. */
export async function changesPeople(
  { people }: Tables,
  entry: SaidEntry,
  added: ReadonlySet<string>,
): Promise<boolean> {
  const { kind, person } = entry;
  if (aboutPeople.has(kind)) return true;
  if (!person || !gives(kind) || added.has(person.uid)) return false;
  return !(await people.isNamedBefore(entry, person.uid));
}
