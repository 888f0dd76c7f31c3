/** The faces of many photos, one after another. */

import { describeDamage, trustIn } from '../../core/damage.ts';
import type { BottleneckCache } from '../../photos/bottleneck-cache.ts';
import type { Dataset } from '../../photos/dataset.ts';
import type { PhotoInput } from '../../photos/photo-input.ts';
import {
  type Contents,
  type DatasetReading,
  type SkippedPhoto,
  usablePhotos,
} from '../../photos/read-dataset.ts';
import {
  type PhotoReader,
  type PhotoReading,
  type ReadOptions,
  readOnePhoto,
  readPhotos,
} from '../../photos/read-photos.ts';
import { withFile } from '../../runtime/file-memory.ts';
import { atWorkingSize } from '../../runtime/working-size.ts';
import { decodePhotoFaces, encodePhotoFaces, type Face, type PhotoFaces } from './face.ts';
import type { FaceReader } from './read-faces.ts';

/** A photo that was read, or the reason why it was not. */
export type FaceReading = PhotoReading<PhotoFaces>;

/** Yields one reading for each photo, in order; throws as `readPhotos` does. */
export function readAlbum(
  photos: AsyncIterable<PhotoInput> | Iterable<PhotoInput>,
  reader: FaceReader,
  cache: BottleneckCache,
  options?: ReadOptions,
): AsyncGenerator<FaceReading> {
  return readPhotos(photos, photoReader(reader), cache, options);
}

export function readPhoto(
  photo: PhotoInput,
  reader: FaceReader,
  cache: BottleneckCache,
): Promise<FaceReading> {
  return readOnePhoto(photo, photoReader(reader), cache);
}

export function photoReader(reader: FaceReader): PhotoReader<PhotoFaces> {
  return {
    compute: reader.readFile,
    computePixels: async (pixels) => reader.read(await atWorkingSize(pixels)),
    atOnce: reader.atOnce,
    withFile,
    requireOpen: reader.requireOpen,
    kept: {
      recipe: reader.recipe,
      encode: encodePhotoFaces,
      decode: (bytes) => decodePhotoFaces(bytes, reader.space),
    },
  };
}

/** The photos of a dataset that show a face, with the person whom their folder names; no face that damage touches. */
export interface PeopleReading extends Omit<DatasetReading<PhotoFaces>, 'photos'> {
  readonly photos: readonly PersonPhoto[];
  /** Those of them that are damaged; the reason reads on from the path. */
  readonly damaged: readonly SkippedPhoto[];
}

export interface PersonPhoto extends PhotoFaces {
  readonly path: string;
  readonly person: string;
  readonly sha256: string;
}

export function peopleIn(dataset: Dataset, contents: Contents<PhotoFaces>): PeopleReading {
  const reading = usablePhotos(dataset, contents, (photo) => {
    if (photo.faces.length === 0) return 'shows no face that could be found';
    return wholeFaces(photo).length === 0 ? `is ${damageIn(photo)}, and so is each face in it` : undefined;
  });
  return {
    ...reading,
    photos: reading.photos.map(({ label, ...photo }) => ({
      ...photo,
      faces: wholeFaces(photo),
      person: label,
    })),
    damaged: damagedAmong(reading.photos),
  };
}

export function damagedAmong(photos: readonly (PhotoFaces & { readonly path: string })[]): SkippedPhoto[] {
  return photos
    .filter(({ damage }) => damage !== undefined)
    .map((photo) => ({ path: photo.path, reason: `is ${damageIn(photo)}` }));
}

/** The faces that damage does not touch. */
export function wholeFaces({ faces, damage }: PhotoFaces): readonly Face[] {
  return damage ? faces.filter(({ box }) => trustIn(box, damage) === 1) : faces;
}

function damageIn(photo: PhotoFaces): string {
  return photo.damage ? describeDamage(photo.damage, photo) : 'whole';
}
