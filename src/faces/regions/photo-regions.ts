/** RECIPE: photos → the names they carry: in the file, in sidecars and in Picasa's lists. */

import type { Size } from '../../core/geometry.ts';
import { type Failure, failure, stopIfAborted, WhosinError } from '../../errors.ts';
import { contentOf } from '../../photos/photo-content.ts';
import { type PhotoInput, type PhotoSource, photoList, photoSource } from '../../photos/photo-input.ts';
import { turnedSize } from '../../photos/regions/orientation.ts';
import { type PhotoNames, readNames } from '../../photos/regions/read-names.ts';
import { type PicasaLists, picasaLists } from '../../photos/regions/sidecars.ts';
import { type PhotoMetadata, readPhotoMetadata } from '../../runtime/photo-metadata.ts';

/** The names that a photo carries. */
export interface PhotoRegions extends PhotoNames, Size {
  readonly kind: 'regions';
  readonly path: string;
  /** How the stored picture is turned to be upright: EXIF's 1 to 8. Boxes are in the upright photo. */
  readonly orientation: number;
}

export interface RegionsOptions {
  readonly signal?: AbortSignal;
}

/** One answer for each photo, in order. Files beside a photo are looked for only if it is a file itself. */
export async function* readRegions(
  photos: AsyncIterable<PhotoInput> | Iterable<PhotoInput>,
  { signal }: RegionsOptions = {},
): AsyncGenerator<PhotoRegions | Failure> {
  const lists = picasaLists();
  let number = 0;
  for await (const photo of photoList(photos)) {
    stopIfAborted(signal);
    const source = photoSource(photo, ++number);
    try {
      yield await regionsOf(source, lists);
    } catch (error) {
      if (!(error instanceof WhosinError)) throw error;
      yield failure(source.path, error);
    }
  }
}

async function regionsOf(source: PhotoSource, lists: PicasaLists): Promise<PhotoRegions> {
  const { path } = source;
  if (source.kind === 'pixels') {
    const { width, height } = source.pixels;
    return { kind: 'regions', path, width, height, orientation: 1, regions: [], hints: [], unread: [] };
  }
  const { packets, picture } = await metadataOf(source);
  const names = await readNames(path, { packets, picture }, source.kind === 'file' ? lists : undefined);
  const { orientation } = picture;
  return { kind: 'regions', path, ...turnedSize(picture, orientation), orientation, ...names };
}

async function metadataOf(source: Exclude<PhotoSource, { kind: 'pixels' }>): Promise<PhotoMetadata> {
  const known =
    source.kind === 'file' ? await readPhotoMetadata(source.path).catch(() => undefined) : undefined;
  // A photo that the quick way cannot read is a BMP, or has a reason that the bytes tell.
  return known ?? readPhotoMetadata((await contentOf(source)).bytes, source.path);
}
