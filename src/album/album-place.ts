/** The place of an album: by a name among the albums of this user, in a file of its own, or in a database. */

import { basename, isAbsolute, join, resolve } from 'node:path';
import { isPostgres } from '../catalog/postgres-address.ts';
import type { Config } from '../config.ts';
import { WhosinError } from '../errors.ts';

const defaultName = 'default';

/** Throws `usage` where a name could leave the folder of albums. */
export function albumPlace(where: string | undefined, { albums }: Pick<Config, 'albums'>): string {
  const given = where ?? defaultName;
  if (isPostgres(given)) return given;
  const isFile = isAbsolute(given) || given.endsWith('.db') || basename(given) !== given;
  if (isFile && given !== '') return resolve(given);
  if (given === '' || given.startsWith('.')) {
    throw new WhosinError('usage', `"${given}" cannot name an album: give a name, or the path of a file.`);
  }
  return join(albums, given, 'album.db');
}
