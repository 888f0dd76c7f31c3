/** Tracks become people: each with the stretches of time in which it is seen. */

import type { NamedTrack } from './name-tracks.ts';
import { type Piece, type Span, secondsOf, spansOf } from './timeline.ts';

export interface PersonOverTime {
  /** The name exactly as the folder was called; null for somebody unknown. */
  readonly person: string | null;
  /** The number of somebody unknown, from 1; null for a name. */
  readonly unknown: number | null;
  /** In the order of time. */
  readonly spans: readonly Span[];
  /** Indices of the tracks. */
  readonly tracks: readonly number[];
  /** For the surest span: the probability of the name, or that it is none of the people. */
  readonly probability: number;
  /** Seconds at which the person is seen best, in the surest span. */
  readonly best: number;
  /** Seconds in which the person is seen, all spans together. */
  readonly seconds: number;
}

/** Those who are named first, then the unknown; each by how long they are seen. */
export function peopleOverTime(tracks: readonly NamedTrack[]): PersonOverTime[] {
  const byPerson = new Map<string, { readonly index: number; readonly track: NamedTrack }[]>();
  for (const [index, track] of tracks.entries()) {
    const { decision, unknown } = track;
    if (decision.kind === 'unknown' && unknown === null) continue;
    const key = decision.kind === 'known' ? `known ${decision.person}` : `unknown ${unknown}`;
    const own = byPerson.get(key);
    if (own) own.push({ index, track });
    else byPerson.set(key, [{ index, track }]);
  }
  const people = [...byPerson.values()].map((own): PersonOverTime => {
    const { decision, unknown } = own[0]!.track;
    const spans = spansOf(own.map(({ track }) => pieceOf(track)));
    const surest = spans.reduce((a, b) => (b.probability > a.probability ? b : a));
    return {
      person: decision.kind === 'known' ? decision.person : null,
      unknown: decision.kind === 'known' ? null : unknown,
      spans,
      tracks: own.map(({ index }) => index),
      probability: surest.probability,
      best: surest.best,
      seconds: secondsOf(spans),
    };
  });
  return people.toSorted(
    (a, b) => Number(a.person === null) - Number(b.person === null) || b.seconds - a.seconds,
  );
}

function pieceOf({ from, to, decision, still }: NamedTrack): Piece {
  return { from, to, probability: decision.probability, best: still.time };
}
