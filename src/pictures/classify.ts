/** RECIPE: what is in a photo? */

import type { WhosinError } from '../errors.ts';
import { isPhotoFault, readPhotoFile } from '../learn/read-photos.ts';
import { decodePhoto } from '../runtime/decode.ts';
import type { PictureAnswer, PictureClassifier } from './classifier.ts';

export type ClassifiedPhoto =
  | (PictureAnswer & { readonly path: string; readonly width: number; readonly height: number })
  | { readonly path: string; readonly error: WhosinError };

export interface ClassifyOptions {
  /** Labels and objects below it are left out; by default 0, and 0.3 for objects. */
  readonly minScore?: number;
}

/** What the model says of every photo. A photo that cannot be read is reported, not thrown. */
export async function* classify(
  paths: AsyncIterable<string> | Iterable<string>,
  model: PictureClassifier,
  { minScore }: ClassifyOptions = {},
): AsyncGenerator<ClassifiedPhoto> {
  for await (const path of paths) {
    try {
      const photo = await decodePhoto(await readPhotoFile(path), path);
      const { width, height } = photo;
      yield { path, width, height, ...(await model.classify(photo, minScore)) };
    } catch (error) {
      // Anything else is a fault of whosin or of the machine, not of this photo.
      if (!isPhotoFault(error)) throw error;
      yield { path, error };
    }
  }
}
