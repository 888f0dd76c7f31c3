/**
 * The few people that a face may be, out of very many. Every component of every template is scored by a part of its
 * numbers, rounded to bytes (src/learn/search/coarse-rows.ts); the best are scored again as they are. The share of everybody else
 * in the odds is added up from those and from a sample of the rest.
 */

import { logLikelihoodRatio, type Template } from '../odds/two-covariance.ts';
import { coarseRows } from './coarse-rows.ts';
import { openRowTable } from './row-table.ts';

export interface Shortlist {
  /** Indices of the likeliest people. */
  readonly people: readonly number[];
  /** One for each of them, as exactly as without the list: log P(face | person) / P(face | somebody else), recalibrated. */
  readonly odds: Float32Array;
  /** The sum of exp(odds) over everybody else, about. */
  readonly others: number;
}

/**
 * @param z a projected face
 * @param recalibrated what a log-likelihood ratio comes to; it grows with it
 */
export type FindShortlist = (z: Float32Array, recalibrated: (odds: number) => number) => Shortlist;

/** People on a list. */
const listed = 96;

/** They are chosen from the best components by their bytes: this share of all, and no fewer than so many. */
const scored = { share: 0.001, least: 1000 };

/** Those in turn from the best by their codes: this share of all, and no fewer than so many times as many. */
const continued = { share: 0.004, times: 2 };

const columns = { codes: 24, bytes: 64 };

/** Components that limits and what everybody else adds up to are estimated by, about. */
const sampled = 8192;

/** Below every score. */
const anything = -(2 ** 31);

/** @returns nothing if the processor cannot, somebody has no template or there is nobody */
export function openShortlist(
  templates: readonly Template[],
  between: Float32Array,
): FindShortlist | undefined {
  const count = templates.reduce((sum, { components }) => sum + components.length, 0);
  if (templates.some(({ components }) => components.length === 0)) return undefined;
  const table = openRowTable(count, columns);
  if (count === 0 || table === undefined) return undefined;
  const step = Math.ceil(count / sampled);
  const [drawn, notDrawn] = [true, false].map((isDrawn) =>
    [...templates.keys()].filter((person) => (person % step === 0) === isDrawn),
  ) as [number[], number[]];
  const sample = drawn.flatMap((person) => templates[person]!.components);
  const coarse = coarseRows(sample, between, columns);
  // The sample first.
  const people = [
    ...drawn,
    ...alikeTogether(notDrawn, (person) => coarse.codes(templates[person]!.components[0]!)),
  ];

  const owners = new Int32Array(count);
  let rows = 0;
  for (const person of people) {
    for (const component of templates[person]!.components) {
      owners[rows] = person;
      table.set(rows++, coarse.encode(component));
    }
  }

  const roughScores = new Int32Array(sample.length);
  const scores = new Int32Array(sample.length);
  const share = Math.max(scored.share, scored.least / count);
  const roughShare = Math.max(continued.share, continued.times * share);
  return (z, recalibrated) => {
    const { common, query } = coarse.query(z);
    const coarseOdds = (score: number): number => common + coarse.unit * score;
    table.ask(query);
    table.scan(sample.length, anything, anything, (row, roughScore, score) => {
      roughScores[row] = roughScore;
      scores[row] = score;
    });
    const own = rowsOfBest(scores, owners);
    const least = limitOf(without(scores, own), share);
    const hits: { readonly row: number; readonly score: number }[] = [];
    table.scan(count, limitOf(without(roughScores, own), roughShare), least, (row, _, score) =>
      hits.push({ row, score }),
    );
    const odds = new Map<number, number>();
    for (const { row, score } of hits) {
      const person = owners[row]!;
      odds.set(person, addInLogs(odds.get(person), coarseOdds(score)));
    }
    const leastListed = nthHighest([...odds.values()], listed);
    const list: number[] = [];
    let others = 0;
    for (const [person, value] of odds) {
      if (value >= leastListed) list.push(person);
      else others += Math.exp(recalibrated(value));
    }
    // The rest is those whom the scan left behind: each of the sample stands for as many people as it was drawn from.
    let rest = 0;
    for (let row = 0; row < sample.length; ) {
      const person = owners[row]!;
      let sum = coarseOdds(scores[row]!);
      let highest = scores[row]!;
      for (row++; row < sample.length && owners[row] === person; row++) {
        sum = addInLogs(sum, coarseOdds(scores[row]!));
        highest = Math.max(highest, scores[row]!);
      }
      if (highest <= least || !odds.has(person)) rest += Math.exp(recalibrated(sum));
    }
    return {
      people: list,
      odds: Float32Array.from(list, (person) => recalibrated(logLikelihoodRatio(templates[person]!, z))),
      others: others + (rest * people.length) / drawn.length,
    };
  };
}

/**
 * People in the order of their most telling codes. A face is like people who are like each other: they share blocks,
 * and fewer blocks are scored closely.
 */
function alikeTogether(people: readonly number[], codesOf: (person: number) => Uint8Array): number[] {
  const groups = Array.from({ length: 4096 }, (): number[] => []);
  for (const person of people) {
    const [a = 0, b = 0, c = 0] = codesOf(person);
    groups[(a << 8) | (b << 4) | c]!.push(person);
  }
  return groups.flat();
}

/** Minus infinity if there are fewer values. */
function nthHighest(values: readonly number[], n: number): number {
  return Float64Array.from(values).toSorted().at(-n) ?? Number.NEGATIVE_INFINITY;
}

interface Rows {
  readonly from: number;
  readonly to: number;
}

/** All rows of the person who has the highest score. */
function rowsOfBest(scores: Int32Array, owners: Int32Array): Rows {
  let best = 0;
  for (let row = 1; row < scores.length; row++) if (scores[row]! > scores[best]!) best = row;
  let [from, to] = [best, best + 1];
  while (from > 0 && owners[from - 1] === owners[best]) from--;
  while (to < scores.length && owners[to] === owners[best]) to++;
  return { from, to };
}

/** If the face is of somebody of the sample, all of their photos score high, and no limit can be read off those. */
function without(scores: Int32Array, { from, to }: Rows): Int32Array {
  const left = new Int32Array(scores.length - (to - from));
  left.set(scores.subarray(0, from));
  left.set(scores.subarray(to), from);
  return left;
}

/** About the score that a share of the scores is above. */
function limitOf(scores: Int32Array, share: number): number {
  if (scores.length === 0) return anything;
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < scores.length; i++) {
    lowest = Math.min(lowest, scores[i]!);
    highest = Math.max(highest, scores[i]!);
  }
  const bins = new Int32Array(4096);
  const width = (highest - lowest + 1) / bins.length;
  for (let i = 0; i < scores.length; i++) bins[Math.floor((scores[i]! - lowest) / width)]!++;
  const wanted = share * scores.length;
  let bin = bins.length;
  for (let above = 0; bin > 0 && above < wanted; ) above += bins[--bin]!;
  // One below: rows on the limit itself are wanted.
  return Math.floor(lowest + bin * width) - 1;
}

/** log(exp(sum) + exp(term)) */
function addInLogs(sum: number | undefined, term: number): number {
  if (sum === undefined) return term;
  return sum > term ? sum + Math.log1p(Math.exp(term - sum)) : term + Math.log1p(Math.exp(sum - term));
}
