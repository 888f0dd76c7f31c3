/** Looks of the landmark network at squares of a photo. */

import { inverse, type Point, type Similarity } from '../../core/geometry.ts';
import type { RgbImage } from '../../core/image.ts';
import { givePixels } from '../../core/pixel-memory.ts';
import type { LandmarkPoints } from '../../models/face-pack.ts';
import type { Network } from '../../runtime/session.ts';
import { drawChips } from './align.ts';
import { aroundPoints, type Square, squareAround, toChip } from './square.ts';

/** The points of one face, and how sure they are. */
export interface Landmarks {
  /** In pixels of the photo. */
  readonly points: readonly Point[];
  /** How sure the network is that it sees a face, 0 to 1. */
  readonly presence: number;
  /**
   * How far the last two looks lie apart: the mean distance of a point as a share of the face's size. Around
   * 0.01 for clear faces; more where the face is turned far away, blurred or covered, or is none.
   */
  readonly disagreement: number;
}

/** One run of the network over all squares. */
export async function lookAt(
  network: Network,
  { chip }: LandmarkPoints,
  image: RgbImage,
  squares: readonly Square[],
): Promise<Landmarks[]> {
  if (squares.length === 0) return [];
  const transforms = squares.map((square) => toChip(square, chip));
  const pixels = drawChips(image, transforms, chip);
  const { landmarks, presence } = await network.run(pixels, [transforms.length, chip, chip, 3]);
  givePixels(pixels);
  const values = landmarks!.data.length / transforms.length;
  return transforms.map((t, k) => {
    const back = inverse(t);
    const own = landmarks!.data.subarray(k * values, (k + 1) * values);
    return {
      points: pointsOf(own, back),
      presence: presence!.data[k]!,
      disagreement: 0,
    };
  });
}

/** @param values x, y and depth of each point */
function pointsOf(values: Float32Array, { a, b, tx, ty }: Similarity): Point[] {
  const points: Point[] = [];
  for (let i = 0; i < values.length; i += 3) {
    const [x, y] = [values[i]!, values[i + 1]!];
    points.push({ x: a * x - b * y + tx, y: b * x + a * y + ty });
  }
  return points;
}

/** A look at each face in the square that lies around its points of the look before. */
export async function lookAgain(
  network: Network,
  points: LandmarkPoints,
  image: RgbImage,
  before: readonly Landmarks[],
): Promise<Landmarks[]> {
  const squares = before.map((face) => squareAround(face.points, points));
  const found = await lookAt(network, points, image, squares);
  return found.map((face, i) => ({
    ...face,
    disagreement: (meanDistance(face.points, before[i]!.points) * aroundPoints) / squares[i]!.side,
  }));
}

/** How many beginnings of a face go on after the first look, and which: those of the highest worth. */
export interface Narrowing {
  readonly most: number;
  readonly worth: (face: Landmarks) => number;
}

/**
 * Three looks, the first in these squares, the others where the look before saw the face, which is nearer to what the
 * network was trained on. (Even if the second look moved the points by less than 2 %, the third one matters: without
 * it LFW accuracy falls by half a point.)
 *
 * @param squares one or more beginnings for each face
 * @returns for each face what was seen from those that went on
 */
export async function lookThrice(
  network: Network,
  points: LandmarkPoints,
  image: RgbImage,
  squares: readonly (readonly Square[])[],
  { most, worth }: Narrowing,
): Promise<Landmarks[][]> {
  const first = takenApart(await lookAt(network, points, image, squares.flat()), squares);
  const going = first.map((face) =>
    face.length > most ? face.toSorted((a, b) => worth(b) - worth(a)).slice(0, most) : face,
  );
  const second = await lookAgain(network, points, image, going.flat());
  return takenApart(await lookAgain(network, points, image, second), going);
}

function takenApart<T>(all: readonly T[], like: readonly (readonly unknown[])[]): T[][] {
  let at = 0;
  return like.map(({ length }) => {
    at += length;
    return all.slice(at - length, at);
  });
}

const nothing: Landmarks = { points: [], presence: 0, disagreement: 1 };

export function clearest(found: readonly Landmarks[]): Landmarks {
  const [first = nothing, ...others] = found;
  return others.reduce((a, b) => (clarityOf(b) > clarityOf(a) ? b : a), first);
}

/** A face that is looked at the wrong way up may seem to be there, but its points jump from look to look. */
export function clarityOf({ presence, disagreement }: Landmarks): number {
  return presence / (1 + (disagreement / 0.05) ** 2);
}

function meanDistance(a: readonly Point[], b: readonly Point[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const [right, down] = [a[i]!.x - b[i]!.x, a[i]!.y - b[i]!.y];
    sum += Math.sqrt(right * right + down * down);
  }
  return sum / a.length;
}
