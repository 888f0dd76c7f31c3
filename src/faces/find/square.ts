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
  const upright = rotation(-turn);
  const turned = points.map((p) => apply(upright, p));
  const range = (of: readonly number[]): readonly [number, number] => [Math.min(...of), Math.max(...of)];
  const [left, right] = range(turned.map(({ x }) => x));
  const [top, bottom] = range(turned.map(({ y }) => y));
  const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
  const side = Math.max(right - left, bottom - top) * aroundPoints;
  return { centre: apply(rotation(turn), middle), side, turn };
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
