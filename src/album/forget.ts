/** RECIPE: photos leave the album: those whose files are gone, or those that are named. The files are not touched. */

import { resolve } from 'node:path';
import type { Tables } from '../catalog/catalog.ts';
import type { PathRow } from '../catalog/paths-table.ts';
import { WhosinError } from '../errors.ts';
import type { AlbumContext } from './context.ts';
import { settlePeople } from './facts/settle.ts';
import { learn } from './naming/learn.ts';

export interface ForgetOptions {
  /** Everything said about the photos goes too, for ever; else it waits for them to come back. */
  readonly said?: boolean;
}

export interface Forgotten {
  readonly files: number;
  /** Photos that no other file of the album holds, and their faces. */
  readonly photos: number;
  readonly faces: number;
}

/** @param what files and folders by their paths, or all files that are gone. Throws `not-found` where it names nothing */
export async function forget(
  album: AlbumContext,
  what: readonly string[] | 'gone',
  { said = false }: ForgetOptions = {},
): Promise<Forgotten> {
  const forgotten = await album.catalog.write(async (tables) => {
    const files = what === 'gone' ? await tables.paths.find('gone') : await filesAt(tables, what);
    await tables.paths.remove(files.map(({ id }) => id));
    const photos = await tables.photos.withoutPath();
    const faces = await tables.faces.ofPhotos(photos.map(({ id }) => id));
    const answers = await tables.answers.of(faces.map(({ id }) => id));
    const hashes = photos.map(({ sha256 }) => sha256);
    await tables.photos.remove(photos.map(({ id }) => id));
    if (said) {
      await tables.said.forget(hashes);
      await tables.written.forget(hashes);
    }
    await tables.groups.touch([...new Set(answers.flatMap(({ grp }) => grp ?? []))]);
    await tables.people.touch([...new Set(answers.flatMap(({ person }) => person ?? []))]);
    await settlePeople(tables);
    return { files: files.length, photos: photos.length, faces: faces.length };
  });
  await learn(album);
  // Who wants to have something forgotten wants it gone from the disk.
  await album.catalog.scrub();
  return forgotten;
}

async function filesAt({ paths }: Tables, given: readonly string[]): Promise<PathRow[]> {
  const all = new Map<number, PathRow>();
  for (const path of given.map((one) => resolve(one))) {
    const below = await paths.foldersBelow(path);
    const rows = [...(await paths.find([path]))];
    for (const folder of below) rows.push(...(await paths.inFolder(folder)).values());
    if (rows.length === 0) throw new WhosinError('not-found', `This album has nothing at ${path}.`);
    for (const row of rows) all.set(row.id, row);
  }
  return [...all.values()];
}
