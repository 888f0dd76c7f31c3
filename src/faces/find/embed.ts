/** Faces become embeddings. */

import { evenedOut, meanDirection, unitLength } from '../../core/embedding.ts';
import type { Point } from '../../core/geometry.ts';
import type { RgbImage } from '../../core/image.ts';
import { givePixels, takePixels } from '../../core/pixel-memory.ts';
import { mirror, warp } from '../../core/warp.ts';
import type { Alignment, ChipLook, FaceEmbedder, LandmarkPoints } from '../../models/face-pack.ts';
import type { Network } from '../../runtime/session.ts';
import { alignTo } from './align.ts';
import { isFromTheSide, poseOf, sixOf } from './sideways.ts';

/** An embedder of the pack, opened. */
export type OpenEmbedder = Omit<FaceEmbedder, 'network'> & { readonly network: Network };

/**
 * The outputs of all embedders, one after another in a vector of unit length: for each the mean direction of its
 * looks, its values evened out if the embedder says so.
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
  for (const { network, looks, sideLooks = [], share, sideShare = share, power } of embedders) {
    const looksAt = fromTheSide.map((side) => (side ? [...looks, ...sideLooks] : looks));
    const seen = await directionsOf(network, image, faces, looksAt);
    parts.push(
      seen.map((direction, i) => {
        const length = Math.sqrt(fromTheSide[i] ? sideShare : share);
        const values = power === undefined ? direction : evenedOut(direction, power);
        return values.map((value) => value * length);
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
  const side = looksAt[0]![0]!.alignment.chip;
  const size = side * side * 3;
  const count = looksAt.reduce((sum, looks) => sum + looks.length, 0);
  const pixels = takePixels(count * size);
  let next = 0;
  for (const [k, points] of faces.entries()) {
    const chips = new Map<Alignment, RgbImage>();
    for (const { alignment, mirrored } of looksAt[k]!) {
      const place = pixels.subarray(next, (next += size));
      const face = chips.get(alignment) ?? warp(image, alignTo(alignment, points), side, side);
      chips.set(alignment, face);
      if (mirrored) mirror(face, place);
      else place.set(face.data);
    }
  }
  const { embeddings } = await network.run(pixels, [count, side, side, 3]);
  givePixels(pixels);
  const length = embeddings!.data.length / count;
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
