/** The points of a face in a video, where they lay a moment ago. */

import { type Box, middle, type Point } from '../../core/geometry.ts';
import { meanColour, type RgbImage } from '../../core/image.ts';
import type { LandmarkPoints } from '../../models/face-pack.ts';
import type { Network } from '../../runtime/session.ts';
import { bySixAlone } from './doubtful-faces.ts';
import { type Landmarks, lookAgain, lookAt } from './mesh.ts';
import { findSixPoints } from './six-points.ts';
import { type Square, squareAround } from './square.ts';

/** A face that moves fast is looked for so many times, each time where it was seen last. */
const mostLooks = 3;

/** The points of faces that lay at `before` a moment ago: looked for there, and again where they have moved. */
export async function followLandmarks(
  network: Network,
  points: LandmarkPoints,
  image: RgbImage,
  before: readonly (readonly Point[])[],
): Promise<Landmarks[]> {
  let squares = before.map((face) => squareAround(face, points));
  const found = await lookAt(network, points, image, squares);
  for (let look = 2; look <= mostLooks; look++) {
    const now = found.map((face) => squareAround(face.points, points));
    const moved = [...now.keys()].filter((i) => !isCloseTo(now[i]!, squares[i]!));
    const again = await lookAgain(
      network,
      points,
      image,
      moved.map((i) => found[i]!),
    );
    for (const [k, i] of moved.entries()) found[i] = again[k]!;
    squares = now;
  }
  return found;
}

/** A face and where it is, in pixels of the image. */
export interface LocatedFace {
  readonly box: Box<'px'>;
  readonly landmarks: Landmarks;
}

/**
 * BlazeFace looks for faces that the mesh does not see where they were, from the side or cut off by the edge of the frame: it
 * sees that a face is there, and where, and not much of whose it is.
 *
 * @returns the face, its points moved along with it; undefined if it is not seen
 */
export async function glimpseFace(
  sixPoints: Network,
  image: RgbImage,
  { box, landmarks }: LocatedFace,
): Promise<LocatedFace | undefined> {
  const six = await findSixPoints(sixPoints, image, box, meanColour(image));
  if (six === undefined) return undefined;
  const [from, to] = [middle(box), middle(six.box)];
  const points = landmarks.points.map(({ x, y }) => ({ x: x + to.x - from.x, y: y + to.y - from.y }));
  return { box: six.box, landmarks: { points, presence: bySixAlone(six), disagreement: 1 } };
}

/** Smaller differences are no more than those between a second look and a first. */
function isCloseTo(a: Square, b: Square): boolean {
  const apart = Math.hypot(a.centre.x - b.centre.x, a.centre.y - b.centre.y) / b.side;
  return (
    apart < 0.045 && Math.abs(Math.log(a.side / b.side)) < 0.09 && Math.abs(Math.sin(a.turn - b.turn)) < 0.15
  );
}
