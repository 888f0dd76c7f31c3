/** Who there is, from all that was said about people. */

import type { Tables } from '../../catalog/catalog.ts';
import type { PersonEntry, PersonRow, SettledPerson } from '../../catalog/people-table.ts';

/** @param entries what counts, the oldest first */
export function peopleFrom(entries: readonly PersonEntry[]): SettledPerson[] {
  const people = new Map<string, Known>();
  for (const { kind, uid, name, other } of entries) {
    const person = people.get(uid) ?? known(name);
    people.set(uid, person);
    if (kind === 'rename') person.name = name;
    else if (kind === 'hide' || kind === 'show') person.hidden = kind === 'hide';
    else if (kind === 'merge' && other !== null) {
      // Whoever is meant has the name that was given then, where nothing else counts about them any more.
      if (!people.has(other)) people.set(other, known(name));
      // Both are one with everybody whom either of them was one with before.
      const [from, into] = [endOf(people, uid), endOf(people, other)];
      if (from !== into) people.get(from)!.merged = into;
    }
  }
  // An entry about one of those who are one person is about that person.
  for (const { kind, uid, date } of entries) {
    if (kind === 'born' || kind === 'died') people.get(endOf(people, uid))![kind] = date || null;
  }
  const taken = new Set<string>();
  return [...people].map(([uid, { merged, ...person }]) => {
    const { name } = person;
    // Somebody who was merged is not shown, and takes no name.
    const shown = merged === null ? freeName(name, taken) : name;
    if (merged === null) taken.add(shown);
    return { uid, ...person, shown, merged: merged === null ? null : endOf(people, merged) };
  });
}

interface Known {
  name: string;
  hidden: boolean;
  merged: string | null;
  born: string | null;
  died: string | null;
}

function known(name: string): Known {
  return { name, hidden: false, merged: null, born: null, died: null };
}

/** The person whom somebody is, along all merges. */
function endOf(people: ReadonlyMap<string, { readonly merged: string | null }>, uid: string): string {
  let end = uid;
  for (let next = people.get(end)?.merged; typeof next === 'string'; next = people.get(end)?.merged)
    end = next;
  return end;
}

/** Two people may have one name: the second one is shown with a number. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let n = 2;
  while (taken.has(`${name} (${n})`)) n++;
  return `${name} (${n})`;
}

/** The person whom a uid means now. */
export function personFinder(people: readonly PersonRow[]): (uid: string) => number | undefined {
  const ids = new Map(people.map(({ uid, id, merged }) => [uid, merged ?? id]));
  return (uid) => ids.get(uid);
}

/** The same for those whom some entries name. */
export async function personFinderFor(
  { people }: Tables,
  entries: readonly { readonly person: string | null }[],
): Promise<(uid: string) => number | undefined> {
  const uids = new Set(entries.flatMap(({ person }) => person ?? []));
  return personFinder(await people.byUids([...uids]));
}

/** Control characters, halves of letters, and marks that turn the letters behind them around on every page. */
const unseen = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu;

/** As it is stored: one form of each letter, no blanks around it; empty if nothing of it can be seen. */
export function cleanName(name: string): string {
  const clean = name.normalize('NFC').replaceAll(unseen, ' ').replaceAll(/\s+/gu, ' ').trim();
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(clean) ? clean : '';
}
