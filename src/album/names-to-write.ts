/** The names that belong into or beside photos of an album: those of confirmed faces. */

import type { Tables } from '../catalog/catalog.ts';
import type { Box, Size } from '../core/geometry.ts';
import type { PutOptions } from '../photos/regions/put-names.ts';
import type { AlbumContext } from './context.ts';
import { chosenFiles } from './photo-files-of-album.ts';
import { readNamesOfFiles } from './read-names.ts';
import { follow } from './say.ts';

/** A file, and the names of the confirmed faces in it. */
export interface NamesToWrite {
  readonly path: string;
  readonly sha256: string;
  /** The size of the upright photo. */
  readonly size: Size;
  readonly faces: readonly { readonly name: string; readonly box: Box<'ratio'> }[];
  readonly mayChange: PutOptions['mayChange'];
}

/**
 * Names that others have written since the last look are known before anything is changed.
 *
 * @param given files and folders of the album; all of it if left out. Throws `cancelled`, `not-found`
 */
export async function namesToWrite(
  album: AlbumContext,
  given: readonly string[] | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly NamesToWrite[]> {
  const wanted = await album.catalog.read((tables) => chosenFiles(tables, given));
  const { regroup } = await readNamesOfFiles(album, wanted, signal);
  await follow(album, regroup);
  return album.catalog.read((tables) => filesWithNames(tables, new Set(wanted)));
}

/** Files with confirmed faces of people who are not hidden. */
async function filesWithNames(tables: Tables, wanted: ReadonlySet<string>): Promise<NamesToWrite[]> {
  const people = new Map((await tables.people.all()).map((person) => [person.id, person]));
  const ofPhotos = new Map<number, { readonly face: number; readonly name: string }[]>();
  for await (const answers of tables.answers.each()) {
    for (const { face, photo, state, person } of answers) {
      const who = state === 'confirmed' ? people.get(person!) : undefined;
      if (who === undefined || who.hidden === 1) continue;
      ofPhotos.set(photo, [...(ofPhotos.get(photo) ?? []), { face, name: who.shown }]);
    }
  }
  const known = new Set((await tables.people.entries()).map(({ name }) => name));
  for (const { shown, name } of people.values()) known.add(shown).add(name);
  const found: NamesToWrite[] = [];
  const paths = await tables.paths.ofPhotos([...ofPhotos.keys()]);
  for (const photo of await tables.photos.byIds([...ofPhotos.keys()])) {
    if (photo.kind !== 'photo') continue;
    const named = ofPhotos.get(photo.id)!;
    const ids = named.map(({ face }) => face);
    const corrected = await tables.mentions.boxesOf(ids);
    const boxes = new Map<number, Box<'ratio'>>();
    for (const { id, box } of await tables.faces.byIds(ids)) boxes.set(id, corrected.get(id) ?? box);
    const said = await tables.said.about([photo.sha256], 'xmp');
    const read = new Set(said.map(({ person }) => person?.name));
    for (const { path, gone } of paths.get(photo.id) ?? []) {
      if (gone || !wanted.has(path)) continue;
      found.push({
        path,
        sha256: photo.sha256,
        size: photo,
        faces: named.map(({ face, name }) => ({ name, box: boxes.get(face)! })),
        mayChange: (name) => known.has(name) || read.has(name),
      });
    }
  }
  return found;
}
