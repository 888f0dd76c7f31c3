/** RECIPE: what does the album know of one photo or video? */

import { WhosinError } from '../errors.ts';
import type { AlbumContext } from './context.ts';
import { type AlbumFace, withAnswers } from './face-list.ts';

export interface AlbumPhoto {
  readonly sha256: string;
  readonly kind: 'photo' | 'video';
  readonly bytes: number;
  /** Pixels, upright. */
  readonly width: number;
  readonly height: number;
  /** Seconds, in a video. */
  readonly duration: number | null;
  /** `2019-07-04T18:30:00`, as clocks showed it there. */
  readonly taken: string | null;
  readonly camera: string | null;
  /** Files that hold it and are there. */
  readonly paths: readonly string[];
  /** Degrees; null if the file does not store it. */
  readonly place: { readonly latitude: number; readonly longitude: number } | null;
  /** From the left; in a video by the time at which they are first seen. */
  readonly faces: readonly AlbumFace[];
}

/** @throws WhosinError `not-found` */
export async function albumPhoto({ catalog }: AlbumContext, sha256: string): Promise<AlbumPhoto> {
  return catalog.read(async (tables) => {
    const [row] = await tables.photos.bySha256([sha256]);
    if (row === undefined) throw new WhosinError('not-found', `This album has no photo ${sha256}.`);
    const files = (await tables.paths.ofPhotos([row.id])).get(row.id) ?? [];
    const faces = await withAnswers(tables, await tables.answers.inPhotos([row.id]));
    const { kind, bytes, width, height, duration, taken, camera, latitude, longitude } = row;
    return {
      sha256,
      kind,
      bytes,
      width,
      height,
      duration,
      taken,
      camera,
      paths: files.filter(({ gone }) => !gone).map(({ path }) => path),
      place: latitude === null || longitude === null ? null : { latitude, longitude },
      faces: faces
        .filter(({ state }) => state !== 'not-a-face')
        .toSorted((a, b) => (a.time ?? 0) - (b.time ?? 0) || a.box.left - b.box.left),
    };
  });
}
