/** Which pieces belong to one track: by faces, and by place and time where faces are not clear enough. */

import { assign } from '../core/assignment.ts';
import type { TwoCovariance } from '../learn/odds/two-covariance.ts';
import { placeCost } from './match-boxes.ts';
import { poolFaces, type Track, trackOdds } from './track.ts';
import { endOf, startOf, type Tracklet } from './tracklet.ts';

/** Seconds that a face may be hidden within a shot: longer away, it is a new track of whoever comes back. */
const longestGap = 3;

/** A flash looks like a cut; what is at the same place right after it goes on. */
const flash = 0.5;

/** Widths of the face that a head moves in a second at most. */
const fastest = 4;

/** Log odds for going on where the other one stopped, a moment later. */
const continues = 3;

/** Log odds from which two pieces are one track: four times likelier than not. */
const leastOdds = Math.log(4);

/** Joins pieces so that the odds of all joints together are highest; each piece has one successor at most. */
export function linkTracks(background: TwoCovariance, tracklets: readonly Tracklet[]): Track[] {
  const pieces = tracklets.toSorted((a, b) => startOf(a) - startOf(b));
  const probes = pieces.map(({ faces }) => poolFaces(faces));
  const next = new Map<number, number>();
  for (const group of withinReach(pieces)) {
    const costs = group.map((a) =>
      group.map((b) => {
        const prior = linkPrior(pieces[a]!, pieces[b]!);
        if (prior === undefined) return Number.POSITIVE_INFINITY;
        const odds = prior + trackOdds(background, probes[a]!, probes[b]!);
        // Joints that are worth something are cheaper than none: `assign` would take a dear one rather than none.
        return odds > leastOdds ? -odds : Number.POSITIVE_INFINITY;
      }),
    );
    for (const [row, column] of assign(costs).entries()) {
      if (column >= 0) next.set(group[row]!, group[column]!);
    }
  }
  const followed = new Set(next.values());
  return pieces.flatMap((_, first) => {
    if (followed.has(first)) return [];
    const chain: Tracklet[] = [];
    for (let i: number | undefined = first; i !== undefined; i = next.get(i)) chain.push(pieces[i]!);
    return [joined(chain)];
  });
}

/** Runs of pieces that are nowhere further apart than a joint may span: each can be solved by itself. */
function withinReach(pieces: readonly Tracklet[]): number[][] {
  const groups: number[][] = [];
  let until = Number.NEGATIVE_INFINITY;
  for (const [i, piece] of pieces.entries()) {
    const cut = groups.length > 0 && pieces[i - 1]!.shot !== piece.shot && startOf(piece) - until > flash;
    if (groups.length === 0 || cut || startOf(piece) - until > longestGap) groups.push([]);
    groups.at(-1)!.push(i);
    until = Math.max(until, endOf(piece));
  }
  return groups;
}

/** Log odds from place and time alone; undefined if one cannot go on as the other. */
function linkPrior(a: Tracklet, b: Tracklet): number | undefined {
  const gap = startOf(b) - endOf(a);
  if (gap <= 0 || gap > longestGap) return undefined;
  const [last, first] = [a.sightings.at(-1)!.box, b.sightings[0]!.box];
  const place = placeCost(last, first);
  if (a.shot !== b.shot) return gap <= flash && place < 1 ? 0 : undefined;
  if (place < Number.POSITIVE_INFINITY && gap <= 1) return continues * (1 - gap / 2);
  const apart = Math.hypot(last.left - first.left, last.top - first.top) / Math.max(last.width, first.width);
  return apart <= 1 + fastest * gap ? 0 : undefined;
}

function joined(chain: readonly Tracklet[]): Track {
  const best = chain.reduce((a, b) => (bestQuality(b) > bestQuality(a) ? b : a));
  return {
    from: startOf(chain[0]!),
    to: endOf(chain.at(-1)!),
    sightings: chain.flatMap(({ sightings }) => sightings),
    faces: chain.flatMap(({ faces }) => faces),
    still: best.still,
  };
}

function bestQuality({ faces }: Tracklet): number {
  return faces.reduce((best, { quality }) => Math.max(best, quality), 0);
}
