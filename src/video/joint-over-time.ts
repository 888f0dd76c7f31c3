/** A person is in a frame at most once: tracks that are seen at the same time share the names among them. */

import type { Posterior } from '../learn/odds/open-set.ts';

export interface TimedPosterior {
  readonly from: number;
  readonly to: number;
  /** The answer for the track by itself. */
  readonly alone: Posterior;
}

/** A name that two tracks may both have with at least this probability is contested. */
const contestedFrom = 1e-4;

/** Combinations of names that are kept at a time: the likeliest. Reached by crowds of look-alikes only. */
const mostStates = 2048;

export function overlapInTime(
  a: { readonly from: number; readonly to: number },
  b: { readonly from: number; readonly to: number },
): boolean {
  return a.from <= b.to && b.from <= a.to;
}

/** Names held by the tracks that are running, in the order of `running`; −1 stands for all that nobody contests. */
interface State {
  readonly held: readonly number[];
  weight: number;
}

interface Step {
  readonly states: readonly State[];
  /** From a state of the step before to one of this step. */
  readonly ways: readonly { readonly from: number; readonly to: number; readonly factor: number }[];
  /** The track that begins in this step; undefined if one ends. */
  readonly begins?: number;
}

/**
 * The probabilities of each track given that no two tracks that overlap have one name. Exact: the sum over all ways
 * to give names, each weighed by the product of the tracks' own probabilities, forward and backward over the
 * beginnings and ends of tracks (sum-product; the tracks form an interval graph, whose cliques lie on a line).
 */
export function assignOverTime(tracks: readonly TimedPosterior[]): Posterior[] {
  const contested = tracks.map((track, i) => contestedNames(track, i, tracks));
  const rest = tracks.map(({ alone }, i) =>
    alone.people.reduce((sum, p, person) => (contested[i]!.includes(person) ? sum : sum + p), alone.unknown),
  );
  const steps = forward(tracks, contested, rest);
  const marginals = new Map<number, Map<number, number>>();
  let after = steps.at(-1)?.states.map(() => 1) ?? [];
  for (let s = steps.length - 1; s >= 0; s--) {
    const { states, ways, begins } = steps[s]!;
    if (begins !== undefined) {
      const own = new Map<number, number>();
      for (const [i, { held, weight }] of states.entries()) {
        own.set(held.at(-1)!, (own.get(held.at(-1)!) ?? 0) + weight * after[i]!);
      }
      marginals.set(begins, own);
    }
    const before = Array.from({ length: s > 0 ? steps[s - 1]!.states.length : 1 }, () => 0);
    for (const { from, to, factor } of ways) before[from]! += factor * after[to]!;
    const highest = before.reduce((a, b) => Math.max(a, b), 0);
    after = before.map((weight) => weight / highest);
  }
  return tracks.map(({ alone }, i) => {
    const own = marginals.get(i)!;
    const total = [...own.values()].reduce((a, b) => a + b, 0);
    const by = (own.get(-1) ?? 0) / total / rest[i]!;
    const people = alone.people.map((p, person) =>
      contested[i]!.includes(person) ? (own.get(person) ?? 0) / total : p * by,
    );
    return { people, unknown: alone.unknown * by };
  });
}

function contestedNames(
  track: TimedPosterior,
  i: number,
  tracks: readonly TimedPosterior[],
): readonly number[] {
  const rivals = tracks.filter((other, j) => j !== i && overlapInTime(track, other));
  const names: number[] = [];
  for (const [person, p] of track.alone.people.entries()) {
    if (p < contestedFrom) continue;
    if (rivals.some(({ alone }) => alone.people[person]! >= contestedFrom)) names.push(person);
  }
  return names;
}

function forward(
  tracks: readonly TimedPosterior[],
  contested: readonly (readonly number[])[],
  rest: readonly number[],
): Step[] {
  // If two are at one moment, the beginning comes first: both were seen then.
  const events = tracks
    .flatMap(({ from, to }, i) => [
      { time: from, order: 0, i },
      { time: to, order: 1, i },
    ])
    .toSorted((a, b) => a.time - b.time || a.order - b.order);
  const running: number[] = [];
  const steps: Step[] = [];
  let states: readonly State[] = [{ held: [], weight: 1 }];
  for (const { order, i } of events) {
    const next = new Map<string, State & { index: number }>();
    const ways: { from: number; to: number; factor: number }[] = [];
    const place = order === 0 ? running.push(i) - 1 : running.indexOf(i);
    const go = (from: number, held: readonly number[], factor: number): void => {
      const key = held.join();
      const known = next.get(key);
      const weight = states[from]!.weight * factor;
      if (known) known.weight += weight;
      else next.set(key, { held, weight, index: next.size });
      ways.push({ from, to: known?.index ?? next.size - 1, factor });
    };
    for (const [from, { held }] of states.entries()) {
      if (order === 1) {
        go(from, held.toSpliced(place, 1), 1);
        continue;
      }
      go(from, [...held, -1], rest[i]!);
      for (const person of contested[i]!) {
        if (!held.includes(person)) go(from, [...held, person], tracks[i]!.alone.people[person]!);
      }
    }
    if (order === 1) running.splice(place, 1);
    const step = likeliest([...next.values()], ways);
    steps.push({ ...step, ...(order === 0 && { begins: i }) });
    states = step.states;
  }
  return steps;
}

/** Weights relative to the highest, so that long clips do not underflow; beyond `mostStates` the least are dropped. */
function likeliest(
  states: readonly State[],
  ways: Step['ways'],
): { readonly states: readonly State[]; readonly ways: Step['ways'] } {
  const highest = states.reduce((a, { weight }) => Math.max(a, weight), 0);
  const scaled = states.map(({ held, weight }) => ({ held, weight: weight / highest }));
  if (scaled.length <= mostStates) return { states: scaled, ways };
  const order = [...scaled.keys()].toSorted((a, b) => scaled[b]!.weight - scaled[a]!.weight);
  const place = new Map(order.slice(0, mostStates).map((old, now) => [old, now]));
  return {
    states: [...place.keys()].map((old) => scaled[old]!),
    ways: ways.flatMap((way) => (place.has(way.to) ? [{ ...way, to: place.get(way.to)! }] : [])),
  };
}
