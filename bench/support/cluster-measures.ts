/** How right groups of faces are, without names: BCubed (Bagga & Baldwin, 1998) and pairs of faces. */

import { bootstrapOverPeople } from '../../src/learn/measure/intervals.ts';
import type { Row } from './results.ts';

export interface Scores {
  readonly precision: number;
  readonly recall: number;
  readonly f: number;
}

/** Whose each face is; null for somebody about whom nothing is known: such faces count neither for nor against. */
export type Truth = readonly (string | null)[];

/** The share of a face's group that is its person, and the share of its person that is in its group. */
interface FaceScore {
  readonly person: string;
  readonly precision: number;
  readonly recall: number;
}

function faceScores(truth: Truth, groups: readonly (readonly number[])[]): FaceScore[] {
  const known = groups.map((group) => group.filter((i) => truth[i] !== null));
  const sizes = countsOf(truth.filter((person) => person !== null));
  return known.flatMap((group) => {
    const own = countsOf(group.map((i) => truth[i]!));
    return group.map((i) => {
      const count = own.get(truth[i]!)!;
      return { person: truth[i]!, precision: count / group.length, recall: count / sizes.get(truth[i]!)! };
    });
  });
}

export function bcubed(truth: Truth, groups: readonly (readonly number[])[]): Scores {
  const faces = faceScores(truth, groups);
  return scoresOf(
    faces,
    faces.map(() => 1),
  );
}

function scoresOf(faces: readonly FaceScore[], weights: ArrayLike<number>): Scores {
  let [precision, recall, all] = [0, 0, 0];
  for (const [i, face] of faces.entries()) {
    precision += weights[i]! * face.precision;
    recall += weights[i]! * face.recall;
    all += weights[i]!;
  }
  return withF(precision / all, recall / all);
}

function pairwise(truth: Truth, groups: readonly (readonly number[])[]): Scores {
  const pairs = (n: number): number => (n * (n - 1)) / 2;
  const sum = (counts: Iterable<number>): number => [...counts].reduce((total, n) => total + pairs(n), 0);
  const known = groups.map((group) => group.flatMap((i) => (truth[i] === null ? [] : [truth[i]!])));
  const right = known.reduce((total, own) => total + sum(countsOf(own).values()), 0);
  const joined = sum(known.map((own) => own.length));
  return withF(
    joined === 0 ? 1 : right / joined,
    right / sum(countsOf(truth.filter((p) => p !== null)).values()),
  );
}

/** The columns of a table; in brackets the 95 % interval of F, people being drawn again. */
export function clusterRow(truth: Truth, groups: readonly (readonly number[])[]): Row {
  const faces = faceScores(truth, groups);
  const own = bcubed(truth, groups);
  const interval = bootstrapOverPeople(
    faces.map(({ person }) => ({ subject: person, enrolled: true })),
    (weights) => scoresOf(faces, weights).f,
    500,
  );
  const pairs = pairwise(truth, groups);
  const range = interval === null ? '' : ` (${interval.low.toFixed(3)} to ${interval.high.toFixed(3)})`;
  return {
    precision: own.precision.toFixed(4),
    recall: own.recall.toFixed(4),
    F: `${own.f.toFixed(4)}${range}`,
    'of pairs: precision': pairs.precision.toFixed(4),
    'pairs: recall': pairs.recall.toFixed(4),
    groups: groups.filter((group) => group.some((i) => truth[i] !== null)).length,
    people: new Set(truth.filter((person) => person !== null)).size,
  };
}

function withF(precision: number, recall: number): Scores {
  return { precision, recall, f: (2 * precision * recall) / (precision + recall) };
}

function countsOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
