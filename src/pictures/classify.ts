/** RECIPE: what is in a photo? */

import type { Damage } from '../core/damage.ts';
import type { Failure } from '../errors.ts';
import type { PhotoInput, PhotoPixels } from '../photos/photo-input.ts';
import { type PhotoReader, type ReadOptions, readPhotos } from '../photos/read-photos.ts';
import { decodePhoto } from '../runtime/decode.ts';
import { withFile } from '../runtime/file-memory.ts';
import type { PictureAnswer, PictureClassifier } from './classifier.ts';

export type AnsweredPhoto = PictureAnswer & {
  readonly width: number;
  readonly height: number;
  /** Only of a photo that is damaged and was read as far as it goes. */
  readonly damage?: Damage;
};

export type ClassifiedPhoto = (AnsweredPhoto & { readonly kind: 'photo'; readonly path: string }) | Failure;

export interface ClassifyOptions extends ReadOptions {
  /** Labels and objects below it are left out; by default 0, and 0.3 for objects. */
  readonly minScore?: number;
}

/**
 * The model's answer for every photo, in order. A photo that cannot be read is reported, not thrown.
 *
 * @throws WhosinError `usage` for what is no photo, `cancelled`
 */
export async function* classify(
  photos: AsyncIterable<PhotoInput> | Iterable<PhotoInput>,
  model: PictureClassifier,
  { minScore, ...options }: ClassifyOptions = {},
): AsyncGenerator<ClassifiedPhoto> {
  const answer = async (photo: PhotoPixels & { readonly damage?: Damage }): Promise<AnsweredPhoto> => {
    const { width, height, damage } = photo;
    return { width, height, ...(damage && { damage }), ...(await model.classify(photo, minScore)) };
  };
  const reader: PhotoReader<AnsweredPhoto> = {
    compute: async (bytes, path) => answer(await decodePhoto(bytes, path, model.decodingSize)),
    computePixels: answer,
    withFile,
  };
  for await (const reading of readPhotos(photos, reader, undefined, options)) {
    yield reading.kind === 'failure' ? reading : { kind: 'photo', path: reading.path, ...reading.photo };
  }
}
