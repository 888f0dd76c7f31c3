/** The faces of a reference set such as Labeled Faces in the Wild: one folder for each person, who is in the middle. */

import type { Size } from '../../core/geometry.ts';
import type { Labelled } from '../../learn/odds/two-covariance-fit.ts';
import type { BottleneckCache } from '../../photos/bottleneck-cache.ts';
import type { ReadOptions } from '../../photos/read-photos.ts';
import { type EvaluationPhoto, readEvaluationPhotos } from '../evaluate/evaluation-photos.ts';
import type { Face, PhotoFaces } from '../find/face.ts';
import type { FaceReader } from '../find/read-faces.ts';

export interface ReferencePhoto extends EvaluationPhoto {
  /** The face nearest to the middle of the photo; null if none was found. */
  readonly nearest: Face | null;
  /** The same, if it covers the middle: LFW crops are centred on their person, a face elsewhere is another's. */
  readonly central: Face | null;
}

export async function readReferencePhotos(
  folder: string,
  reader: FaceReader,
  cache: BottleneckCache,
  options?: ReadOptions,
): Promise<ReferencePhoto[]> {
  const { people } = await readEvaluationPhotos({ root: folder }, reader, cache, options);
  return people.map((photo) => {
    const nearest = nearestFace(photo);
    return { ...photo, nearest, central: centralFace(photo) };
  });
}

/** The faces that a background can be fitted on. */
export function facesToFit(photos: readonly ReferencePhoto[]): Labelled[] {
  return photos.flatMap(({ person, nearest }) =>
    nearest === null ? [] : [{ person, values: nearest.embedding.values, quality: nearest.quality }],
  );
}

/** The face nearest to the middle, if it covers it. */
function centralFace(photo: PhotoFaces): Face | null {
  const nearest = nearestFace(photo);
  return nearest && coversMiddle(nearest, photo) ? nearest : null;
}

function nearestFace({ faces, width, height }: PhotoFaces): Face | null {
  const distance = ({ box }: Face): number =>
    Math.hypot(box.left + box.width / 2 - width / 2, box.top + box.height / 2 - height / 2);
  return faces.toSorted((a, b) => distance(a) - distance(b))[0] ?? null;
}

function coversMiddle({ box: { left, top, width, height } }: Face, photo: Size): boolean {
  const [x, y] = [photo.width / 2, photo.height / 2];
  return left <= x && x <= left + width && top <= y && y <= top + height;
}
