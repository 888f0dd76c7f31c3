/** When something is there: stretches of time, put together from pieces. Knows neither faces nor labels. */

export interface Piece {
  /** Seconds. */
  readonly from: number;
  readonly to: number;
  readonly probability: number;
  /** When it is seen best. */
  readonly best: number;
}

/** A piece, or several that follow on each other: the probability and the best moment are those of the surest. */
export type Span = Piece;

/** Seconds that something may be out of sight and still be there. */
const shortestAbsence = 1;

/** The spans of one thing, in the order of time. */
export function spansOf(pieces: readonly Piece[], mostGap = shortestAbsence): Span[] {
  const spans: Span[] = [];
  for (const piece of pieces.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    const last = spans.at(-1);
    if (last === undefined || piece.from - last.to > mostGap) {
      spans.push(piece);
      continue;
    }
    const surer = piece.probability > last.probability ? piece : last;
    spans[spans.length - 1] = { ...surer, from: last.from, to: Math.max(last.to, piece.to) };
  }
  return spans;
}

/** How long something is there, all spans together. */
export function secondsOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}
