/** Which places of two looks at a photo are the same face: by how far they cover each other. */

import { assign } from '../../core/assignment.ts';
import { type Box, iou } from '../../core/geometry.ts';

export interface Place {
  readonly box: Box<'ratio'>;
  /** Seconds, in a video. */
  readonly time: number | null;
}

/** The place of a face; in a video at a time, undefined if it is not seen then. */
export type BoxAt = (time: number | null) => Box<'ratio'> | undefined;

/** Two detectors frame one face that differently at most. */
const leastOverlap = 0.35;

/**
 * All at once, so that of two faces that touch neither takes the other's place.
 *
 * @returns for each place the index of the face that lies there, or null
 */
export function samePlaces(places: readonly Place[], faces: readonly BoxAt[]): (number | null)[] {
  if (places.length === 0 || faces.length === 0) return places.map(() => null);
  const costs = places.map(({ box, time }) =>
    faces.map((boxAt) => {
      const there = boxAt(time);
      const shared = there ? iou(box, there) : 0;
      return shared >= leastOverlap ? -shared : Number.POSITIVE_INFINITY;
    }),
  );
  return assign(costs).map((column) => (column < 0 ? null : column));
}

/** Seconds by which two moments of a video may differ and show a face in the same place. */
const sameMoment = 0.5;

/** A face of which one moment is known. */
export function boxOnce({ box, time }: Place): BoxAt {
  return (at) => {
    const isThen = time === null || at === null ? time === at : Math.abs(time - at) <= sameMoment;
    return isThen ? box : undefined;
  };
}

/** Places that people spoke of more than once, in hardly different words, are one. @returns indices into `places` */
export function onePlaceEach(places: readonly Place[]): number[][] {
  const groups: number[][] = [];
  for (const [i, place] of places.entries()) {
    const group = groups.find(([first]) => {
      const there = boxOnce(places[first!]!)(place.time);
      return there !== undefined && iou(there, place.box) >= nearlySame;
    });
    if (group) group.push(i);
    else groups.push([i]);
  }
  return groups;
}

const nearlySame = 0.7;
