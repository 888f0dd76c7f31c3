/** Faces become embeddings. */

import { meanDirection, unitLength } from '../../core/embedding.ts';
import type { Point } from '../../core/geometry.ts';
import { mirror, type RgbImage } from '../../core/image.ts';
import { warp } from '../../core/warp.ts';
import type { Alignment, ChipLook, FaceEmbedder, LandmarkPoints } from '../../models/face-pack.ts';
import type { Network } from '../../runtime/session.ts';
import { alignTo, joinPixels } from './align.ts';
import { isFromTheSide, poseOf, sixOf } from './sideways.ts';

/** An embedder of the pack, opened. */
export type OpenEmbedder = Omit<FaceEmbedder, 'network'> & { readonly network: Network };

/**
 * The outputs of all embedders, one after another in a vector of unit length: for each the mean direction of its
 * looks.
 *
 * @param faces the points of each, in pixels of the image
 */
export async function embedFaces(
  embedders: readonly OpenEmbedder[],
  landmarkPoints: LandmarkPoints,
  image: RgbImage,
  faces: readonly (readonly Point[])[],
): Promise<Float32Array[]> {
  if (faces.length === 0) return [];
  const parts: Float32Array[][] = [];
  const fromTheSide = faces.map((points) => isFromTheSide(poseOf(sixOf(landmarkPoints, points))));
  for (const { network, looks, sideLooks = [], share, sideShare = share } of embedders) {
    const looksAt = fromTheSide.map((side) => (side ? [...looks, ...sideLooks] : looks));
    const seen = await directionsOf(network, image, faces, looksAt);
    parts.push(
      seen.map((direction, i) => {
        const length = Math.sqrt(fromTheSide[i] ? sideShare : share);
        return direction.map((value) => value * length);
      }),
    );
  }
  return faces.map((_, i) => joined(parts.map((part) => part[i]!)));
}

async function directionsOf(
  network: Network,
  image: RgbImage,
  faces: readonly (readonly Point[])[],
  looksAt: readonly (readonly ChipLook[])[],
): Promise<Float32Array[]> {
  const batch = faces.flatMap((points, k) => {
    const chips = new Map<Alignment, RgbImage>();
    return looksAt[k]!.map(({ alignment, mirrored }) => {
      const { chip } = alignment;
      const face = chips.get(alignment) ?? warp(image, alignTo(alignment, points), chip, chip);
      chips.set(alignment, face);
      return mirrored ? mirror(face) : face;
    });
  });
  const { width, height } = batch[0]!;
  const { embeddings } = await network.run(joinPixels(batch), [batch.length, height, width, 3]);
  const length = embeddings!.data.length / batch.length;
  const vector = (i: number): Float32Array =>
    unitLength(embeddings!.data.slice(i * length, (i + 1) * length));
  let at = 0;
  return looksAt.map((looks) => meanDirection(looks.map(() => vector(at++))));
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
