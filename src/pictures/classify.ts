/** RECIPE: what is in a photo? */

import type { Damage } from '../core/damage.ts';
import type { WhosinError } from '../errors.ts';
import type { PhotoSource } from '../photos/photo-source.ts';
import { type PhotoReader, readPhotos } from '../photos/read-photos.ts';
import { decodePhoto } from '../runtime/decode.ts';
import type { PictureAnswer, PictureClassifier } from './classifier.ts';

type AnsweredPhoto = PictureAnswer & {
  readonly width: number;
  readonly height: number;
  /** Only of a photo that is damaged and was read as far as it goes. */
  readonly damage?: Damage;
};

export type ClassifiedPhoto =
  | (AnsweredPhoto & { readonly path: string })
  | { readonly path: string; readonly error: WhosinError };

export interface ClassifyOptions {
  /** Labels and objects below it are left out; by default 0, and 0.3 for objects. */
  readonly minScore?: number;
}

/** What the model says of every photo, in order. A photo that cannot be read is reported, not thrown. */
export async function* classify(
  photos: AsyncIterable<PhotoSource> | Iterable<PhotoSource>,
  model: PictureClassifier,
  { minScore }: ClassifyOptions = {},
): AsyncGenerator<ClassifiedPhoto> {
  const reader: PhotoReader<AnsweredPhoto> = {
    async compute(bytes, path) {
      const photo = await decodePhoto(bytes, path, model.decodingSize);
      const { width, height, damage } = photo;
      return { width, height, ...(damage && { damage }), ...(await model.classify(photo, minScore)) };
    },
  };
  for await (const reading of readPhotos(photos, reader)) {
    yield 'error' in reading ? reading : { path: reading.path, ...reading.photo };
  }
}
