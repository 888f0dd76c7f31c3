/** RECIPE: what is in a photo? */

import type { WhosinError } from '../errors.ts';
import { decodePhoto, type Photo } from '../runtime/decode.ts';
import { isPhotoFault, readPhotoFile } from '../runtime/photo-file.ts';
import type { Classification, PictureModel } from './picture-model.ts';

export type ClassifiedPhoto =
  | (Classification & { readonly path: string; readonly width: number; readonly height: number })
  | { readonly path: string; readonly error: WhosinError };

export interface ClassifyOptions {
  /** Labels and objects below it are left out; by default 0, and 0.3 for objects. */
  readonly minScore?: number;
}

/** While one photo runs through the network the next ones are read and decoded. */
const ahead = 2;

type Opened =
  | { readonly path: string; readonly photo: Photo }
  | { readonly path: string; readonly error: WhosinError };

/** What the model says of every photo, in order. A photo that cannot be read is reported, not thrown. */
export async function* classify(
  paths: AsyncIterable<string> | Iterable<string>,
  model: PictureModel,
  { minScore }: ClassifyOptions = {},
): AsyncGenerator<ClassifiedPhoto> {
  const answer = async (opened: Opened): Promise<ClassifiedPhoto> => {
    if ('error' in opened) return opened;
    const { path, photo } = opened;
    return { path, width: photo.width, height: photo.height, ...(await model.classify(photo, minScore)) };
  };
  const pending: Promise<Opened>[] = [];
  for await (const path of paths) {
    const opened = open(path);
    // A failure is thrown when its turn comes; until then it must not count as unhandled.
    opened.catch(() => {});
    pending.push(opened);
    if (pending.length > ahead) yield answer(await pending.shift()!);
  }
  for (const opened of pending) yield answer(await opened);
}

async function open(path: string): Promise<Opened> {
  try {
    return { path, photo: await decodePhoto(await readPhotoFile(path), path) };
  } catch (error) {
    // Anything else is a fault of whosin or of the machine, not of this photo.
    if (!isPhotoFault(error)) throw error;
    return { path, error };
  }
}
