/** How often different people of a reference set are as much alike as two faces, each fold of them compared by a fit on the others. */

import type { FoldFit } from '../../learn/odds/background-fit.ts';
import { openManyOdds } from '../../learn/odds/many-odds.ts';
import { enrol, project, type TwoCovariance } from '../../learn/odds/two-covariance.ts';
import type { Labelled } from '../../learn/odds/two-covariance-fit.ts';
import type { OpenComputation } from '../../models/graph/computation.ts';
import type { FalseMatches } from '../people/background-file.ts';

const levels = [0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 5e-3, 2e-3, 1e-3, 5e-4, 2e-4, 1e-4, 5e-5, 2e-5, 1e-5];

/** A rate that fewer pairs than this have reached says little about the next ones. */
const telling = 20;

/** Most faces of a fold that are compared each with each: more than a million pairs. */
const mostFaces = 1500;

/**
 * @param reference what the people are of, for people to read
 * @param compute large products
 * @returns undefined if there are too few pairs to say anything
 */
export async function measureFalseMatches(
  folds: readonly FoldFit[],
  { scale, offset }: Pick<TwoCovariance, 'scale' | 'offset'>,
  reference: string,
  compute: OpenComputation,
): Promise<FalseMatches | undefined> {
  const odds: number[] = [];
  for (const { model, others } of folds) {
    const calibrated = { ...model, scale, offset };
    for (const own of await oddsOfStrangers(calibrated, others.slice(0, mostFaces), compute)) odds.push(own);
  }
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
async function oddsOfStrangers(
  model: TwoCovariance,
  faces: readonly Labelled[],
  compute: OpenComputation,
): Promise<number[]> {
  const placed = faces.map(({ values, quality }) => ({ z: project(model, values), quality }));
  const n = faces.length;
  /** [faces × faces]: of the face of the row, under the template of the face of the column. */
  const under = new Float64Array(n * n);
  const everybody = openManyOdds(
    placed.map((face) => enrol(model, [face])),
    compute,
  );
  try {
    for await (const { first, rows } of everybody.blocks(placed.map(({ z }) => z))) {
      for (const [i, row] of rows.entries()) under.set(row, (first + i) * n);
    }
  } finally {
    await everybody.close();
  }
  const odds: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      if (faces[i]!.person === faces[j]!.person) continue;
      const [there, back] = [placed[j]!.quality * under[j * n + i]!, placed[i]!.quality * under[i * n + j]!];
      odds.push((there + back) / 2);
    }
  }
  return odds;
}
