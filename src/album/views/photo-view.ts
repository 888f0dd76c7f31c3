/** RECIPE: what does the album know of a photo or video, or of all of them? */

import type { Tables } from '../../catalog/catalog.ts';
import type { PhotoRow } from '../../catalog/photos-table.ts';
import { groupedBy } from '../../core/grouped.ts';
import { WhosinError } from '../../errors.ts';
import type { AlbumContext } from '../context.ts';
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

const photosAtOnce = 500;

/** @throws WhosinError `not-found` */
export async function albumPhoto({ catalog }: AlbumContext, sha256: string): Promise<AlbumPhoto> {
  return catalog.read(async (tables) => {
    const [row] = await tables.photos.bySha256([sha256]);
    if (row === undefined) throw new WhosinError('not-found', `This album has no photo ${sha256}.`);
    return (await photoViews(tables, [row]))[0]!;
  });
}

/** All that a file still holds, in the order in which the album got them. */
export async function* albumPhotos({ catalog }: AlbumContext): AsyncGenerator<AlbumPhoto> {
  const ids = (await catalog.read((tables) => tables.photos.all())).map(({ id }) => id);
  for (let at = 0; at < ids.length; at += photosAtOnce) {
    const views = await catalog.read(async (tables) => {
      const rows = await tables.photos.byIds(ids.slice(at, at + photosAtOnce));
      return photoViews(
        tables,
        rows.toSorted((a, b) => a.id - b.id),
      );
    });
    yield* views.filter(({ paths }) => paths.length > 0);
  }
}

async function photoViews(tables: Tables, rows: readonly PhotoRow[]): Promise<AlbumPhoto[]> {
  const ids = rows.map(({ id }) => id);
  const files = await tables.paths.ofPhotos(ids);
  const answers = (await tables.answers.inPhotos(ids)).filter(({ state }) => state !== 'not-a-face');
  const faces = groupedBy(await withAnswers(tables, answers), ({ key }) => key.split('@')[0]!);
  return rows.map(
    ({ id, sha256, kind, bytes, width, height, duration, taken, camera, latitude, longitude }) => ({
      sha256,
      kind,
      bytes,
      width,
      height,
      duration,
      taken,
      camera,
      paths: (files.get(id) ?? []).filter(({ gone }) => !gone).map(({ path }) => path),
      place: latitude === null || longitude === null ? null : { latitude, longitude },
      faces: (faces.get(sha256) ?? []).toSorted(
        (a, b) => (a.time ?? 0) - (b.time ?? 0) || a.box.left - b.box.left,
      ),
    }),
  );
}
