/** What was said becomes what is so: people, and the faces that a person has spoken of. */

import type { Answer } from '../catalog/answers-table.ts';
import type { Tables } from '../catalog/catalog.ts';
import { groupedBy } from '../core/grouped.ts';
import { peopleFrom, personFinder } from './people-names.ts';
import { type Verdict, verdictOf } from './verdict.ts';

export async function settlePeople({ people, groups }: Tables): Promise<void> {
  await groups.touch(await people.settle(peopleFrom(await people.entries())));
}

/**
 * Works out anew what these faces are by what was said about them, and notes which groups and people that changes:
 * `learn` goes on from there.
 *
 * @returns the faces' groups
 */
export async function settleFaces(tables: Tables, faces: readonly number[]): Promise<readonly number[]> {
  const verdicts = await verdictsOf(tables, faces);
  const before = new Map((await tables.answers.of(faces)).map((answer) => [answer.face, answer]));
  const unknown = faces.filter((face) => !before.has(face));
  for (const { id, photo } of await tables.faces.byIds(unknown)) before.set(id, firstAnswer(id, photo));
  const people = new Set<number>();
  const groups = new Set<number>();
  const after: Answer[] = [];
  for (const [face, old] of before) {
    const now = answerBy(verdicts.get(face)!, old);
    after.push(now);
    if (now.grp !== null) groups.add(now.grp);
    const [was, is] = [old, now].map(({ state, person }) => (state === 'confirmed' ? person : null));
    if (was !== is) for (const person of [was, is]) if (typeof person === 'number') people.add(person);
  }
  await tables.answers.save(after);
  await tables.groups.touch([...groups]);
  await tables.people.touch([...people]);
  return [...groups];
}

export async function verdictsOf(tables: Tables, faces: readonly number[]): Promise<Map<number, Verdict>> {
  const personOf = personFinder(await tables.people.all());
  const mentions = groupedBy(await tables.mentions.about(faces), ({ face }) => face);
  return new Map(faces.map((face) => [face, verdictOf(mentions.get(face) ?? [], personOf)]));
}

/** A face that nobody has spoken of, and that is in no group. */
export function firstAnswer(face: number, photo: number): Answer {
  return { face, photo, grp: null, state: 'unnamed', person: null, probability: null, unsure: 0 };
}

const saidStates = new Set<Answer['state']>(['confirmed', 'stranger', 'not-a-face']);

function answerBy({ person, dismissed, rejected, unsure }: Verdict, old: Answer): Answer {
  const { face, photo, grp } = old;
  const base = { face, photo, grp, unsure: unsure ? 1 : 0 };
  const nobody = { state: 'unnamed', person: null, probability: null } as const;
  if (person !== null) return { ...base, state: 'confirmed', person, probability: 1 };
  if (dismissed !== null) return { ...base, ...nobody, state: dismissed };
  // What the machine made of it stays until it has learnt, unless that was just said to be wrong.
  const isOutdated = saidStates.has(old.state) || (old.person !== null && rejected.has(old.person));
  return isOutdated ? { ...base, ...nobody } : { ...old, ...base };
}
