/** Identification where strangers come too: how many people are found at a given rate of strangers named. */

import { bootstrapOverPeople, type Interval, type Share, shareOf } from './intervals.ts';
import {
  type EnrolledOutcomes,
  enrolledOutcomes,
  enrolledProbes,
  isBestRight,
  type MeasuredProbe,
  strangerProbes,
  strangersNamed,
} from './metrics.ts';

/** Enrolled people found (detection and identification rate) at one rate of strangers named. */
export interface IdentificationRate {
  /** The rate of strangers named that is allowed. */
  readonly level: number;
  /** Names are given above this probability; null if there are too few strangers to tell. */
  readonly above: number | null;
  readonly rate: Share | null;
}

export interface Suggestion {
  /** The lowest probability, to as few digits as tell it, that keeps the rate of strangers named. */
  readonly minProbability: number;
  readonly interval: Interval | null;
  readonly strangersNamed: Share | null;
  readonly enrolled: EnrolledOutcomes;
}

/** One threshold of the detection error trade-off. */
export interface DetPoint {
  readonly threshold: number;
  /** Share of strangers who are given a name. */
  readonly strangersNamed: number;
  /** Share of enrolled people who are not given theirs. */
  readonly missed: number;
}

/** A rate of one in n cannot be measured on fewer than n strangers. */
function canTell(strangers: number, level: number): boolean {
  return strangers * level >= 1 - 1e-9;
}

/**
 * The share of enrolled people who are given their own name, where the threshold is the one at which strangers
 * are named at this rate. The interval covers both: other people, and other strangers who set the threshold.
 */
export function identificationRate(probes: readonly MeasuredProbe[], level: number): IdentificationRate {
  const strangers = strangerProbes(probes);
  const enrolled = enrolledProbes(probes);
  if (!canTell(strangers.length, level) || enrolled.length === 0) return { level, above: null, rate: null };
  const order = descending(strangers.map(({ answer }) => answer.probability));
  const above = highestBeyond(order, new Float64Array(strangers.length).fill(1), level);
  const rate = shareOf(enrolled, (probe) => isFound(probe, above))!;
  const drawn = bootstrapOverPeople([...strangers, ...enrolled], (weights) => {
    const limit = highestBeyond(order, weights, level);
    let [found, of] = [0, 0];
    for (const [i, probe] of enrolled.entries()) {
      const weight = weights[strangers.length + i]!;
      of += weight;
      if (weight > 0 && isFound(probe, limit)) found += weight;
    }
    return found / of;
  });
  const low = Math.min(rate.low, drawn?.low ?? 1);
  return { level, above, rate: { ...rate, low, high: Math.max(rate.high, drawn?.high ?? 0) } };
}

function isFound(probe: MeasuredProbe, above: number): boolean {
  return isBestRight(probe) && probe.answer!.probability > above;
}

interface Ranked {
  readonly probability: number;
  readonly at: number;
}

function descending(probabilities: readonly number[]): Ranked[] {
  return probabilities
    .map((probability, at) => ({ probability, at }))
    .toSorted((a, b) => b.probability - a.probability);
}

/** The probability of the first stranger, from the top, who is one too many; 0 where all may be named. */
function highestBeyond(order: readonly Ranked[], weights: Float64Array, level: number): number {
  let all = 0;
  for (let i = 0; i < order.length; i++) all += weights[order[i]!.at]!;
  let named = 0;
  for (const { probability, at } of order) {
    named += weights[at]!;
    if (named > level * all + 1e-9) return probability;
  }
  return 0;
}

/** The setting that keeps the rate of strangers named on these probes; null if there are too few to tell. */
export function suggestSetting(probes: readonly MeasuredProbe[], maxWrong: number): Suggestion | null {
  const strangers = strangerProbes(probes);
  if (!canTell(strangers.length, maxWrong)) return null;
  const order = descending(strangers.map(({ answer }) => answer.probability));
  const limit = (weights: Float64Array): number => highestBeyond(order, weights, maxWrong);
  const minProbability = roundedUpPast(limit(new Float64Array(strangers.length).fill(1)));
  if (minProbability === null) return null;
  return {
    minProbability,
    interval: bootstrapOverPeople(strangers, limit),
    strangersNamed: strangersNamed(probes, minProbability),
    enrolled: enrolledOutcomes(probes, minProbability),
  };
}

/** The shortest decimal above the limit and below 1: two digits, and more where certainty is near. */
function roundedUpPast(limit: number): number | null {
  for (let digits = 2; digits <= 12; digits++) {
    const step = 10 ** -digits;
    const rounded = Number(((Math.floor(limit / step + 1e-9) + 1) * step).toFixed(digits));
    if (rounded > limit && rounded < 1 - step / 2) return rounded;
  }
  return null;
}

/**
 * The detection error trade-off over all thresholds, from strict to loose; empty without people or strangers.
 *
 * @param most about so many points are kept, evenly spaced in the logarithm of the strangers' rate
 */
export function detectionErrorTradeoff(probes: readonly MeasuredProbe[], most = 200): DetPoint[] {
  const strangers = strangerProbes(probes);
  const enrolled = enrolledProbes(probes);
  if (strangers.length === 0 || enrolled.length === 0) return [];
  const sorted = descending(strangers.map(({ answer }) => answer.probability));
  const right = descending(enrolled.filter(isBestRight).map((probe) => probe.answer!.probability));
  const points: DetPoint[] = [];
  let found = 0;
  let next = 1;
  for (const [i, { probability }] of sorted.entries()) {
    if (sorted[i + 1]?.probability === probability || i + 1 < next) continue;
    next = (i + 1) * sorted.length ** (1 / most);
    while (found < right.length && right[found]!.probability >= probability) found++;
    points.push({
      threshold: probability,
      strangersNamed: (i + 1) / sorted.length,
      missed: 1 - found / enrolled.length,
    });
  }
  return points;
}
