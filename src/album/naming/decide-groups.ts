/** Decides about the faces of groups: named, asked about, or left in peace. */

import type { Answer } from '../../catalog/answers-table.ts';
import type { Tables } from '../../catalog/catalog.ts';
import type { PersonShare } from '../../faces/people/likeness.ts';
import type { AlbumSettings } from '../context.ts';
import { type GroupLikeness, isConfirmedBeside, type Likenesses, likenessesOf } from './group-likeness.ts';

/** Groups that are decided about at one time. */
const atOnce = 500;

export async function decideGroups(
  tables: Tables,
  groups: readonly number[],
  settings: AlbumSettings,
): Promise<void> {
  const done = new Set<number>();
  for (let waiting = [...new Set(groups)]; waiting.length > 0; ) {
    const part = waiting.splice(0, atOnce);
    for (const id of part) done.add(id);
    const freed = await decidePart(tables, part, settings);
    // If a face loses a name, another one in its photo may get it.
    waiting = [...new Set([...waiting, ...freed.filter((id) => !done.has(id))])];
  }
}

/** @returns groups that have to be decided about again */
async function decidePart(
  tables: Tables,
  groups: readonly number[],
  settings: AlbumSettings,
): Promise<readonly number[]> {
  const likenesses = await likenessesOf(tables, groups);
  const { rejected, beside, collages, presence } = likenesses;
  const before = new Map<number, Answer>();
  const after = new Map<number, Answer>();
  for (const group of likenesses.groups) {
    const best = group.likely[0];
    await tables.groups.guess(group.group, best?.person ?? null, best?.probability ?? null);
    const ignored = isStranger(group);
    for (const answer of group.open) {
      before.set(answer.face, answer);
      const denied = best !== undefined && rejected.get(answer.face)!.has(best.person);
      const repeats =
        best !== undefined &&
        !collages.has(answer.photo) &&
        isConfirmedBeside(best.person, answer.face, beside.get(answer.photo));
      const there = best === undefined ? 'yes' : presence(best.person, answer.photo);
      const decided = ignored || denied || repeats || there === 'no' ? undefined : best;
      const face = faceBy(answer, decided, settings);
      // Whoever was dead by then may be in a picture that the photo shows: somebody has to look.
      const asked = there === 'asked' && face.state === 'automatic' ? 'suggested' : face.state;
      after.set(answer.face, { ...face, state: ignored ? 'ignored' : asked });
    }
  }
  for (const answer of repeated(after, likenesses)) after.set(answer.face, nameless(answer));
  const changed = [...after.values()].filter((answer) => !isSame(answer, before.get(answer.face)));
  await tables.answers.save(changed);
  return freedBy(changed, before, beside);
}

/** Somebody said of faces of this group that nobody needs to know who they are, and of none who it is. */
function isStranger({ faces }: GroupLikeness): boolean {
  return faces.some(({ state }) => state === 'stranger') && !faces.some(({ state }) => state === 'confirmed');
}

function faceBy(
  answer: Answer,
  best: PersonShare | undefined,
  { automaticFrom, suggestFrom }: AlbumSettings,
): Answer {
  if (best === undefined || best.probability < suggestFrom) return nameless(answer);
  return { ...answer, ...best, state: best.probability >= automaticFrom ? 'automatic' : 'suggested' };
}

function nameless(answer: Answer): Answer {
  return { ...answer, state: 'unnamed', person: null, probability: null };
}

function isSame(a: Answer, b: Answer | undefined): boolean {
  return a.state === b?.state && a.person === b.person && a.probability === b.probability;
}

/** Faces that are named by themselves like another face of their photo, which is likelier to be that person. */
function repeated(after: ReadonlyMap<number, Answer>, { beside, collages }: Likenesses): Answer[] {
  const losers: Answer[] = [];
  for (const [photo, answers] of beside) {
    if (collages.has(photo)) continue;
    const named = answers
      .map((answer) => after.get(answer.face) ?? answer)
      .filter(({ state }) => state === 'automatic')
      .toSorted((a, b) => b.probability! - a.probability! || a.face - b.face);
    const taken = new Set<number>();
    for (const answer of named) {
      if (taken.has(answer.person!)) losers.push(answer);
      taken.add(answer.person!);
    }
  }
  return losers;
}

/** Groups with another face in a photo in which a name has become free. */
function freedBy(
  changed: readonly Answer[],
  before: ReadonlyMap<number, Answer>,
  beside: ReadonlyMap<number, readonly Answer[]>,
): number[] {
  const lost = changed.filter(({ face, state, person }) => {
    const old = before.get(face);
    return old?.state === 'automatic' && (state !== 'automatic' || person !== old.person);
  });
  return lost.flatMap(({ face, photo }) =>
    (beside.get(photo) ?? []).flatMap((other) =>
      other.face !== face && other.state === 'unnamed' && other.grp !== null ? [other.grp] : [],
    ),
  );
}
