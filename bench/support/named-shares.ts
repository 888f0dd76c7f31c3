/** How many faces of people and of strangers get a name, right or wrong. */

import {
  type EnrolledFace,
  type KnownFace,
  type LikenessSetting,
  likeliest,
  likeness,
  pooled,
  templateOf,
} from '../../src/faces/people/likeness.ts';
import type { TwoCovariance } from '../../src/learn/odds/two-covariance.ts';

export interface AskedFace {
  /** If it is one of the known faces of its person, they are known by the others. */
  readonly face: EnrolledFace;
  /** Index of the person; null for a stranger. */
  readonly person: number | null;
}

/** Shares, 0 to 1. */
export interface NamedShares {
  /** Faces of known people that get the right name by themselves. */
  readonly right: number;
  /** Those that get a wrong one. */
  readonly wrong: number;
  /** Strangers that get a name. */
  readonly strangers: number;
}

/** As albums have it, unless somebody sets another one. */
const automaticFrom = 0.95;

export function namedShares(
  background: TwoCovariance,
  people: readonly (readonly KnownFace[])[],
  asked: readonly AskedFace[],
  setting: LikenessSetting,
): NamedShares {
  const templates = people.map((own) => templateOf(background, own));
  const counts = { right: 0, wrong: 0, strangers: 0 };
  for (const { face, person } of asked) {
    const place = pooled([face]);
    const odds = templates.map((template, i) => {
      const others = i === person ? people[i]!.filter((own) => own !== face) : people[i]!;
      const by = others.length < people[i]!.length ? templateOf(background, others) : template;
      return { person: i, likeness: likeness(by, place), besides: 0 };
    });
    const best = likeliest(odds, face.quality, setting)[0]!;
    if (best.probability < automaticFrom) continue;
    if (person === null) counts.strangers++;
    else if (best.person === person) counts.right++;
    else counts.wrong++;
  }
  const known = asked.filter(({ person }) => person !== null).length;
  return {
    right: counts.right / known,
    wrong: counts.wrong / known,
    strangers: counts.strangers / (asked.length - known),
  };
}
