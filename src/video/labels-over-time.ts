/** Labels over time: what a whole-picture model says of each frame becomes a time line. */

import type { RgbImage } from '../core/image.ts';
import { type Span, spansOf } from './timeline.ts';

/** What a model says of one picture: each label with its probability. */
export type Scores = ReadonlyMap<string, number>;

export interface LabelledSpan extends Span {
  readonly label: string;
}

export interface LookedAt {
  readonly time: number;
  readonly image: RgbImage;
  /** Cuts since the frame before. */
  readonly cuts: readonly number[];
}

/** Frames whose scores are averaged: one blurred frame changes no label. Never across a cut. */
const smoothed = 5;

/**
 * The likeliest label of each moment, where it reaches `minProbability`. Memory does not grow with the pictures: one
 * is held at a time.
 *
 * @param classify any function of one picture
 */
export async function labelsOverTime(
  frames: AsyncIterable<LookedAt>,
  classify: (image: RgbImage) => Promise<Scores>,
  minProbability: number,
): Promise<LabelledSpan[]> {
  const pieces = new Map<string, Span[]>();
  let [recent, last]: [{ time: number; scores: Scores }[], { label: string; piece: Span } | undefined] = [
    [],
    undefined,
  ];
  for await (const { time, image, cuts } of frames) {
    if (cuts.length > 0) [recent, last] = [[], undefined];
    recent = [...recent, { time, scores: await classify(image) }].slice(-smoothed);
    const [label, probability] = likeliest(recent.map(({ scores }) => scores));
    if (label === undefined || probability < minProbability) {
      last = undefined;
      continue;
    }
    const before: Span | undefined = last?.label === label ? last.piece : undefined;
    const surer = before && before.probability >= probability ? before : { probability, best: time };
    const piece: Span = {
      from: before?.from ?? time,
      to: time,
      probability: surer.probability,
      best: surer.best,
    };
    const own = pieces.get(label) ?? [];
    pieces.set(label, before ? [...own.slice(0, -1), piece] : [...own, piece]);
    last = { label, piece };
  }
  return [...pieces]
    .flatMap(([label, own]) => spansOf(own).map((span) => ({ ...span, label })))
    .toSorted((a, b) => a.from - b.from);
}

function likeliest(of: readonly Scores[]): readonly [string | undefined, number] {
  let best: readonly [string | undefined, number] = [undefined, 0];
  for (const label of new Set(of.flatMap((scores) => [...scores.keys()]))) {
    const mean = of.reduce((sum, scores) => sum + (scores.get(label) ?? 0), 0) / of.length;
    if (mean > best[1]) best = [label, mean];
  }
  return best;
}
