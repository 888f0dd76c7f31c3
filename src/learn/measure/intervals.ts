/** How sure a measured number is: intervals that hold the true value in 95 of 100 such measurements. */

import { seededRandom } from '../../core/random.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A number with its interval; null if the samples come from fewer than two people. */
export interface Estimate {
  readonly value: number;
  readonly interval: Interval | null;
  /** How many samples it rests on. */
  readonly of: number;
}

export interface Share extends Interval {
  readonly value: number;
  readonly hits: number;
  readonly of: number;
}

/** One sample of a person. People who can be named and people who cannot are two populations. */
export interface Sampled {
  readonly subject: string;
  readonly enrolled: boolean;
}

/** The 97.5 % point of the normal distribution. */
const z = 1.959964;

/**
 * For a share of independent samples. Wilson, "Probable inference, the law of succession, and statistical
 * inference", JASA 1927: unlike "± 2 standard errors" it stays within 0 and 1 and is right about 0 of n.
 */
export function wilson(hits: number, of: number): Interval {
  const p = hits / of;
  const scale = 1 / (1 + (z * z) / of);
  const middle = scale * (p + (z * z) / (2 * of));
  const reach = scale * z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  return { low: hits === 0 ? 0 : middle - reach, high: hits === of ? 1 : middle + reach };
}

/**
 * For anything measured on several photos of each person. Photos of a person are not independent: twenty
 * mistakes about one person who is hard to recognise say less than one mistake about each of twenty. So whole
 * people are drawn again, with all of their photos, enrolled people and strangers each among themselves (Bolle,
 * Ratha, Pankanti, "Error analysis of pattern recognition systems: the subsets bootstrap", CVIU 2004). If people are
 * few, the quantiles are taken further out, as Student's t is wider than the normal distribution (Hesterberg,
 * "What teachers should know about the bootstrap", The American Statistician 2015, "expanded percentile").
 *
 * @param statistic gets how often each sample was drawn; null if it is not defined on that draw
 */
export function bootstrapOverPeople(
  samples: readonly Sampled[],
  statistic: (weights: Float64Array) => number | null,
  resamples = 2000,
): Interval | null {
  const groups = [true, false].map((enrolled) => samplesByPerson(samples, enrolled));
  const people = Math.min(...groups.filter((g) => g.length > 0).map((g) => g.length));
  const value = statistic(new Float64Array(samples.length).fill(1));
  if (people < 2 || !Number.isFinite(people) || value === null) return null;
  const random = seededRandom(1);
  const weights = new Float64Array(samples.length);
  const drawn: number[] = [];
  for (let b = 0; b < resamples; b++) {
    weights.fill(0);
    for (const group of groups) {
      for (let i = 0; i < group.length; i++) {
        for (const sample of group[Math.floor(random() * group.length)]!) weights[sample]!++;
      }
    }
    const again = statistic(weights);
    if (again !== null) drawn.push(again);
  }
  if (drawn.length === 0) return null;
  const sorted = Float64Array.from(drawn).toSorted();
  const tail = normalBelow(-Math.sqrt(people / (people - 1)) * studentT(people - 1));
  // Statistics that are biased in small samples, such as calibration errors, may leave their own value outside.
  return {
    low: Math.min(value, quantile(sorted, tail)),
    high: Math.max(value, quantile(sorted, 1 - tail)),
  };
}

/**
 * The share of samples that hit. If people have several samples, the interval is as wide as the wider one of two
 * methods: the bootstrap sees no doubt at all in 0 of n, and Wilson's formula takes photos of a person for independent.
 */
export function shareOf<T extends Sampled>(
  samples: readonly T[],
  isHit: (sample: T) => boolean,
): Share | null {
  if (samples.length === 0) return null;
  const hit = samples.map(isHit);
  const hits = hit.filter(Boolean).length;
  const of = samples.length;
  const alone = wilson(hits, of);
  const share = { value: hits / of, hits, of };
  if (new Set(samples.map(({ subject }) => subject)).size === of) return { ...share, ...alone };
  const together = bootstrapOverPeople(samples, (weights) => weightedShare(hit, weights));
  return {
    ...share,
    low: Math.min(alone.low, together?.low ?? 1),
    high: Math.max(alone.high, together?.high ?? 0),
  };
}

function weightedShare(hit: readonly boolean[], weights: Float64Array): number | null {
  let [hits, of] = [0, 0];
  for (let i = 0; i < hit.length; i++) {
    of += weights[i]!;
    if (hit[i]!) hits += weights[i]!;
  }
  return of > 0 ? hits / of : null;
}

/** The indices of each person's samples. */
function samplesByPerson(samples: readonly Sampled[], enrolled: boolean): number[][] {
  const people = new Map<string, number[]>();
  for (const [i, sample] of samples.entries()) {
    if (sample.enrolled !== enrolled) continue;
    const own = people.get(sample.subject);
    if (own) own.push(i);
    else people.set(sample.subject, [i]);
  }
  return [...people.values()];
}

function quantile(sorted: Float64Array, at: number): number {
  const place = at * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}

/** The 97.5 % point of Student's t; Fisher's expansion (Abramowitz & Stegun 26.7.5), 0.3 % off at 4 degrees. */
function studentT(freedom: number): number {
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
  ];
  return terms.reduce((sum, term, i) => sum + term / freedom ** (i + 1), z);
}

/** The normal distribution function for x < 0 (Abramowitz & Stegun 7.1.26, exact to 1e-7). */
function normalBelow(x: number): number {
  const t = 1 / (1 + (0.3275911 * -x) / Math.SQRT2);
  const series =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return 0.5 * series * Math.exp((-x * x) / 2);
}
