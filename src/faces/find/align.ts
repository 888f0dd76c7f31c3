/** Lays a face onto the chip that an embedder was trained with. */

import { centroid, estimateSimilarity, type Point, type Similarity } from '../../core/geometry.ts';
import type { RgbImage } from '../../core/image.ts';
import type { Alignment, PointOfFace } from '../../models/face-pack.ts';

/** The similarity from the photo to the aligned chip. */
export function alignTo({ points, targets }: Alignment, landmarks: readonly Point[]): Similarity {
  return estimateSimilarity(
    points.map((point) => pointOf(landmarks, point)),
    targets,
  );
}

/** A point that an alignment goes by. */
export function pointOf(landmarks: readonly Point[], point: PointOfFace): Point {
  return typeof point === 'number' ? landmarks[point]! : centroid(point.map((i) => landmarks[i]!));
}

/** Several pictures of one size as one batch. */
export function joinPixels(images: readonly RgbImage[]): Uint8Array {
  const size = images[0]?.data.length ?? 0;
  const joined = new Uint8Array(size * images.length);
  for (const [i, { data }] of images.entries()) joined.set(data, i * size);
  return joined;
}
