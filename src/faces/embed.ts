/** Aligned faces become embeddings. */

import { meanDirection, unitLength } from '../core/embedding.ts';
import { mirror, type RgbImage } from '../core/image.ts';
import type { Network } from '../runtime/session.ts';
import { joinPixels } from './align.ts';

/** The mean direction of the chip's embedding and its mirror image's: unit length, one for each chip. */
export async function embedFaces(network: Network, chips: readonly RgbImage[]): Promise<Float32Array[]> {
  const first = chips[0];
  if (first === undefined) return [];
  const batch = chips.flatMap((chip) => [chip, mirror(chip)]);
  const { embeddings } = await network.run(joinPixels(batch), [batch.length, first.height, first.width, 3]);
  const length = embeddings!.data.length / batch.length;
  const vector = (i: number): Float32Array =>
    unitLength(embeddings!.data.slice(i * length, (i + 1) * length));
  return chips.map((_, i) => meanDirection([vector(i * 2), vector(i * 2 + 1)]));
}
