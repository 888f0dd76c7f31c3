/** Finds the points of a face and lays the face onto the chip that the embedder was trained with. */

import type { Box, Point, Similarity } from '../core/geometry.ts';
import { apply, estimateSimilarity, inverse } from '../core/geometry.ts';
import { type RgbImage, warp } from '../core/image.ts';
import type { Alignment } from '../models/pack.ts';
import type { Network } from '../runtime/session.ts';

const landmarkChip = 112;

/** The square around a detected face that the landmark network looks at, as a share of the box's longer side. */
const landmarkMargin = 1;

/** The 68 points of each face, in pixels of the photo (order of iBUG 300-W). */
export async function findLandmarks(
  network: Network,
  image: RgbImage,
  boxes: readonly Box<'px'>[],
): Promise<Point[][]> {
  if (boxes.length === 0) return [];
  const transforms = boxes.map(squareChip);
  const chips = transforms.map((t) => warp(image, t, landmarkChip, landmarkChip));
  const { landmarks } = await network.run(joinPixels(chips), [chips.length, landmarkChip, landmarkChip, 3]);
  const perFace = landmarks!.data.length / chips.length;
  return transforms.map((t, i) => {
    const back = inverse(t);
    const values = landmarks!.data.subarray(i * perFace, (i + 1) * perFace);
    return Array.from({ length: perFace / 2 }, (_, k) =>
      apply(back, { x: values[k * 2]! * landmarkChip, y: values[k * 2 + 1]! * landmarkChip }),
    );
  });
}

/** The similarity from the photo to the aligned chip. */
export function alignTo({ points, targets }: Alignment, landmarks: readonly Point[]): Similarity {
  return estimateSimilarity(
    points.map((i) => landmarks[i]!),
    targets,
  );
}

function squareChip(box: Box<'px'>): Similarity {
  const side = Math.max(box.width, box.height) * landmarkMargin;
  const scale = landmarkChip / side;
  const left = box.left + (box.width - side) / 2;
  const top = box.top + (box.height - side) / 2;
  return { a: scale, b: 0, tx: -left * scale, ty: -top * scale };
}

/** Several pictures of one size as one batch. */
export function joinPixels(images: readonly RgbImage[]): Uint8Array {
  const size = images[0]?.data.length ?? 0;
  const joined = new Uint8Array(size * images.length);
  for (const [i, { data }] of images.entries()) joined.set(data, i * size);
  return joined;
}
