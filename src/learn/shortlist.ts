/**
 * Of very many people, the few that a face may be. Every component of every template is scored by a part of its
 * numbers, rounded to bytes (src/learn/coarse-rows.ts); the best are scored again as they are. What everybody else adds
 * to the odds is added up from those and from a sample of the rest.
 */

import { coarseRows } from './coarse-rows.ts';
import { openRowTable } from './row-table.ts';
import { type Component, componentOdds, logLikelihoodRatio, type Template } from './two-covariance.ts';

export interface Shortlist {
  /** Indices of the likeliest people. */
  readonly people: readonly number[];
  /** Of each of them, as exactly as without the list: log P(face | person) / P(face | somebody else), recalibrated. */
  readonly odds: Float32Array;
  /** What exp(odds) of everybody else adds up to, about. */
  readonly others: number;
}

/**
 * @param z a projected face
 * @param recalibrated what a log-likelihood ratio comes to; it grows with it
 */
export type FindShortlist = (z: Float32Array, recalibrated: (odds: number) => number) => Shortlist;

/** People on a list. */
const listed = 64;

/** Components that are scored again as they are. */
const rescored = 400;

/** Those are chosen from the best by all columns: this share of all, and no fewer than so many. */
const scored = { share: 0.001, least: 1000 };

/** Those in turn from the best by the first columns: this share of all, and no fewer than so many times as many. */
const continued = { share: 0.006, times: 3 };

const columns = { first: 32, rest: 32 };

/** Components that limits and what everybody else adds up to are estimated by, about. */
const sampled = 8192;

/** Below every score. */
const anything = -(2 ** 31);

/** @returns nothing where the processor cannot, somebody has no template or there is nobody */
export function openShortlist(
  templates: readonly Template[],
  between: Float32Array,
): FindShortlist | undefined {
  const count = templates.reduce((sum, { components }) => sum + components.length, 0);
  if (templates.some(({ components }) => components.length === 0)) return undefined;
  const table = openRowTable(count, columns);
  if (count === 0 || table === undefined) return undefined;
  const { people, inSample } = sampleFirst(templates.length, Math.ceil(count / sampled));
  const sample = people.slice(0, inSample).flatMap((person) => templates[person]!.components);
  const coarse = coarseRows(sample, between, columns);

  const owners = new Int32Array(count);
  const components: Component[] = [];
  const bytes = new Int8Array(columns.first + columns.rest);
  for (const person of people) {
    for (const component of templates[person]!.components) {
      const row = components.push(component) - 1;
      owners[row] = person;
      table.set(row, coarse.encode(component, bytes), bytes);
    }
  }

  const query = new Int16Array(bytes.length);
  const firstScores = new Int32Array(sample.length);
  const scores = new Int32Array(sample.length);
  const share = Math.max(scored.share, scored.least / count);
  const firstShare = Math.max(continued.share, continued.times * share);
  return (z, recalibrated) => {
    const common = coarse.query(z, query);
    const coarseOdds = (score: number): number => common + coarse.unit * score;
    table.ask(query);
    table.scan(sample.length, anything, anything, (row, firstScore, score) => {
      firstScores[row] = firstScore;
      scores[row] = score;
    });
    const least = limitOf(scores, share);
    const hits: { readonly row: number; readonly score: number }[] = [];
    table.scan(count, limitOf(firstScores, firstShare), least, (row, _, score) => hits.push({ row, score }));
    const leastRescored = nthHighest(
      hits.map(({ score }) => score),
      rescored,
    );
    const odds = new Map<number, number>();
    for (const { row, score } of hits) {
      const term = score >= leastRescored ? weighedOdds(components[row]!, z) : coarseOdds(score);
      const person = owners[row]!;
      odds.set(person, addInLogs(odds.get(person), term));
    }
    const leastListed = nthHighest([...odds.values()], listed);
    const list: number[] = [];
    let others = 0;
    for (const [person, value] of odds) {
      if (value >= leastListed) list.push(person);
      else others += Math.exp(recalibrated(value));
    }
    // Of those whom the scan left behind: each of the sample stands for as many people as it was drawn from.
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
      others: others + (rest * people.length) / inSample,
    };
  };
}

function weighedOdds(component: Component, z: Float32Array): number {
  return componentOdds(component, z) + Math.log(component.weight);
}

/** Every `step`th person, then the others. */
function sampleFirst(
  count: number,
  step: number,
): { readonly people: readonly number[]; readonly inSample: number } {
  const all = Array.from({ length: count }, (_, person) => person);
  const sample = all.filter((person) => person % step === 0);
  return { people: [...sample, ...all.filter((person) => person % step !== 0)], inSample: sample.length };
}

/** Of fewer values, below all of them. */
function nthHighest(values: readonly number[], n: number): number {
  return Float64Array.from(values).toSorted().at(-n) ?? Number.NEGATIVE_INFINITY;
}

/** About the score that a share of the scores is above. */
function limitOf(scores: Int32Array, share: number): number {
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
