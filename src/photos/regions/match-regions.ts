/** Which found faces the regions of a photo mean: programs frame a face closely, with its hair, or with half of the shoulders. */

import { assign } from '../../core/assignment.ts';
import { type Box, iou } from '../../core/geometry.ts';

/** Overlaps of one face in two programs are that large at least, mostly above a half. */
const leastOverlap = 0.2;

/** A frame around head and hair has some four times the area of one around the features. */
const mostTimesLarger = 6;

/** All at once, so that of two faces that touch neither takes the other's name. @returns for each region the index of a face, or null */
export function matchRegions(
  regions: readonly Box<'ratio'>[],
  faces: readonly Box<'ratio'>[],
): (number | null)[] {
  if (regions.length === 0 || faces.length === 0) return regions.map(() => null);
  const costs = regions.map((region) =>
    faces.map((face) => (mayBeOne(region, face) ? -iou(region, face) : Number.POSITIVE_INFINITY)),
  );
  return assign(costs).map((column) => (column < 0 ? null : column));
}

function mayBeOne(a: Box<'ratio'>, b: Box<'ratio'>): boolean {
  if (iou(a, b) >= leastOverlap) return true;
  const times = (a.width * a.height) / (b.width * b.height);
  return times <= mostTimesLarger && times >= 1 / mostTimesLarger && holdsMiddle(a, b) && holdsMiddle(b, a);
}

export function holdsMiddle(outer: Box<'ratio'>, { left, top, width, height }: Box<'ratio'>): boolean {
  const [x, y] = [left + width / 2 - outer.left, top + height / 2 - outer.top];
  return x >= 0 && x <= outer.width && y >= 0 && y <= outer.height;
}
