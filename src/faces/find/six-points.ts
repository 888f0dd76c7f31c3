/**
 * The six points that BlazeFace gives of a face. The mesh gives many more, but fails on faces that are turned far away: it
 * sees them from the front, or not at all. BlazeFace's stay in their places.
 */

import type { Box } from '../../core/geometry.ts';
import { centroid } from '../../core/geometry.ts';
import type { Colour, RgbImage } from '../../core/image.ts';
import { givePixels } from '../../core/pixel-memory.ts';
import type { Network } from '../../runtime/session.ts';
import { drawChips } from './align.ts';
import { atLeast } from './detect.ts';
import { type Pose, poseOf, type Six } from './sideways.ts';
import { rotation, type Square, toChip } from './square.ts';

export interface SixPoints extends Pose {
  /** The detector's confidence, 0 to 1: not a probability. */
  readonly score: number;
  readonly points: Six;
  /** From the forehead to the chin, about; it stays on the face if the points of a blurred one do not. */
  readonly box: Box<'px'>;
}

/** Pixels of the network's canvas, and those that the box takes on it: a face that fills the canvas is missed. */
const canvas = 128;
const onCanvas = [36, 46, 58] as const;

/** A face whose middle lies further from the box's, as a share of its side, is another one. */
const sameMiddle = 0.6;

/** Below this, most are no faces. */
const minScore = 0.5;

/**
 * @param outside what lies beyond the edge of the photo; black if left out
 * @returns undefined if no face is seen in the box
 */
export async function findSixPoints(
  network: Network,
  image: RgbImage,
  { left, top, width, height }: Box<'px'>,
  outside?: Colour,
): Promise<SixPoints | undefined> {
  const centre = { x: left + width / 2, y: top + height / 2 };
  const sides = onCanvas.map((size) => (Math.max(width, height) * canvas) / size);
  const transforms = sides.map((side) => toChip({ centre, side, turn: 0 }, canvas));
  const pixels = drawChips(image, transforms, canvas, outside);
  const { boxes, scores, points } = await network.run(pixels, [sides.length, canvas, canvas, 3]);
  givePixels(pixels);
  const each = scores!.data.length / sides.length;
  const chipOf = (at: number): number => Math.floor(at / each);
  const corners = (at: number): Corners => boxes!.data.subarray(at * 4, at * 4 + 4) as unknown as Corners;
  let best = { at: -1, score: minScore };
  for (const at of atLeast(minScore, scores!.data)) {
    const score = scores!.data[at]!;
    if (score < best.score) continue;
    const [above, before, below, after] = corners(at);
    const away = Math.hypot(before + after - canvas, above + below - canvas) / 2;
    if (away < sameMiddle * onCanvas[chipOf(at)]!) best = { at, score };
  }
  if (best.at < 0) return undefined;
  const scale = sides[chipOf(best.at)]! / canvas;
  const own = points!.data.subarray(best.at * 12, best.at * 12 + 12);
  const six = Array.from({ length: 6 }, (_, k) => ({
    x: centre.x + (own[k * 2]! - canvas / 2) * scale,
    y: centre.y + (own[k * 2 + 1]! - canvas / 2) * scale,
  })) as unknown as Six;
  const [above, before, below, after] = corners(best.at);
  const box = {
    left: centre.x + (before - canvas / 2) * scale,
    top: centre.y + (above - canvas / 2) * scale,
    width: (after - before) * scale,
    height: (below - above) * scale,
  };
  return { score: best.score, points: six, box, ...poseOf(six) };
}

type Corners = readonly [number, number, number, number];

/** The beginning of a look beside the usual square: moved to the right and down in heights, turned clockwise by degrees. */
export interface SideStart {
  readonly right: number;
  readonly down: number;
  readonly turn: number;
}

/**
 * The square that the mesh is likely to see a face from the side in. Its place, its size and its turn beside the six points are those
 * of 246 profiles of half of the people of cfp-dev, on which mesh and BlazeFace agree.
 */
export function squareBySix({ points, height, turn, sideways }: SixPoints, start: SideStart): Square {
  const far = Math.max(-2, Math.min(2, sideways));
  const right = (start.right - 0.465 * far) * height;
  const down = (start.down - 0.05 - 0.03 * far ** 2) * height;
  const { a, b } = rotation(turn);
  const { x, y } = centroid(points.slice(0, 4));
  return {
    centre: { x: x + a * right - b * down, y: y + b * right + a * down },
    side: 3.1 * height,
    turn: turn + 0.25 * far + (start.turn / 180) * Math.PI,
  };
}
