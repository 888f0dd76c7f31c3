/** Everything said becomes so: people, and the faces that a person has spoken of. */

import type { Answer } from '../../catalog/answers-table.ts';
import type { Tables } from '../../catalog/catalog.ts';
import type { Mention } from '../../catalog/mentions-table.ts';
import { groupedBy } from '../../core/grouped.ts';
import { awaitGroups } from './grouping.ts';
import { peopleFrom, personFinderFor } from './people-names.ts';
import { sameFaces, withSameFaces } from './same-faces.ts';
import { type Verdict, verdictOf } from './verdict.ts';

export async function settlePeople({ people, groups }: Tables): Promise<void> {
  await groups.touch(await people.settle(peopleFrom(await people.entries())));
}

/**
 * Works out anew what these faces are by what was said about them, and faces that were said to be the same person as they,
 * and notes which groups and people that changes: `learn` goes on from there.
 *
 * @returns the faces' groups; `returned`: those to which a face comes back that was called no face
 */
export async function settleFaces(
  tables: Tables,
  faces: readonly number[],
): Promise<{ readonly groups: readonly number[]; readonly returned: readonly number[] }> {
  const all = await withSameFaces(tables, faces);
  const verdicts = await verdictsOf(tables, all);
  await dropUnspoken(tables, verdicts);
  const before = new Map((await tables.answers.of(all)).map((answer) => [answer.face, answer]));
  const unknown = all.filter((face) => !before.has(face));
  for (const { id, photo } of await tables.faces.byIds(unknown)) before.set(id, firstAnswer(id, photo));
  const people = new Set<number>();
  const groups = new Set<number>();
  const returned = new Set<number>();
  const after: Answer[] = [];
  for (const [face, old] of before) {
    const now = answerBy(verdicts.get(face)!, old);
    after.push(now);
    if (now.grp !== null) groups.add(now.grp);
    if (now.grp !== null && isFaceAgain(old.state, now.state)) returned.add(now.grp);
    const [was, is] = [old, now].map(({ state, person }) => (state === 'confirmed' ? person : null));
    if (was !== is) for (const person of [was, is]) if (typeof person === 'number') people.add(person);
  }
  await tables.answers.save(after);
  const returnedAlone = after.filter(
    ({ face, grp, state }) => grp === null && isFaceAgain(before.get(face)!.state, state),
  );
  await awaitGroups(
    tables,
    returnedAlone.map(({ face }) => face),
  );
  await tables.groups.touch([...groups]);
  await tables.people.touch([...people]);
  return { groups: [...groups], returned: [...returned] };
}

function isFaceAgain(was: Answer['state'], is: Answer['state']): boolean {
  return was === 'not-a-face' && is !== 'not-a-face';
}

/** @param faces with all to which what was said about them leads (`withSameFaces`) */
async function verdictsOf(tables: Tables, faces: readonly number[]): Promise<Map<number, Verdict>> {
  const mentions = await tables.mentions.about(faces);
  const verdicts = verdictsBy(mentions, faces, await personFinderFor(tables, mentions));
  for (const own of sameFaces(mentions, (face) => verdicts.get(face)!.person)) {
    const person = own.map((face) => verdicts.get(face)!.person).find((one) => one !== null);
    if (person === undefined) continue;
    for (const face of own) {
      const verdict = verdicts.get(face)!;
      const isOther = verdict.dismissed !== null || verdict.rejected.has(person);
      if (verdict.person === null && !isOther) verdicts.set(face, { ...verdict, person });
    }
  }
  return verdicts;
}

/** A place that somebody drew, where no machine sees a face, is none once nothing counts that was said about it. */
async function dropUnspoken({ faces }: Tables, verdicts: Map<number, Verdict>): Promise<void> {
  const unspoken = [...verdicts].flatMap(([face, { spoken }]) => (spoken ? [] : face));
  for (const { id, origin } of await faces.byIds(unspoken)) {
    if (origin === 'said') verdicts.set(id, { ...verdicts.get(id)!, dismissed: 'not-a-face' });
  }
}

/** Everything said about each face itself. */
export function verdictsBy(
  mentions: readonly Mention[],
  faces: readonly number[],
  personOf: (uid: string) => number | undefined,
): Map<number, Verdict> {
  const ofFace = groupedBy(mentions, ({ face }) => face);
  return new Map(faces.map((face) => [face, verdictOf(ofFace.get(face) ?? [], personOf)]));
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
  // The machine's answer stays until it has learnt, unless that was just said to be wrong.
  const isOutdated = saidStates.has(old.state) || (old.person !== null && rejected.has(old.person));
  return isOutdated ? { ...base, ...nobody } : { ...old, ...base };
}
