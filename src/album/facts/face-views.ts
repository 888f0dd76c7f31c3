/** Faces as somebody looks at them: in which file, and where in it. */

import type { Tables } from '../../catalog/catalog.ts';
import type { CatalogFace } from '../../catalog/faces-table.ts';
import type { Box } from '../../core/geometry.ts';
import type { PhotoTime } from './lives.ts';

export interface FaceView {
  /** Names the face for as long as the photo exists: the photo's sha256 and the place in it. */
  readonly key: string;
  /** A file that shows it; null where there is none any more. */
  readonly path: string | null;
  readonly kind: 'photo' | 'video';
  readonly box: Box<'ratio'>;
  /** Seconds, in a video. */
  readonly time: number | null;
  /** As clocks showed it there. */
  readonly taken: string | null;
  /** Somebody drew it, or named it in the file: the machine sees no face there. */
  readonly drawn: boolean;
}

export interface IdentifiedView extends FaceView {
  readonly face: number;
  readonly photoTime: PhotoTime;
}

/** In the order of the ids; faces that are no longer there are left out. */
export async function faceViews(tables: Tables, ids: readonly number[]): Promise<IdentifiedView[]> {
  const faces = new Map((await tables.faces.byIds(ids)).map((face) => [face.id, face]));
  const photoIds = [...new Set([...faces.values()].map(({ photo }) => photo))];
  const photos = new Map((await tables.photos.byIds(photoIds)).map((photo) => [photo.id, photo]));
  const paths = await tables.paths.ofPhotos(photoIds);
  const boxes = await tables.mentions.boxesOf(ids);
  return ids.flatMap((id) => {
    const face = faces.get(id);
    if (face === undefined) return [];
    const photo = photos.get(face.photo)!;
    const { sha256, kind, taken } = photo;
    const path = paths.get(face.photo)?.find(({ gone }) => !gone)?.path ?? null;
    const { time } = face;
    const box = boxes.get(id) ?? face.box;
    return {
      face: id,
      photoTime: photo,
      key: faceKey(sha256, { box, time }),
      path,
      kind,
      box,
      time: time?.at ?? null,
      taken,
      drawn: face.origin === 'said',
    };
  });
}

/** `sha256@left,top,width,height`, in a video with `@seconds` behind it. */
function faceKey(sha256: string, { box, time }: Pick<CatalogFace, 'box' | 'time'>): string {
  const place = [box.left, box.top, box.width, box.height].map((value) => value.toFixed(4)).join(',');
  return `${sha256}@${place}${time === null ? '' : `@${time.at.toFixed(2)}`}`;
}

const keyPattern = /^([0-9a-f]{64})@(-?[\d.]+),(-?[\d.]+),([\d.]+),([\d.]+)(?:@([\d.]+))?$/;

/** The meaning of a key; undefined if it is none. */
export function parseFaceKey(
  key: string,
): { readonly sha256: string; readonly box: Box<'ratio'>; readonly time: number | null } | undefined {
  const [, sha256, left, top, width, height, time] = keyPattern.exec(key) ?? [];
  if (sha256 === undefined) return undefined;
  const box = { left: Number(left), top: Number(top), width: Number(width), height: Number(height) };
  return { sha256, box, time: time === undefined ? null : Number(time) };
}
