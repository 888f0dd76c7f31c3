/** A person is in a photo at most once: the faces of a photo share the names among them. */

import type { Posterior } from './open-set.ts';

/** A name that two faces may both have with at least this probability is contested. */
const contestedFrom = 1e-6;

/** The sum over all assignments doubles with each contested name; beyond this many the weakest are left alone. */
const mostContested = 12;

/**
 * The probabilities of each face given that no name is given twice. Exact: the sum over all assignments of
 * names to faces, each weighed by the product of the faces' own probabilities, by dynamic programming over the
 * faces and the set of contested names already given (forward and backward).
 *
 * @param faces what each face would be, looked at alone; all over the same people
 */
export function assignJointly(faces: readonly Posterior[]): Posterior[] {
  const contested = contestedPeople(faces);
  if (contested.length === 0) return [...faces];
  // Each face has a probability of each contested name, and one of everything else together.
  const names = faces.map(({ people }) => contested.map((person) => people[person]!));
  const rest = faces.map(({ people, unknown, others = 0 }) =>
    people.reduce((sum, p, person) => (contested.includes(person) ? sum : sum + p), unknown + others),
  );
  const sets = 1 << contested.length;

  const before: Float64Array[] = [Float64Array.from({ length: sets }, (_, set) => (set === 0 ? 1 : 0))];
  for (const [f, own] of names.entries()) before.push(normalized(given(before[f]!, own, rest[f]!)));
  let after = new Float64Array(sets).fill(1);
  const out: Posterior[] = [];
  for (let f = faces.length - 1; f >= 0; f--) {
    const own = names[f]!;
    const [asRest, asName] = marginals(before[f]!, own, rest[f]!, after);
    out.unshift(rescaled(faces[f]!, contested, asRest / rest[f]!, asName));
    after = normalized(pending(after, own, rest[f]!));
  }
  return out;
}

function contestedPeople(faces: readonly Posterior[]): number[] {
  const count = faces[0]?.people.length ?? 0;
  const claims: { readonly person: number; readonly second: number }[] = [];
  for (let person = 0; person < count; person++) {
    let [first, second] = [0, 0];
    for (const { people } of faces) {
      const p = people[person]!;
      if (p > first) [first, second] = [p, first];
      else if (p > second) second = p;
    }
    if (second > contestedFrom) claims.push({ person, second });
  }
  const strongest = claims.toSorted((a, b) => b.second - a.second).slice(0, mostContested);
  return strongest.map(({ person }) => person);
}

/** The weight of each set of given names after one more face. */
function given(sets: Float64Array, own: readonly number[], rest: number): Float64Array {
  const next = sets.map((weight) => weight * rest);
  for (const [set, weight] of sets.entries()) {
    if (weight === 0) continue;
    for (const [c, p] of own.entries()) if ((set & (1 << c)) === 0) next[set | (1 << c)]! += weight * p;
  }
  return next;
}

/** The weight of all that the later faces can be, for each set of names given before this face. */
function pending(after: Float64Array, own: readonly number[], rest: number): Float64Array<ArrayBuffer> {
  const next = new Float64Array(after.length);
  for (let set = 0; set < next.length; set++) {
    let sum = rest * after[set]!;
    for (const [c, p] of own.entries()) if ((set & (1 << c)) === 0) sum += p * after[set | (1 << c)]!;
    next[set] = sum;
  }
  return next;
}

/** Probability that this face is none of the contested people, and that it is each of them. */
function marginals(
  before: Float64Array,
  own: readonly number[],
  rest: number,
  after: Float64Array,
): readonly [number, readonly number[]] {
  let asRest = 0;
  const asName = own.map(() => 0);
  for (const [set, weight] of before.entries()) {
    asRest += weight * rest * after[set]!;
    for (const [c, p] of own.entries()) {
      if ((set & (1 << c)) === 0) asName[c]! += weight * p * after[set | (1 << c)]!;
    }
  }
  const total = asName.reduce((a, b) => a + b, asRest);
  return [asRest / total, asName.map((p) => p / total)];
}

function rescaled(
  face: Posterior,
  contested: readonly number[],
  by: number,
  names: readonly number[],
): Posterior {
  const people = face.people.map((p) => p * by);
  for (const [c, person] of contested.entries()) people[person] = names[c]!;
  const { unknown, others } = face;
  return { people, unknown: unknown * by, ...(others !== undefined && { others: others * by }) };
}

/** Only the proportions matter; kept near one, so that many faces do not underflow. */
function normalized<T extends Float64Array>(weights: T): T {
  const highest = weights.reduce((a, b) => Math.max(a, b), 0);
  if (highest > 0) for (let i = 0; i < weights.length; i++) weights[i]! /= highest;
  return weights;
}
