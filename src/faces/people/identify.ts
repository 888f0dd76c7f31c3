/** RECIPE: who is in a photo? */

import type { Damage } from '../../core/damage.ts';
import type { Box } from '../../core/geometry.ts';
import type { WhosinError } from '../../errors.ts';
import type { BottleneckCache } from '../../photos/bottleneck-cache.ts';
import type { PhotoSource } from '../../photos/photo-source.ts';
import { readAlbum } from '../find/read-album.ts';
import type { FaceReader } from '../find/read-faces.ts';
import { type DecideOptions, type Decision, decide } from './gallery.ts';
import type { PeopleModel } from './model-file.ts';

export interface IdentifiedFace {
  /** In pixels of the upright photo. */
  readonly box: Box<'px'>;
  /** The detector's confidence, 0 to 1: not a probability. */
  readonly score: number;
  /** How clear the face is, 0 to 1. */
  readonly quality: number;
  readonly decision: Decision;
}

export type IdentifiedPhoto =
  | {
      readonly path: string;
      readonly width: number;
      readonly height: number;
      /** Only of a photo that is damaged and was read as far as it goes. */
      readonly damage?: Damage;
      /** From left to right. */
      readonly faces: readonly IdentifiedFace[];
    }
  | { readonly path: string; readonly error: WhosinError };

/** Every face of every photo, each with its own decision. A photo that cannot be read is reported, not thrown. */
export async function* identify(
  photos: AsyncIterable<PhotoSource> | Iterable<PhotoSource>,
  model: PeopleModel,
  reader: FaceReader,
  cache: BottleneckCache,
  options: DecideOptions = {},
): AsyncGenerator<IdentifiedPhoto> {
  for await (const reading of readAlbum(photos, reader, cache)) {
    if ('error' in reading) {
      yield reading;
      continue;
    }
    const { path, photo } = reading;
    const decisions = decide(model, photo.faces, options);
    const faces = photo.faces
      .map(({ box, score, quality }, i) => ({ box, score, quality, decision: decisions[i]! }))
      .toSorted((a, b) => a.box.left - b.box.left);
    const { width, height, damage } = photo;
    yield { path, width, height, ...(damage && { damage }), faces };
  }
}
