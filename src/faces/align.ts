/** Finds the points of a face and lays the face onto the chip that the embedder was trained with. */

import type { Box, Point, Similarity } from '../core/geometry.ts';
import { apply, centroid, estimateSimilarity, inverse, scaleOf } from '../core/geometry.ts';
import { mirror, type RgbImage, warp } from '../core/image.ts';
import type { Alignment, LandmarkPoints } from '../models/pack.ts';
import type { Network } from '../runtime/session.ts';

/** The points of one face, and how sure they are. */
export interface Landmarks {
  /** In pixels of the photo. */
  readonly points: readonly Point[];
  /**
   * How far the answers for the face, for its mirror image and for another look at it lie apart: the mean
   * distance of a point as a share of the face's size. Around 0.03 for clear faces; from 0.1 up the face is
   * turned far away, blurred or covered, or it is none.
   */
  readonly disagreement: number;
}

/**
 * Looks twice at each face: in the detector's box, then turned upright and centred by the first answer, which
 * is nearer to what the network was trained on.
 */
export async function findLandmarks(
  network: Network,
  points: LandmarkPoints,
  image: RgbImage,
  boxes: readonly Box<'px'>[],
): Promise<Landmarks[]> {
  const { chip } = points.upright;
  return lookTwice(
    network,
    points,
    image,
    boxes.map((box) => squareAround(box, chip)),
  );
}

/** The points of faces that lay at `before` a moment ago: each is first looked at laid upright by those. */
export function followLandmarks(
  network: Network,
  points: LandmarkPoints,
  image: RgbImage,
  before: readonly (readonly Point[])[],
): Promise<Landmarks[]> {
  return lookTwice(
    network,
    points,
    image,
    before.map((face) => alignTo(points.upright, face)),
  );
}

async function lookTwice(
  network: Network,
  points: LandmarkPoints,
  image: RgbImage,
  transforms: readonly Similarity[],
): Promise<Landmarks[]> {
  const { chip } = points.upright;
  const first = await lookAt(network, points, image, transforms);
  const upright = first.map((found) => alignTo(points.upright, found.points));
  const second = await lookAt(network, points, image, upright);
  return second.map((found, i) => ({
    points: found.points,
    disagreement: Math.max(
      found.disagreement,
      (meanDistance(first[i]!.points, found.points) * scaleOf(upright[i]!)) / chip / looksApart,
    ),
  }));
}

/** Two looks at a clear face differ about twice as much as a face and its mirror image. */
const looksApart = 2;

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
): Promise<Landmarks[]> {
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
    const plain = mirrored.map((_, i) => at(k * 2, i));
    const unflipped = mirrored.map((twin) => {
      const { x, y } = at(k * 2 + 1, twin);
      return { x: chip - x, y };
    });
    return {
      points: plain.map((p, i) => apply(back, centroid([p, unflipped[i]!]))),
      disagreement: meanDistance(plain, unflipped) / chip,
    };
  });
}

function meanDistance(a: readonly Point[], b: readonly Point[]): number {
  return a.reduce((sum, p, i) => sum + Math.hypot(p.x - b[i]!.x, p.y - b[i]!.y), 0) / a.length;
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
