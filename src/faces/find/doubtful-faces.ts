/**
 * Faces of which the mesh is unsure, asked of BlazeFace: it sees faces from the side as they are, and takes other things for faces
 * than the mesh does.
 */

import type { Box } from '../../core/geometry.ts';
import type { RgbImage } from '../../core/image.ts';
import type { LandmarkPoints } from '../../models/face-pack.ts';
import type { Network } from '../../runtime/session.ts';
import { clarityOf, clearest, type Landmarks, lookThrice } from './mesh.ts';
import { isFromTheSide, meanDistance, sixOf } from './sideways.ts';
import { findSixPoints, type SideStart, type SixPoints, squareBySix } from './six-points.ts';

/** A face that is less clear is doubtful; one that is there as surely as this is right if BlazeFace's points bear it out. */
const clear = 0.8;
const surePresence = 0.9;

/** BlazeFace gives nearly all profiles this score. */
const sideScore = 0.65;

/** Eyes, nose and mouth further apart than this share of a face's height: not one face seen from one side. */
const contrary = 0.4;

/** The embedding of a profile that BlazeFace sees, and the mesh hardly, still tells people apart a little. */
const leastOfBoth = 0.3;

/** Each profile becomes sure from other beginnings. */
const starts: readonly SideStart[] = [0, -20, 20].flatMap((turn) => [
  { turn, right: 0, down: 0 },
  { turn, right: -0.3, down: 0 },
  { turn, right: 0.3, down: 0 },
  { turn, right: 0, down: -0.3 },
  { turn, right: 0, down: 0.3 },
]);

/** After one look at each, only the best beginnings get the other two. */
const mostSeenFully = 7;

/** @param before what the mesh saw in the boxes */
export async function reconsider(
  landmarker: Network,
  sixPoints: () => Promise<Network>,
  points: LandmarkPoints,
  image: RgbImage,
  boxes: readonly Box<'px'>[],
  before: readonly Landmarks[],
): Promise<readonly Landmarks[]> {
  const now = [...before];
  for (const [i, face] of before.entries()) {
    if (clarityOf(face) >= clear) continue;
    const six = await findSixPoints(await sixPoints(), image, boxes[i]!);
    const isBorneOut = six !== undefined && awayFrom(six, points, face) < contrary;
    if (isBorneOut && face.presence >= surePresence) continue;
    if (six && isFromTheSide(six) && six.score >= sideScore) {
      now[i] = await seenFromTheSide(landmarker, points, image, six);
    } else if (!isBorneOut) {
      now[i] = { ...face, presence: face.presence / 2 };
    }
  }
  return now;
}

/** The mesh looks again where BlazeFace sees the face. */
async function seenFromTheSide(
  landmarker: Network,
  points: LandmarkPoints,
  image: RgbImage,
  six: SixPoints,
): Promise<Landmarks> {
  const squares = starts.map((start) => squareBySix(six, start));
  const worth = (face: Landmarks): number => {
    const away = awayFrom(six, points, face);
    return away < contrary ? face.presence : -away;
  };
  const narrowing = { most: mostSeenFully, worth };
  const [tried = []] = await lookThrice(landmarker, points, image, [squares], narrowing);
  const away = tried.map((face) => awayFrom(six, points, face));
  const near = tried.filter((_, i) => away[i]! < contrary);
  const best = near.length > 0 ? clearest(near) : tried[away.indexOf(Math.min(...away))]!;
  const both = Math.sqrt(best.presence * Math.max(best.presence, six.score));
  return { ...best, presence: leastOfBoth + (1 - leastOfBoth) * both };
}

/** The presence of a face that the mesh was not asked about. */
export function bySixAlone({ score }: SixPoints): number {
  return leastOfBoth * score;
}

/** The distance of the mesh's points from BlazeFace's, as a share of the face's height. */
function awayFrom(six: SixPoints, points: LandmarkPoints, { points: mesh }: Landmarks): number {
  return meanDistance(six.points, sixOf(points, mesh)) / six.height;
}
