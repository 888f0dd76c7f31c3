/** Faces that are taken as examples of people, and how far their other photos agree with each. */

import {
  type EnrolledFace,
  enrolLeavingOut,
  logLikelihoodRatio,
  type TwoCovariance,
} from '../../learn/odds/two-covariance.ts';

/** One face that is taken as an example of a person. */
export interface Example extends EnrolledFace {
  /** Index of the person. */
  readonly person: number;
  /** Near-duplicates share a group: a burst of ten photos is one piece of evidence. */
  readonly group: number;
}

/**
 * Log odds that a face is its person by the person's other photos alone; NaN if there are none.
 *
 * @param byPerson the examples of each person
 */
export function oddsByOthers(
  background: TwoCovariance,
  byPerson: readonly (readonly Example[])[],
): ReadonlyMap<Example, number> {
  const odds = new Map<Example, number>();
  for (const own of byPerson) {
    const { faces, groups } = onceEach(own);
    const places = new Map(groups.map((group, i) => [group, i]));
    const without = enrolLeavingOut(background, faces);
    for (const example of own) {
      const others = without(places.get(example.group)!);
      odds.set(example, others.components.length === 0 ? Number.NaN : logLikelihoodRatio(others, example.z));
    }
  }
  return odds;
}

/** Each group of near-duplicates counts once, as the mean of its faces. */
export function onceEach(of: readonly Example[]): {
  readonly faces: readonly EnrolledFace[];
  readonly groups: readonly number[];
} {
  const groups = new Map<number, EnrolledFace[]>();
  for (const example of of) {
    const group = groups.get(example.group);
    if (group) group.push(example);
    else groups.set(example.group, [example]);
  }
  return { faces: [...groups.values()].map(meanFace), groups: [...groups.keys()] };
}

function meanFace(faces: readonly EnrolledFace[]): EnrolledFace {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    z: faces[0]!.z.map((_, i) => mean(faces.map(({ z }) => z[i]!))),
    quality: mean(faces.map(({ quality }) => quality)),
  };
}
