/** Squares of a photo that a face's points are looked for in. */

import type { Box, Point, Similarity } from '../../core/geometry.ts';
import { apply } from '../../core/geometry.ts';
import type { LandmarkPoints } from '../../models/face-pack.ts';

export interface Square {
  readonly centre: Point;
  readonly side: number;
  /** Clockwise, in radians: how the square is turned, and the face in it. */
  readonly turn: number;
}

/** The network was trained on squares around the whole head. */
const aroundBox = 1.5;
export const aroundPoints = 1.4;

/** The beginning of a look: how far the face may be turned (degrees), and how large the square is beside the usual one. */
export interface Start {
  readonly turn: number;
  readonly size: number;
}

export function squareOf({ left, top, width, height }: Box<'px'>, { turn, size }: Start): Square {
  const centre = { x: left + width / 2, y: top + height / 2 };
  return { centre, side: Math.max(width, height) * aroundBox * size, turn: (turn / 180) * Math.PI };
}

/** The square that the points lie upright in. */
export function squareAround(points: readonly Point[], { forehead, chin }: LandmarkPoints): Square {
  const [above, below] = [points[forehead]!, points[chin]!];
  const turn = Math.atan2(above.x - below.x, below.y - above.y);
  const { left, top, right, bottom } = boundsOf(points, rotation(-turn));
  const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
  const side = Math.max(right - left, bottom - top) * aroundPoints;
  return { centre: apply(rotation(turn), middle), side, turn };
}

/** How far the points reach to each side, turned so. */
function boundsOf(
  points: readonly Point[],
  { a, b }: Similarity,
): { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number } {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const p of points) {
    const x = a * p.x - b * p.y;
    const y = b * p.x + a * p.y;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, right, bottom };
}

/** From pixels of the photo to those of a chip that shows the square upright. @param chip its side in pixels */
export function toChip({ centre, side, turn }: Square, chip: number): Similarity {
  const { a, b } = rotation(-turn);
  const scale = chip / side;
  const t = { a: a * scale, b: b * scale, tx: 0, ty: 0 };
  const { x, y } = apply(t, centre);
  return { ...t, tx: chip / 2 - x, ty: chip / 2 - y };
}

/** Clockwise in a picture, by radians. */
export function rotation(by: number): Similarity {
  return { a: Math.cos(by), b: Math.sin(by), tx: 0, ty: 0 };
}
