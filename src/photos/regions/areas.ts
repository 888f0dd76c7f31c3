/** Areas as files have them become boxes inside the picture. */

import type { Box } from '../../core/geometry.ts';

export interface Sides {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The part of an area that lies in the picture. Throws an Error with the reason if that is none. */
export function boxWithin({ left, top, width, height }: Sides, what: string): Box<'ratio'> {
  const given = [left, top, width, height];
  if (!given.every(Number.isFinite)) throw new Error(`the place of ${what} makes no sense`);
  if (width <= 0 || height <= 0) throw new Error(`the place of ${what} has no size`);
  const right = Math.min(left + width, 1);
  const bottom = Math.min(top + height, 1);
  const box = { left: Math.max(left, 0), top: Math.max(top, 0) };
  if (right <= box.left || bottom <= box.top) throw new Error(`${what} lies outside of the photo`);
  return { ...box, width: right - box.left, height: bottom - box.top };
}

export function called(name: string | null): string {
  return name === null ? 'a region' : `the region of "${name}"`;
}
