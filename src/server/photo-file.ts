/** The file of a photo or video of the album, as it was read: what lies in its place now may be another. */

import { realpath, stat } from 'node:fs/promises';
import type { AlbumPhoto } from '../album/views/photo-view.ts';
import { WhosinError } from '../errors.ts';

/** The first that is there and has as many bytes as were read. Throws `not-found`. */
export async function fileOf({ paths, bytes }: Pick<AlbumPhoto, 'paths' | 'bytes'>): Promise<string> {
  for (const path of paths) {
    const real = await realpath(path).catch(() => undefined);
    const info = real === undefined ? undefined : await stat(real).catch(() => undefined);
    if (real !== undefined && info?.isFile() && info.size === bytes) return real;
  }
  throw new WhosinError('not-found', 'The file is no longer there, or has changed since the album read it.');
}
