/** RECIPE: who is in a photo? */

import type { Damage } from '../../core/damage.ts';
import type { Box } from '../../core/geometry.ts';
import type { Failure } from '../../errors.ts';
import type { BottleneckCache } from '../../photos/bottleneck-cache.ts';
import type { PhotoInput } from '../../photos/photo-input.ts';
import type { ReadOptions } from '../../photos/read-photos.ts';
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
      readonly kind: 'photo';
      readonly path: string;
      readonly width: number;
      readonly height: number;
      /** Only of a photo that is damaged and was read as far as it goes. */
      readonly damage?: Damage;
      /** From left to right. */
      readonly faces: readonly IdentifiedFace[];
    }
  | Failure;

export interface IdentifyOptions extends DecideOptions, ReadOptions {}

/**
 * Every face of every photo, each with its own decision. A photo that cannot be read is reported, not thrown.
 *
 * @throws WhosinError `usage` for what is no photo, `cancelled`
 */
export async function* identify(
  photos: AsyncIterable<PhotoInput> | Iterable<PhotoInput>,
  model: PeopleModel,
  reader: FaceReader,
  cache: BottleneckCache,
  options: IdentifyOptions = {},
): AsyncGenerator<IdentifiedPhoto> {
  for await (const reading of readAlbum(photos, reader, cache, options)) {
    if (reading.kind === 'failure') {
      yield reading;
      continue;
    }
    const { path, photo } = reading;
    const decisions = decide(model, photo.faces, options);
    const faces = photo.faces
      .map(({ box, score, quality }, i) => ({ box, score, quality, decision: decisions[i]! }))
      .toSorted((a, b) => a.box.left - b.box.left);
    const { width, height, damage } = photo;
    yield { kind: 'photo', path, width, height, ...(damage && { damage }), faces };
  }
}
