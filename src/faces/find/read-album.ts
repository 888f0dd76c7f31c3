/** The faces of many photos, one after another. */

import { describeDamage, trustIn } from '../../core/damage.ts';
import type { BottleneckCache } from '../../photos/bottleneck-cache.ts';
import type { Dataset } from '../../photos/dataset.ts';
import type { PhotoSource } from '../../photos/photo-source.ts';
import {
  type DatasetReading as AnyReading,
  readDatasetPhotos,
  type SkippedPhoto,
} from '../../photos/read-dataset.ts';
import { type PhotoReader, type ReadPhoto, readOnePhoto, readPhotos } from '../../photos/read-photos.ts';
import { decodePhotoFaces, encodePhotoFaces, type Face, type PhotoFaces } from './face.ts';
import type { FaceReader } from './read-faces.ts';

/** A photo that was read, or the reason why it was not. */
export type Reading = ReadPhoto<PhotoFaces>;

/** Yields one reading for each photo, in order. */
export function readAlbum(
  photos: AsyncIterable<PhotoSource> | Iterable<PhotoSource>,
  reader: FaceReader,
  cache: BottleneckCache,
): AsyncGenerator<Reading> {
  return readPhotos(photos, photoReader(reader), cache);
}

export function readPhoto(photo: PhotoSource, reader: FaceReader, cache: BottleneckCache): Promise<Reading> {
  return readOnePhoto(photo, photoReader(reader), cache);
}

function photoReader(reader: FaceReader): PhotoReader<PhotoFaces> {
  return {
    compute: (bytes, path) => reader.readFile(bytes, path),
    atOnce: reader.atOnce,
    requireOpen: reader.requireOpen,
    kept: {
      recipe: reader.recipe,
      encode: encodePhotoFaces,
      decode: (bytes) => decodePhotoFaces(bytes, reader.space),
    },
  };
}

/** The photos of a dataset that show a face, with the label of their folder; no face that damage touches. */
export interface DatasetReading extends Omit<AnyReading<PhotoFaces>, 'photos'> {
  readonly photos: readonly (PhotoFaces & {
    readonly path: string;
    readonly person: string;
    readonly sha256: string;
  })[];
  /** Of those, the ones that are damaged; the reason reads on from the path. */
  readonly damaged: readonly SkippedPhoto[];
}

export async function readDataset(
  dataset: Dataset,
  reader: FaceReader,
  cache: BottleneckCache,
  onPhoto?: (done: number, total: number) => void,
): Promise<DatasetReading> {
  const reading = await readDatasetPhotos(dataset, photoReader(reader), cache, {
    onPhoto,
    refuse(photo) {
      if (photo.faces.length === 0) return 'shows no face that could be found';
      return wholeFaces(photo).length === 0 ? `is ${damageIn(photo)}, and so is each face in it` : undefined;
    },
  });
  return {
    ...reading,
    photos: reading.photos.map(({ label, ...photo }) => ({
      ...photo,
      faces: wholeFaces(photo),
      person: label,
    })),
    damaged: reading.photos
      .filter(({ damage }) => damage !== undefined)
      .map((photo) => ({ path: photo.path, reason: `is ${damageIn(photo)}` })),
  };
}

function wholeFaces({ faces, damage }: PhotoFaces): readonly Face[] {
  return damage ? faces.filter(({ box }) => trustIn(box, damage) === 1) : faces;
}

function damageIn(photo: PhotoFaces): string {
  return photo.damage ? describeDamage(photo.damage, photo) : 'whole';
}
