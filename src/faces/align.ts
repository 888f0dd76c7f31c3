/** Finds the points of a face and lays the face onto the chip that the embedder was trained with. */

import type { Box, Point, Similarity } from '../core/geometry.ts';
import { apply, estimateSimilarity, inverse } from '../core/geometry.ts';
import { mirror, type RgbImage, warp } from '../core/image.ts';
import type { Alignment, LandmarkPoints } from '../models/pack.ts';
import type { Network } from '../runtime/session.ts';

/**
 * The points of each face, in pixels of the photo. Looked for twice: in the detector's box, then on the face
 * turned upright and centred by the first answer, which is nearer to what the network was trained on.
 */
export async function findLandmarks(
  network: Network,
  points: LandmarkPoints,
  image: RgbImage,
  boxes: readonly Box<'px'>[],
): Promise<Point[][]> {
  const { chip } = points.upright;
  const first = await lookAt(
    network,
    points,
    image,
    boxes.map((box) => squareAround(box, chip)),
  );
  return lookAt(
    network,
    points,
    image,
    first.map((found) => alignTo(points.upright, found)),
  );
}

/** The similarity from the photo to the aligned chip. */
export function alignTo({ points, targets }: Alignment, landmarks: readonly Point[]): Similarity {
  return estimateSimilarity(
    points.map((i) => landmarks[i]!),
    targets,
  );
}

/** One run of the network over all chips and their mirror images; each pair of answers is averaged. */
async function lookAt(
  network: Network,
  { upright: { chip }, mirrored }: LandmarkPoints,
  image: RgbImage,
  transforms: readonly Similarity[],
): Promise<Point[][]> {
  if (transforms.length === 0) return [];
  const batch = transforms.flatMap((t) => {
    const face = warp(image, t, chip, chip);
    return [face, mirror(face)];
  });
  const { landmarks } = await network.run(joinPixels(batch), [batch.length, chip, chip, 3]);
  const count = mirrored.length;
  const at = (face: number, point: number): Point => {
    const i = (face * count + point) * 2;
    return { x: landmarks!.data[i]! * chip, y: landmarks!.data[i + 1]! * chip };
  };
  return transforms.map((t, k) => {
    const back = inverse(t);
    return mirrored.map((twin, i) => {
      const plain = at(k * 2, i);
      const flipped = at(k * 2 + 1, twin);
      return apply(back, { x: (plain.x + chip - flipped.x) / 2, y: (plain.y + flipped.y) / 2 });
    });
  });
}

function squareAround(box: Box<'px'>, chip: number): Similarity {
  const side = Math.max(box.width, box.height);
  const scale = chip / side;
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
