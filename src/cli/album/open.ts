/** The commands of an album share this: which album is meant, and that it is closed again. */

import { type Album, openAlbum } from '../../album/open-album.ts';
import { openFaces } from '../../faces/open-faces.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { warnNotKept } from '../terminal/output.ts';

/** For commander: the flag and what it says of itself. */
export const albumOption = [
  '--album <name>',
  'which album: a name, the path of a file such as family.db, or postgres://user@host/database (default: the one called default)',
] as const;

export interface OpenOptions {
  readonly album?: string | undefined;
  /** Make it where it is not there yet. */
  readonly create?: boolean;
}

export async function withAlbum<T>(
  { config }: Invocation,
  { album: where, create = false }: OpenOptions,
  work: (album: Album) => Promise<T>,
): Promise<T> {
  const faces = () => openFaces({ config, onCacheFailure: warnNotKept });
  const album = await openAlbum(where, { config, create, faces });
  try {
    return await work(album);
  } finally {
    await album.close();
  }
}
