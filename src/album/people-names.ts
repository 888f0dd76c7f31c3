/** Who there is, from all that was said about people. */

import type { PersonEntry, PersonRow, SettledPerson } from '../catalog/people-table.ts';

/** @param entries what counts, the oldest first */
export function peopleFrom(entries: readonly PersonEntry[]): SettledPerson[] {
  const people = new Map<string, { name: string; hidden: boolean; merged: string | null }>();
  for (const { kind, uid, name, other } of entries) {
    const person = people.get(uid) ?? { name, hidden: false, merged: null };
    people.set(uid, person);
    if (kind === 'rename') person.name = name;
    else if (kind === 'hide' || kind === 'show') person.hidden = kind === 'hide';
    else if (kind === 'merge' && other !== null) {
      // Whoever is meant has the name that was given then, where nothing else counts about them any more.
      if (!people.has(other)) people.set(other, { name, hidden: false, merged: null });
      if (!chainOf(people, other).includes(uid)) person.merged = other;
    }
  }
  const taken = new Set<string>();
  return [...people].map(([uid, { name, hidden, merged }]) => {
    // Somebody who was merged is not shown, and takes no name.
    const shown = merged === null ? freeName(name, taken) : name;
    if (merged === null) taken.add(shown);
    return { uid, name, shown, hidden, merged: merged === null ? null : chainOf(people, merged).at(-1)! };
  });
}

/** Somebody, the person whom they were merged into, the one whom that one was merged into, and so on. */
function chainOf(people: ReadonlyMap<string, { readonly merged: string | null }>, uid: string): string[] {
  const chain = [uid];
  for (let next = people.get(uid)?.merged; typeof next === 'string'; next = people.get(next)?.merged) {
    chain.push(next);
  }
  return chain;
}

/** Two people may have one name: the second one is shown with a number. */
function freeName(name: string, taken: ReadonlySet<string>): string {
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

/** As it is stored: one form of each letter, no blanks around it. */
export function cleanName(name: string): string {
  return name.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
}
