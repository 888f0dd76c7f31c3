/**
 * A second look at a photo in which the detector is sure of no face: it was trained on crowds, and overlooks faces from
 * the side that fill much of the photo. A small detector of another kind knows those.
 */

import type { Size } from '../../core/geometry.ts';
import { evenly, meanColour, type RgbImage } from '../../core/image.ts';
import type { Network } from '../../runtime/session.ts';
import { type Detection, isSameFace, mergeDetections, scaledTo, searchCopy, usualSearch } from './detect.ts';
import type { Landmarks } from './mesh.ts';

/** The longer side of the photo in pixels, far smaller than the detector's canvas: a face that fills that is missed. */
const sides = [96, 64, 48] as const;
const canvas = 128;

/** A box is a face if its points bear it out, or if it is seen in all copies alike. */
const minScore = 0.5;
const agreedScore = 0.6;
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
    const found = await searchInTheMiddle(detector, await scaledTo(side, image), image);
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

/**
 * Around the copy lies its mean colour: the edge of a photo that cuts off a face then is neither the edge of the canvas, beyond
 * which the detector sees nothing, nor the strongest line in sight.
 */
async function searchInTheMiddle(
  detector: Network,
  small: RgbImage,
  { width, height }: Size,
): Promise<Detection[]> {
  const [left, top] = [(canvas - small.width) >> 1, (canvas - small.height) >> 1];
  const [x, y] = [width / small.width, height / small.height];
  const shown = { width: canvas * x, height: canvas * y };
  const found = await searchCopy(detector, framed(small, left, top), shown, 0, usualSearch);
  return found.map(({ box, ...face }) => ({
    ...face,
    box: { ...box, left: box.left - left * x, top: box.top - top * y },
  }));
}

function framed(small: RgbImage, left: number, top: number): RgbImage {
  const image = evenly({ width: canvas, height: canvas }, meanColour(small));
  for (let y = 0; y < small.height; y++) {
    const row = small.data.subarray(y * small.width * 3, (y + 1) * small.width * 3);
    image.data.set(row, ((top + y) * canvas + left) * 3);
  }
  return image;
}
