/** The files of an album that a person means. */

import { join, resolve } from 'node:path';
import type { Tables } from '../../catalog/catalog.ts';
import { WhosinError } from '../../errors.ts';

/** @param given files and folders; all files of photos that are there if left out. Throws `not-found` if one names nothing */
export async function chosenFiles({ paths, photos }: Tables, given?: readonly string[]): Promise<string[]> {
  if (given === undefined) {
    const all = (await photos.all()).map(({ id }) => id);
    return [...(await paths.ofPhotos(all)).values()].flatMap((files) =>
      files.flatMap(({ path, gone }) => (gone ? [] : [path])),
    );
  }
  const found: string[] = [];
  for (const path of given.map((one) => resolve(one))) {
    const below = await paths.foldersBelow(path);
    const own = (await paths.find([path])).length > 0 ? [path] : [];
    for (const folder of below)
      for (const name of (await paths.inFolder(folder)).keys()) own.push(join(folder, name));
    if (own.length === 0) throw new WhosinError('not-found', `This album has nothing at ${path}.`, { path });
    found.push(...own);
  }
  return [...new Set(found)];
}
