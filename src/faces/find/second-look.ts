/**
 * A second look at a photo in which the detector is sure of no face: it was trained on crowds, and overlooks faces from
 * the side that fill much of the photo. A small detector of another kind knows those.
 */

import type { RgbImage } from '../../core/image.ts';
import type { Network } from '../../runtime/session.ts';
import { type Detection, isSameFace, mergeDetections, scaledTo, searchCopy, usualSearch } from './detect.ts';
import type { Landmarks } from './mesh.ts';

/** The longer side of the photo in pixels, far smaller than the detector's canvas: a face that fills that is missed. */
const sides = [96, 64, 48] as const;

/** A box is a face if its points bear it out, or if it is seen in all copies alike. */
const minScore = 0.5;
const agreedScore = 0.55;
const minPresence = 0.5;

/**
 * @param locate finds the points of faces
 * @returns the faces that are not among those found before, the surest first
 */
export async function lookAgain(
  detector: Network,
  locate: (image: RgbImage, faces: readonly Detection[]) => Promise<readonly Landmarks[]>,
  image: RgbImage,
  before: readonly Detection[],
): Promise<Detection[]> {
  const copies: Detection[][] = [];
  for (const side of sides) {
    const found = await searchCopy(detector, await scaledTo(side, image), image, 0, usualSearch);
    copies.push(found.filter(({ score }) => score >= minScore));
  }
  const others = mergeDetections(copies.flat(), image).filter(
    ({ box }) => !before.some((face) => isSameFace(face.box, box)),
  );
  if (others.length === 0) return [];
  const located = await locate(image, others);
  const isAgreed = ({ box }: Detection): boolean =>
    copies.every((found) => found.some((face) => face.score >= agreedScore && isSameFace(face.box, box)));
  return others.filter((face, i) => located[i]!.presence >= minPresence || isAgreed(face));
}
