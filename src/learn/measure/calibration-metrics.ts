/** Whether probabilities mean what they say: of a hundred answers at 0.9, about ninety should be right. */

import { WhosinError } from '../../errors.ts';
import { bootstrapOverPeople, type Estimate, type Interval, type Sampled, wilson } from './intervals.ts';
import type { Answer, MeasuredProbe } from './metrics.ts';

/** Answers of about the same probability. */
export interface ReliabilityBin extends Interval {
  readonly from: number;
  readonly to: number;
  /** Mean of the probabilities that were stated. */
  readonly stated: number;
  /** The share that came true, with Wilson's interval. */
  readonly observed: number;
  readonly count: number;
  /** Its part of all answers, after weighting. */
  readonly weight: number;
}

export interface Calibration {
  /** Expected calibration error: the mean distance of stated and observed over the bins. */
  readonly error: Estimate;
  readonly bins: readonly ReliabilityBin[];
}

/** How well two kinds of probability are calibrated; null without enrolled people or without strangers. */
export interface Calibrations {
  /** Probability of the likeliest name, against whether that name is right. */
  readonly names: Calibration | null;
  /** Probability of "none of these", against whether the face is a stranger's. */
  readonly unknown: Calibration | null;
  /** The share of strangers that the probabilities are meant for, and that the answers were weighted to. */
  readonly strangers: number;
}

/** A stated probability and what came of it. */
export interface Forecast extends Sampled {
  readonly probability: number;
  readonly cameTrue: boolean;
  readonly weight: number;
}

/** As many as each have about twenty answers, and no more than fifteen. */
function binsFor(answers: number): number {
  return Math.min(15, Math.max(1, Math.floor(answers / 20)));
}

/**
 * A probability is meant for a world with a certain share of strangers, the model's prior. A folder seldom has
 * that share, so enrolled people and strangers are weighted to it. Photos without a face were not asked about.
 */
export function calibrations(probes: readonly MeasuredProbe[], priorUnknown: number): Calibrations {
  const asked = probes.filter((p): p is MeasuredProbe & { answer: Answer } => p.answer !== null);
  const enrolled = asked.filter((probe) => probe.enrolled).length;
  const strangers = asked.length - enrolled;
  if (enrolled === 0 || strangers === 0) return { names: null, unknown: null, strangers: priorUnknown };
  const weightOf = (probe: MeasuredProbe): number =>
    probe.enrolled ? (1 - priorUnknown) / enrolled : priorUnknown / strangers;
  return {
    names: calibration(
      asked.map((probe) => ({
        ...probe,
        probability: probe.answer.probability,
        cameTrue: probe.enrolled && probe.answer.best === probe.subject,
        weight: weightOf(probe),
      })),
    ),
    unknown: calibration(
      asked.map((probe) => ({
        ...probe,
        probability: probe.answer.unknown,
        cameTrue: !probe.enrolled,
        weight: weightOf(probe),
      })),
    ),
    strangers: priorUnknown,
  };
}

/**
 * @param bins of equal weight; fewer come back where many probabilities are equal
 * @throws WhosinError `bad-weights` if a probability is no number
 */
export function calibration(
  forecasts: readonly Forecast[],
  bins: number = binsFor(forecasts.length),
): Calibration {
  if (!forecasts.every(({ probability }) => Number.isFinite(probability))) {
    throw new WhosinError('bad-weights', 'The model gives probabilities that are no numbers.');
  }
  const sorted = forecasts.toSorted((a, b) => a.probability - b.probability);
  const once = new Float64Array(sorted.length).fill(1);
  const error = (drawn: Float64Array): number =>
    inBins(sorted, drawn, bins).reduce((sum, { stated, cameTrue }) => sum + Math.abs(stated - cameTrue), 0);
  return {
    error: { value: error(once), interval: bootstrapOverPeople(sorted, error), of: sorted.length },
    bins: inBins(sorted, once, bins).map(({ from, to, stated, cameTrue, weight }) => {
      const members = sorted.slice(from, to);
      const observed = cameTrue / weight;
      return {
        from: members[0]!.probability,
        to: members.at(-1)!.probability,
        stated: stated / weight,
        observed,
        // Weights make the count of hits a fraction; Wilson's formula does not mind.
        ...wilson(observed * members.length, members.length),
        count: members.length,
        weight,
      };
    }),
  };
}

/** A run of sorted forecasts; sums are shares of all weight. */
interface Bin {
  readonly from: number;
  to: number;
  stated: number;
  cameTrue: number;
  weight: number;
}

/**
 * Cuts the sorted forecasts into bins of equal weight. Equal probabilities share a bin, that of their middle:
 * to cut between them would make bins of the order that they happened to come in.
 */
function inBins(sorted: readonly Forecast[], drawn: Float64Array, count: number): Bin[] {
  let total = 0;
  for (let i = 0; i < sorted.length; i++) total += sorted[i]!.weight * drawn[i]!;
  const bins: Bin[] = [];
  let before = 0;
  let current = -1;
  for (let i = 0; i < sorted.length; ) {
    const { probability } = sorted[i]!;
    const from = i;
    let [weight, cameTrue] = [0, 0];
    for (; i < sorted.length && sorted[i]!.probability === probability; i++) {
      const own = (sorted[i]!.weight * drawn[i]!) / total;
      weight += own;
      if (sorted[i]!.cameTrue) cameTrue += own;
    }
    const place = Math.min(count - 1, Math.floor(count * (before + weight / 2) + 1e-9));
    if (place !== current) bins.push({ from, to: from, stated: 0, cameTrue: 0, weight: 0 });
    current = place;
    before += weight;
    const bin = bins.at(-1)!;
    bin.to = i;
    bin.stated += probability * weight;
    bin.cameTrue += cameTrue;
    bin.weight += weight;
  }
  return bins;
}
