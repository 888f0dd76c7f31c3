/** Photos in folders, for programs. */

import { walkPhotos } from './photo-files.ts';

/**
 * The photos among files, folders and glob patterns, as the commands find them: paths to give to `identify` and others.
 * A path that cannot be found is yielded too, so that it becomes an answer of `kind: 'failure'`.
 */
export async function* photosIn(paths: readonly string[]): AsyncGenerator<string> {
  for await (const { path } of walkPhotos(paths)) yield path;
}
