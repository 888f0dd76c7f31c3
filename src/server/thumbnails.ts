/** Small pictures, made once and cached: the faces of a photo together, for it is read once for all of them. */

import { createHash } from 'node:crypto';
import { parseFaceKey } from '../album/facts/face-views.ts';
import type { Album } from '../album/open-album.ts';
import type { Engine } from '../engine/open-engine.ts';
import { WhosinError } from '../errors.ts';
import type { BottleneckCache } from '../photos/bottleneck-cache.ts';
import { fileOf } from './photo-file.ts';

export interface Thumbnails {
  /** A square around a face, by its key. Throws `not-found`, or why the photo cannot be read. */
  face(key: string): Promise<Uint8Array>;
  /** No longer than `side` pixels. Throws as `face` does. */
  photo(sha256: string, side: number): Promise<Uint8Array>;
}

export const faceSide = 192;

/** Its number is raised when pictures are cut otherwise: those that were made before are made again. */
const space = 'thumbnails/2';

export function openThumbnails(album: Album, engine: Engine, cache: BottleneckCache): Thumbnails {
  const making = new Map<string, Promise<ReadonlyMap<string, Uint8Array>>>();

  /** Several ask for pictures of one photo at once: they are made once. */
  const pictureOf = async (
    name: string,
    from: string,
    make: () => Promise<ReadonlyMap<string, Uint8Array>>,
  ): Promise<Uint8Array> => {
    const cached = await cache.get(space, keyOf(name));
    if (cached) return cached;
    const made = making.get(from) ?? make().finally(() => making.delete(from));
    making.set(from, made);
    const picture = (await made).get(name);
    if (picture) return picture;
    throw new WhosinError('not-found', `There is no picture of ${name}: its file is gone.`);
  };
  const keep = async (name: string, picture: Uint8Array): Promise<void> => {
    await cache.put(space, keyOf(name), picture);
  };

  const makeFaces = async (sha256: string): Promise<ReadonlyMap<string, Uint8Array>> => {
    const photo = await album.photo(sha256);
    const { faces, kind } = photo;
    const shown = faces.filter(({ path }) => path !== null);
    const made = new Map<string, Uint8Array>();
    if (shown.length === 0) return made;
    const side = faceSide;
    const pictures =
      kind === 'video'
        ? await Promise.all(shown.map(({ key }) => album.still(key)))
        : await engine.run('faceThumbnails', {
            path: await fileOf(photo),
            boxes: shown.map(({ box }) => box),
            side,
          });
    for (const [i, picture] of pictures.entries()) {
      if (picture === undefined) continue;
      made.set(shown[i]!.key, picture);
      await keep(shown[i]!.key, picture);
    }
    return made;
  };

  const makePhoto = async (
    name: string,
    sha256: string,
    side: number,
  ): Promise<ReadonlyMap<string, Uint8Array>> => {
    const shown = await album.photo(sha256);
    const { kind, faces } = shown;
    const still = kind === 'video' && faces.length > 0 ? await album.still(faces[0]!.key) : undefined;
    const picture = still ?? (await engine.run('photoThumbnail', { path: await fileOf(shown), side }));
    await keep(name, picture);
    return new Map([[name, picture]]);
  };

  return {
    async face(key) {
      const parsed = parseFaceKey(key);
      if (parsed === undefined) throw new WhosinError('not-found', `${key.slice(0, 200)} is no face.`);
      return pictureOf(key, parsed.sha256, () => makeFaces(parsed.sha256));
    },
    async photo(sha256, side) {
      const name = `${sha256} ${side}`;
      return pictureOf(name, name, () => makePhoto(name, sha256, side));
    },
  };
}

function keyOf(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}
