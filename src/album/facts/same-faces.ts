/** Faces that were said to be one person: unless a later entry tells them apart, or they have different names. */

import type { Tables } from '../../catalog/catalog.ts';
import type { Mention } from '../../catalog/mentions-table.ts';
import { inOrder } from '../../catalog/said.ts';
import { disjointSets } from '../../core/disjoint-sets.ts';
import { groupedBy } from '../../core/grouped.ts';

/** These faces, and all those to which a chain of such words leads from them. */
export async function withSameFaces({ mentions }: Tables, faces: readonly number[]): Promise<number[]> {
  const known = new Set(faces);
  const followed = new Set<number>();
  for (let next = faces; next.length > 0; ) {
    const said = (await mentions.about(next)).flatMap((mention) =>
      mention.kind === 'same' && !followed.has(mention.said) ? mention.said : [],
    );
    for (const id of said) followed.add(id);
    next = (await mentions.facesOf([...new Set(said)])).filter((face) => !known.has(face));
    for (const face of next) known.add(face);
  }
  return [...known];
}

/**
 * @param mentions all that counts about the faces
 * @param personOf who each face is by what was said about itself
 * @returns sets of two faces or more; at most one person's name is in each
 */
export function sameFaces(
  mentions: readonly Mention[],
  personOf: (face: number) => number | null,
): readonly (readonly number[])[] {
  const ofFace = groupedBy(mentions, ({ face }) => face);
  const faces = [...ofFace.keys()];
  const index = new Map(faces.map((face, i) => [face, i]));
  const sets = disjointSets(faces.length);
  const names = new Map(
    faces.flatMap((face, i) => {
      const person = personOf(face);
      return person === null ? [] : [[i, person] as const];
    }),
  );
  const join = (a: number, b: number): void => {
    const [one, other] = [sets.first(a), sets.first(b)];
    const [first, second] = [names.get(one), names.get(other)];
    if (first !== undefined && second !== undefined && first !== second) return;
    sets.join(one, other);
    const name = first ?? second;
    if (name !== undefined) names.set(sets.first(one), name);
  };
  const entries = groupedBy(
    mentions.filter(({ kind }) => kind === 'same'),
    ({ said }) => said,
  );
  // If words contradict each other, the later one goes before the earlier one.
  for (const entry of [...entries.values()].toSorted(([a], [b]) => inOrder(b!, a!))) {
    for (const own of groupedBy(entry, ({ face }) => toldApart(ofFace.get(face)!, entry[0]!)).values()) {
      // Those who have different names are not one; whoever has none goes with the only name that there is.
      const named = groupedBy(own, ({ face }) => names.get(sets.first(index.get(face)!)) ?? null);
      const parts = named.size - Number(named.has(null)) < 2 ? [own] : [...named.values()];
      for (const [first, ...others] of parts) {
        for (const { face } of others) join(index.get(first!.face)!, index.get(face)!);
      }
    }
  }
  const all = groupedBy(faces, (face) => sets.first(index.get(face)!));
  return [...all.values()].filter((own) => own.length > 1);
}

/** Which part of each later entry it is that tells people apart. */
function toldApart(mentions: readonly Mention[], since: Mention): string {
  return mentions
    .filter(
      (mention) => (mention.kind === 'different' || mention.kind === 'split') && inOrder(since, mention) < 0,
    )
    .map(({ uid, part }) => `${uid}:${part}`)
    .join(' ');
}
