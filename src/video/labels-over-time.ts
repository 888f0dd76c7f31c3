/** Labels over time: what a model says of each picture becomes a time line. */

import { type Span, spansOf } from './timeline.ts';

/** A model's answer for one picture: the labels that it sees, with their scores. */
export type Scores = ReadonlyMap<string, number>;

export interface LabelledSpan extends Span {
  readonly label: string;
}

export interface LabelFollower {
  /**
   * Takes in the next picture.
   *
   * @param picture its `time` in seconds, later than the last, and the times of `cuts` since the picture before
   */
  look(picture: { readonly time: number; readonly cuts: readonly number[] }, scores: Scores): void;
  /** In the order of time. */
  end(): LabelledSpan[];
}

/** Pictures whose scores are averaged: one blurred frame changes no label. Never across a cut. */
const smoothed = 5;

/** A label is there while its smoothed score reaches `minScore`; several may be at once. */
export function followLabels(minScore: number): LabelFollower {
  const pieces = new Map<string, Span[]>();
  let recent: Scores[] = [];
  let open = new Map<string, Span>();
  return {
    look({ time, cuts }, scores) {
      if (cuts.length > 0) [recent, open] = [[], new Map()];
      recent = [...recent, scores].slice(-smoothed);
      const now = new Map<string, Span>();
      for (const [label, score] of meanScores(recent)) {
        if (score < minScore) continue;
        const before = open.get(label);
        const surer = before && before.probability >= score ? before : { probability: score, best: time };
        const { probability, best } = surer;
        const piece = { from: before?.from ?? time, to: time, probability, best };
        const own = pieces.get(label) ?? [];
        pieces.set(label, before ? [...own.slice(0, -1), piece] : [...own, piece]);
        now.set(label, piece);
      }
      open = now;
    },
    end: () =>
      [...pieces]
        .flatMap(([label, own]) => spansOf(own).map((span) => ({ ...span, label })))
        .toSorted((a, b) => a.from - b.from || b.probability - a.probability),
  };
}

function meanScores(of: readonly Scores[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const scores of of) {
    for (const [label, score] of scores) sums.set(label, (sums.get(label) ?? 0) + score / of.length);
  }
  return sums;
}
