/** The commands of an album share this: which album is meant, who speaks, and that it is closed again. */

import { userInfo } from 'node:os';
import { type Album, openAlbum } from '../../album/open-album.ts';
import { isPostgres } from '../../catalog/postgres-address.ts';
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
  /** Whoever says things in it; the user of the command if left out. */
  readonly who?: string;
}

export async function withAlbum<T>(
  { config }: Invocation,
  { album: where, create = false, who = speakerIn(where) }: OpenOptions,
  work: (album: Album) => Promise<T>,
): Promise<T> {
  const faces = () => openFaces({ config, onCacheFailure: warnNotKept });
  const album = await openAlbum(where, { config, create, faces, who });
  try {
    return await work(album);
  } finally {
    await album.close();
  }
}

/** The log of a database, which several people share, names them; a file has one owner, who needs no name there. */
function speakerIn(where: string | undefined): string {
  const given = process.env['WHOSIN_USER']?.trim();
  if (given) return given;
  if (where === undefined || !isPostgres(where)) return '';
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user whom its system does not know.
    return '';
  }
}
