/** How often different people of a reference set are as much alike as two faces, each fold of them compared by a fit on the others. */

import type { FoldFit } from '../../learn/odds/background-fit.ts';
import { enrol, faceOdds, project, type TwoCovariance } from '../../learn/odds/two-covariance.ts';
import type { Labelled } from '../../learn/odds/two-covariance-fit.ts';
import type { FalseMatches } from '../people/background-file.ts';

const levels = [0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 5e-3, 2e-3, 1e-3, 5e-4, 2e-4, 1e-4, 5e-5, 2e-5, 1e-5];

/** A rate that fewer pairs than this have reached says little about the next ones. */
const telling = 20;

/** Most faces of a fold that are compared each with each: more than a million pairs. */
const mostFaces = 1500;

/**
 * @param reference what the people are of, for people to read
 * @returns undefined if there are too few pairs to say anything
 */
export function measureFalseMatches(
  folds: readonly FoldFit[],
  { scale, offset }: Pick<TwoCovariance, 'scale' | 'offset'>,
  reference: string,
): FalseMatches | undefined {
  const odds = folds.flatMap(({ model, others }) => [
    ...oddsOfStrangers({ ...model, scale, offset }, others.slice(0, mostFaces)),
  ]);
  const rates = falseMatchRates(odds);
  const pairs = `${odds.length.toLocaleString('en')} pairs of photos of different people (${reference})`;
  return rates.length === 0 ? undefined : { measuredOn: pairs, pairs: odds.length, rates };
}

/** @param odds log odds of pairs of different people */
export function falseMatchRates(odds: Iterable<number>): FalseMatches['rates'] {
  const sorted = Float32Array.from(odds).toSorted();
  return levels
    .filter((rate) => rate * sorted.length >= telling)
    .map((rate) => [Number(sorted[sorted.length - Math.ceil(rate * sorted.length)]!.toFixed(3)), rate]);
}

/** As `sameOdds` compares two faces. */
function* oddsOfStrangers(model: TwoCovariance, faces: readonly Labelled[]): Generator<number> {
  const placed = faces.map(({ person, values, quality }) => {
    const face = { z: project(model, values), quality };
    return { person, ...face, template: enrol(model, [face]) };
  });
  for (const [i, one] of placed.entries()) {
    for (const other of placed.slice(0, i)) {
      if (one.person === other.person) continue;
      yield (faceOdds(one.template, other) + faceOdds(other.template, one)) / 2;
    }
  }
}
