/** From chosen faces to a model of people: templates, what their odds come to, the head that tells look-alikes apart. */

import { checkFinite } from '../../core/checked-numbers.ts';
import { chooseHead, fitHead, type TriedHead } from '../../learn/layer/fit-head.ts';
import { emptyHead, type Head } from '../../learn/layer/head.ts';
import { type NearExample, nearExample } from '../../learn/layer/near-labels.ts';
import { openManyOdds } from '../../learn/odds/many-odds.ts';
import { likeliestInOpenSet } from '../../learn/odds/open-set.ts';
import type { ReferencePairs } from '../../learn/odds/rate-table.ts';
import {
  type FittedRecalibration,
  fitRecalibration,
  type HeldOutOdds,
  highestOthers,
  recalibrated,
  unchanged,
} from '../../learn/odds/recalibration.ts';
import { type StrangerRates, strangerRates } from '../../learn/odds/stranger-rates.ts';
import { enrol, type Template, type TwoCovariance } from '../../learn/odds/two-covariance.ts';
import type { OpenComputation } from '../../models/graph/computation.ts';
import { type Example, oddsByOthers, onceEach } from './examples.ts';

export interface Enrolment {
  readonly templates: readonly Template[];
  /** null if nobody can be asked about: the odds stay as they are. */
  readonly recalibration: FittedRecalibration | null;
  readonly strangerRates: StrangerRates;
  readonly head: Head;
  /** How strongly the head is held back; null if there is no head. */
  readonly precision: number | null;
}

export interface EnrolmentOptions {
  /** Most steps of each fit of the head. */
  readonly steps: number;
  /** How strongly the head is held back: null for no head; chosen by the validation examples if left out. */
  readonly precision?: number | null;
  /** Probability, before looking, that a face is none of the people. */
  readonly priorUnknown: number;
  /** How alike people of a reference set are. */
  readonly strangers?: ReferencePairs | undefined;
  readonly onTried?: (tried: TriedHead) => void;
  /** Told how many of the comparisons of a face with everybody are done. */
  readonly onFace?: (done: number, total: number) => void;
}

/**
 * @param validation to choose by how strongly the head is held back, if that is left open
 * @param compute large products: every face is compared with everybody, twice
 * @throws WhosinError `bad-weights` if a face has a number that is none
 */
export async function enrolPeople(
  background: TwoCovariance,
  count: number,
  training: readonly Example[],
  validation: readonly Example[],
  compute: OpenComputation,
  options: EnrolmentOptions,
): Promise<Enrolment> {
  const { steps, priorUnknown, strangers, onTried, onFace } = options;
  for (const examples of [training, validation]) {
    checkFinite(
      'A face',
      examples.map(({ z }) => z),
    );
  }
  const byPerson = Array.from({ length: count }, (): Example[] => []);
  for (const example of training) byPerson[example.person]!.push(example);
  const templates = byPerson.map((own) => enrol(background, onceEach(own).faces));
  // A training face is scored as a new face would be: against a template that it had no part in.
  const own = oddsByOthers(background, byPerson);
  const everybody = openManyOdds(templates, compute);
  let compared = 0;
  const rowsOf = async (
    examples: readonly Example[],
    onRow: (example: Example, odds: Float32Array) => void,
  ): Promise<void> => {
    // In single precision: the last bits of a product, which differ between processors, change nothing then.
    const odds = new Float32Array(count);
    for await (const { first, rows } of everybody.blocks(examples.map(({ z }) => z))) {
      for (const [i, row] of rows.entries()) {
        odds.set(row);
        onRow(examples[first + i]!, odds);
      }
      compared += rows.length;
      onFace?.(compared, 2 * training.length + validation.length);
    }
  };
  try {
    const held: HeldOutOdds[] = [];
    const once = firstOfEach(training);
    await rowsOf(training, (example, odds) => {
      const { person, quality } = example;
      if (!once.has(example)) return;
      held.push({
        person,
        quality,
        own: Math.fround(own.get(example)!),
        others: highestOthers(odds, person),
      });
    });
    const recalibration = fitRecalibration(held, count, priorUnknown);
    const fitted = recalibration ?? unchanged;

    const logits = new Float64Array(count);
    const recalibrate = (odds: Float32Array, quality: number): void => {
      for (let i = 0; i < count; i++) logits[i] = recalibrated(fitted, odds[i]!, quality);
    };
    const near = ({ z, person }: Example): NearExample =>
      nearExample(z, logits, person, likeliestInOpenSet(logits, priorUnknown).unknown);
    const probabilities: number[] = [];
    const taught: NearExample[] = [];
    await rowsOf(training, (example, odds) => {
      const { person, quality } = example;
      odds[person] = own.get(example)!;
      recalibrate(odds, quality);
      if (count > 1 && once.has(example)) {
        probabilities.push(likeliestInOpenSet(logits, priorUnknown, person).likeliest);
      }
      // Somebody with one photo has no other to compare it with.
      if (!Number.isNaN(odds[person])) taught.push(near(example));
    });
    const asked: NearExample[] = [];
    await rowsOf(validation, (example, odds) => {
      recalibrate(odds, example.quality);
      asked.push(near(example));
    });

    const people = count < 2 ? 0 : new Set(held.map(({ person }) => person)).size;
    const about = { people: count, priorUnknown, recalibration: fitted };
    const { precision = await chosen(taught, asked, count, steps, onTried) } = options;
    return {
      templates,
      recalibration,
      strangerRates: strangerRates({ people, probabilities }, strangers, about),
      head:
        precision === null || taught.length === 0
          ? emptyHead(count, background.between.length)
          : await fitHead(taught, count, precision, steps),
      precision,
    };
  } finally {
    await everybody.close();
  }
}

async function chosen(
  taught: readonly NearExample[],
  asked: readonly NearExample[],
  count: number,
  mostSteps: number,
  onTried: EnrolmentOptions['onTried'],
): Promise<number | null> {
  if (taught.length === 0) return null;
  return (await chooseHead(taught, asked, count, { mostSteps, ...(onTried && { onTried }) })).precision;
}

/** A burst of photos is asked about once. */
function firstOfEach(examples: readonly Example[]): ReadonlySet<Example> {
  const first = new Map<string, Example>();
  for (const example of examples) {
    const key = `${example.person} ${example.group}`;
    if (!first.has(key)) first.set(key, example);
  }
  return new Set(first.values());
}
