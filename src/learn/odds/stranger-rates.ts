/**
 * How often a stranger is given a name, for each probability that names are given from: the false-positive
 * identification rate (ISO/IEC 19795-1) of one gallery. Measured twice: on the enrolled people themselves, each
 * asked about in a gallery without them, and on pairs of people of a reference set.
 */

import { type BoundedRate, logOddsAt, type RateTable, type ReferencePairs, rateAt } from './rate-table.ts';
import type { Recalibration } from './recalibration.ts';

export interface StrangerRates {
  /** Log odds of the likeliest name, ln P / (1 − P), and the rate of strangers who reach them. */
  readonly rates: RateTable;
  /** Enrolled people who were strangers once, and their faces. */
  readonly people: number;
  readonly faces: number;
  /** The reference pairs, for people to read; null if only the enrolled people were asked about. */
  readonly reference: string | null;
}

/** Strangers to a gallery. */
export interface LeftOut {
  /** How many people they are: photos of one are not independent. */
  readonly people: number;
  /** The probability of the likeliest name of each face. */
  readonly probabilities: readonly number[];
}

export interface Gallery {
  readonly people: number;
  /** Probability, before looking, that a face is none of the people. */
  readonly priorUnknown: number;
  readonly recalibration: Recalibration;
}

/** A rate that fewer people than this have reached says little about the next ones. */
const telling = 3;

const levels = [0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 5e-3, 2e-3, 1e-3, 5e-4, 2e-4, 1e-4];

/**
 * The enrolled people alone say where strangers are named at a rate, if that is the rate of three of them or
 * more. Below that, the reference pairs say: a stranger is given a name where any of the gallery's people reaches
 * the odds that the name needs, and that is at most as likely as if each had a stranger of their own. The higher
 * of the two counts then: the people of a family resemble each other more than those of a reference set.
 */
export function strangerRates(
  { people, probabilities }: LeftOut,
  pairs: ReferencePairs | undefined,
  gallery: Gallery,
): StrangerRates {
  const scores = probabilities.map(logit).toSorted((a, b) => b - a);
  const rates: [number, number][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const level of levels) {
    const own = beyond(scores, level);
    const enough = people * level >= telling - 1e-9;
    const reference = pairs && !enough ? referenceLogOdds(pairs, level, gallery) : null;
    if (!enough && reference === null) continue;
    const logOdds = Math.max(before, own, reference ?? Number.NEGATIVE_INFINITY);
    if (!Number.isFinite(logOdds)) continue;
    rates.push([logOdds, level]);
    before = logOdds;
  }
  return { rates, people, faces: probabilities.length, reference: pairs?.measuredOn ?? null };
}

export interface StrangerSetting {
  /** Names are given from this probability up. */
  readonly minProbability: number;
  /** The rate that it keeps: what was asked for, or the lowest one that is known. */
  readonly rate: number;
}

/** @returns undefined if nothing is known about the gallery */
export function settingFor({ rates }: StrangerRates, maxWrong: number): StrangerSetting | undefined {
  const [first, last] = [rates[0], rates.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const logOdds = logOddsAt(rates, maxWrong);
  if (logOdds === undefined) return { minProbability: share(last[0]), rate: last[1] };
  return { minProbability: share(logOdds), rate: Math.min(maxWrong, first[1]) };
}

/** How often strangers are named where names are given from this probability up; undefined if unknown. */
export function strangerRateAt({ rates }: StrangerRates, minProbability: number): BoundedRate | undefined {
  return rateAt(rates, logit(minProbability));
}

/** Just above the score, from the top, of the first one too many. */
function beyond(descending: readonly number[], level: number): number {
  return (descending[Math.floor(level * descending.length + 1e-9)] ?? Number.NEGATIVE_INFINITY) + 1e-6;
}

/** P(name) ≥ P needs these odds of one of the people; null if so rare a thing was not measured. */
function referenceLogOdds(
  { rates }: ReferencePairs,
  level: number,
  { people, priorUnknown, recalibration }: Gallery,
): number | null {
  const needed = logOddsAt(rates, 1 - (1 - level) ** (1 / people));
  if (needed === undefined) return null;
  const prior = Math.log((1 - priorUnknown) / people / priorUnknown);
  return recalibration.scale * needed + recalibration.offset + prior;
}

/** Nothing is certain; what is stored has to be a number. */
function logit(p: number): number {
  const uncertain = Math.min(Math.max(p, 1e-12), 1 - 1e-12);
  return Math.log(uncertain / (1 - uncertain));
}

function share(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
