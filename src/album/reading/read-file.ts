/** One file becomes what the catalog keeps of it: its faces or tracks, and when, where and with what it was taken. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FoundFace } from '../../catalog/faces-table.ts';
import type { NewPhoto } from '../../catalog/photos-table.ts';
import type { Config } from '../../config.ts';
import { scaleBox, toRatio } from '../../core/geometry.ts';
import { WhosinError } from '../../errors.ts';
import type { PhotoFaces } from '../../faces/find/face.ts';
import type { Faces } from '../../faces/open-faces.ts';
import { placedBy } from '../../faces/people/likeness.ts';
import { stateOf } from '../../photos/folder-listings.ts';
import { requirePhotoSize } from '../../photos/photo-content.ts';
import { isVideo, notAFile } from '../../photos/photo-files.ts';
import { readMetadata, type Taken, takenByFile } from '../../photos/photo-metadata.ts';
import { refusal } from '../../photos/unreadable.ts';
import { readPhotoMetadata } from '../../runtime/photo-metadata.ts';
import { readTracks } from '../../video/read-tracks.ts';
import { poolFaces } from '../../video/track.ts';
import { boxAt } from '../../video/tracklet.ts';
import { type BoxAt, boxOnce } from '../facts/same-places.ts';

/** A file's content by its hash, and how the file was then. */
export interface HashedFile {
  readonly sha256: string;
  readonly bytes: number;
  /** Null where it may change again unseen. */
  readonly state: string | null;
  readonly modified: Date;
}

export interface ReadFace extends FoundFace {
  readonly boxAt: BoxAt;
}

export interface ReadRecord {
  readonly photo: NewPhoto;
  readonly faces: readonly ReadFace[];
}

/** Throws `not-found`, `not-a-photo` or `photo-too-large`, or what the signal says. */
export async function hashFile(path: string, now: number, signal?: AbortSignal): Promise<HashedFile> {
  try {
    const before = await stat(path, { bigint: true });
    if (!before.isFile()) throw notAFile(path, before);
    if (!isVideo(path)) requirePhotoSize(path, Number(before.size));
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      signal?.throwIfAborted();
      hash.update(chunk as Buffer);
    }
    const after = await stat(path, { bigint: true });
    const [first, last] = [stateOf(before, now), stateOf(after, now)];
    return {
      sha256: hash.digest('hex'),
      bytes: Number(after.size),
      state: first === last ? last : null,
      modified: new Date(Number(after.mtimeMs)),
    };
  } catch (error) {
    if (error instanceof WhosinError || signal?.aborted) throw error;
    throw WhosinError.about('not-found', path, `cannot be read: ${refusal(path, error)}`, error);
  }
}

/** @param photo what was found in it */
export async function photoRecord(
  path: string,
  { sha256, bytes, modified }: HashedFile,
  photo: PhotoFaces,
  faces: Faces,
): Promise<ReadRecord> {
  const { width, height, perceptualHash } = photo;
  const header = await readPhotoMetadata(path).catch(() => undefined);
  const { taken, place, camera } = readMetadata(header?.exif);
  const size = { width, height };
  return {
    photo: {
      sha256,
      kind: 'photo',
      bytes,
      width,
      height,
      duration: null,
      phash: perceptualHash,
      ...takenRow(taken ?? takenByFile(modified)),
      latitude: place?.latitude ?? null,
      longitude: place?.longitude ?? null,
      camera,
      recipe: faces.reader.recipe,
    },
    faces: photo.faces.map(({ box, score, quality, embedding }) => {
      const ratio = toRatio(box, size);
      return {
        box: ratio,
        boxAt: boxOnce({ box: ratio, time: null }),
        score,
        quality,
        time: null,
        ...placedBy(faces.background, embedding.values),
        embedding: embedding.values,
        still: null,
        seen: [],
      };
    }),
  };
}

/** @throws WhosinError why it cannot be read as a video; `cancelled` */
export async function videoRecord(
  path: string,
  { sha256, bytes, modified }: HashedFile,
  faces: Faces,
  config: Config,
  signal?: AbortSignal,
): Promise<ReadRecord> {
  const { video, tracks, scale } = await readTracks(path, faces, config, { ...(signal && { signal }) });
  const { width, height, duration } = video;
  return {
    photo: {
      sha256,
      kind: 'video',
      bytes,
      width,
      height,
      duration,
      phash: null,
      ...takenRow(takenByFile(modified)),
      latitude: null,
      longitude: null,
      camera: null,
      recipe: faces.reader.recipe,
    },
    faces: tracks.flatMap(({ from, to, sightings, faces: seen, still }) => {
      const whereAt: BoxAt = (time) => {
        const box = time === null ? undefined : boxAt(sightings, time);
        return box && toRatio(scaleBox(box, scale), video);
      };
      const box = whereAt(still.time);
      if (box === undefined) return [];
      const { embedding, quality } = poolFaces(seen);
      return {
        box,
        boxAt: whereAt,
        score: quality,
        quality,
        time: { from, to, at: still.time },
        ...placedBy(faces.background, embedding.values),
        embedding: embedding.values,
        still: still.jpeg,
        seen: sightings.map((sighting) => ({
          time: sighting.time,
          box: toRatio(scaleBox(sighting.box, scale), video),
        })),
      };
    }),
  };
}

function takenRow({ wall, offset, from }: Taken): Pick<NewPhoto, 'taken' | 'taken_offset' | 'taken_from'> {
  return { taken: wall, taken_offset: offset, taken_from: from };
}
