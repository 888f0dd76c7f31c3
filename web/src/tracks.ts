/** The faces of a video in time: lanes of people, and boxes at a moment. */

import type { Box, Track } from './api.ts';
import { isNamed, nameOf } from './faces.ts';

/** A person, or a group without a name, with all tracks that show them. */
export interface Lane {
  readonly name: string;
  readonly isKnown: boolean;
  readonly tracks: readonly Track[];
}

/** People first, those who are seen longest before the others. */
export function lanesOf(tracks: readonly Track[]): readonly Lane[] {
  const lanes = new Map<string, Track[]>();
  for (const track of tracks) {
    const { face } = track;
    const key = isNamed(face.state) ? `person ${face.person}` : `group ${face.group ?? face.face}`;
    lanes.set(key, [...(lanes.get(key) ?? []), track]);
  }
  const all = [...lanes.values()].map((own) => ({
    name: nameOf(own[0]!.face),
    isKnown: isNamed(own[0]!.face.state),
    tracks: own,
  }));
  return all.toSorted((a, b) => Number(b.isKnown) - Number(a.isKnown) || lengthOf(b) - lengthOf(a));
}

function lengthOf({ tracks }: Lane): number {
  return tracks.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** Seconds: a face that was seen once is where it was for so long; a longer gap between two sightings is none. */
const once = 0.25;
const longestGap = 1;

/** The box at a moment; undefined if the face is not seen then. */
export function boxAt({ seen }: Pick<Track, 'seen'>, time: number): Box | undefined {
  const next = seen.findIndex((one) => one.time >= time);
  const after = seen[next];
  const before = next < 0 ? seen.at(-1) : seen[next - 1];
  const near = [before, after].find((one) => one !== undefined && Math.abs(one.time - time) <= once);
  if (before === undefined || after === undefined) return near?.box;
  if (after.time - before.time > longestGap) return near?.box;
  const share = (time - before.time) / (after.time - before.time);
  const mix = (side: keyof Box): number => before.box[side] + (after.box[side] - before.box[side]) * share;
  return { left: mix('left'), top: mix('top'), width: mix('width'), height: mix('height') };
}
