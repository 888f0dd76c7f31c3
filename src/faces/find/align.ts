/** Lays a face onto the chip that an embedder was trained with. */

import { centroid, estimateSimilarity, type Point, type Similarity } from '../../core/geometry.ts';
import type { Colour, RgbImage } from '../../core/image.ts';
import { takePixels } from '../../core/pixel-memory.ts';
import { warp } from '../../core/warp.ts';
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

/**
 * Square chips of the photo, one through each similarity, as one batch; its memory is to be given back.
 *
 * @param outside what lies beyond the edge of the photo; black if left out
 */
export function drawChips(
  image: RgbImage,
  transforms: readonly Similarity[],
  chip: number,
  outside?: Colour,
): Uint8Array {
  const size = chip * chip * 3;
  const pixels = takePixels(transforms.length * size);
  for (const [k, transform] of transforms.entries()) {
    warp(image, transform, chip, chip, { data: pixels.subarray(k * size, (k + 1) * size), outside });
  }
  return pixels;
}
