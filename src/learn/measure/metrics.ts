/**
 * How right answers are where the truth is known. Two kinds of mistakes are never added up: a stranger who is
 * given a name, and an enrolled person who is given somebody else's.
 */

import { bootstrapOverPeople, type Estimate, type Sampled, type Share, shareOf } from './intervals.ts';

/** One face, or one photo in which none was found, and what was said about it. */
export interface MeasuredProbe extends Sampled {
  /** Whose it is; one of the names that can be given where `enrolled`. */
  readonly subject: string;
  /** Whether the subject is one of the people who can be named. A person who is not is a stranger. */
  readonly enrolled: boolean;
  /** null if no face was found. */
  readonly answer: Answer | null;
}

export interface Answer {
  /** The likeliest person, and the probability of that name. */
  readonly best: string;
  readonly probability: number;
  /** Probability of the truth: of the subject's name, or, for a stranger, of none of the people. */
  readonly truth: number;
  /** Probability of none of the people. */
  readonly unknown: number;
}

/** Shares of the probes of enrolled people; the four add up to 1. */
export interface EnrolledOutcomes {
  readonly right: Share | null;
  readonly wrong: Share | null;
  readonly unknown: Share | null;
  readonly noFace: Share | null;
}

export function enrolledProbes(probes: readonly MeasuredProbe[]): MeasuredProbe[] {
  return probes.filter(({ enrolled }) => enrolled);
}

/** The strangers' probes that have a face: without one no stranger can be named, and the rate would be flattered. */
export function strangerProbes(probes: readonly MeasuredProbe[]): (MeasuredProbe & { answer: Answer })[] {
  return probes.filter((p): p is MeasuredProbe & { answer: Answer } => !p.enrolled && p.answer !== null);
}

/** Enrolled people whose likeliest name is right, whatever its probability; no face is a miss. */
export function rankOne(probes: readonly MeasuredProbe[]): Share | null {
  return shareOf(enrolledProbes(probes), isBestRight);
}

export function isBestRight({ subject, answer }: MeasuredProbe): boolean {
  return answer !== null && answer.best === subject;
}

/** The outcomes of enrolled people's probes if names are given from this probability up. */
export function enrolledOutcomes(probes: readonly MeasuredProbe[], minProbability: number): EnrolledOutcomes {
  const enrolled = enrolledProbes(probes);
  const named = ({ answer }: MeasuredProbe): boolean =>
    answer !== null && answer.probability >= minProbability;
  return {
    right: shareOf(enrolled, (probe) => named(probe) && isBestRight(probe)),
    wrong: shareOf(enrolled, (probe) => named(probe) && !isBestRight(probe)),
    unknown: shareOf(enrolled, (probe) => probe.answer !== null && !named(probe)),
    noFace: shareOf(enrolled, (probe) => probe.answer === null),
  };
}

/** Strangers who are given a name: the false-positive identification rate (ISO/IEC 19795-1). */
export function strangersNamed(probes: readonly MeasuredProbe[], minProbability: number): Share | null {
  return shareOf(strangerProbes(probes), ({ answer }) => answer.probability >= minProbability);
}

/** Measured apart for the faces of enrolled people and for those of strangers. */
export interface LogLoss {
  readonly enrolled: Estimate | null;
  readonly strangers: Estimate | null;
}

/** A certain answer that is wrong would count without end. */
const leastProbability = 1e-12;

/** Mean −ln P(truth), in nats: 0 is perfect. Photos without a face were not asked about. */
export function logLoss(probes: readonly MeasuredProbe[]): LogLoss {
  const loss = (enrolled: boolean): Estimate | null => {
    const asked = probes.filter((probe) => probe.enrolled === enrolled && probe.answer !== null);
    return meanOf(asked, ({ answer }) => -Math.log(Math.max(answer!.truth, leastProbability)));
  };
  return { enrolled: loss(true), strangers: loss(false) };
}

/** The mean over samples, with its interval. */
export function meanOf<T extends Sampled>(
  samples: readonly T[],
  valueOf: (sample: T) => number,
): Estimate | null {
  if (samples.length === 0) return null;
  const values = samples.map(valueOf);
  const mean = (weights: Float64Array): number => {
    let [sum, of] = [0, 0];
    for (let i = 0; i < values.length; i++) {
      sum += weights[i]! * values[i]!;
      of += weights[i]!;
    }
    return sum / of;
  };
  return {
    value: mean(new Float64Array(values.length).fill(1)),
    interval: bootstrapOverPeople(samples, mean),
    of: samples.length,
  };
}
