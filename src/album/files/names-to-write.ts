/** The names that belong into or beside photos of an album: those of confirmed faces. */

import type { Tables } from '../../catalog/catalog.ts';
import type { PersonRow } from '../../catalog/people-table.ts';
import type { WrittenInFile } from '../../catalog/written-table.ts';
import type { Box, Size } from '../../core/geometry.ts';
import { groupedBy } from '../../core/grouped.ts';
import type { PutOptions } from '../../photos/regions/put-options.ts';
import type { AlbumContext } from '../context.ts';
import { readNamesOfFiles } from '../said/read-names.ts';
import { follow } from '../said/say.ts';
import { chosenFiles } from '../views/photo-files-of-album.ts';

interface NamedFace {
  readonly name: string;
  /** In the upright photo. */
  readonly box: Box<'ratio'>;
}

/** A file, the names of the confirmed faces in it, and those that whosin has written before. */
export interface NamesToWrite {
  readonly path: string;
  readonly sha256: string;
  /** The size of the upright photo. */
  readonly size: Size;
  readonly faces: readonly NamedFace[];
  /** Faces of people who are hidden: their names stay where they stand. */
  readonly hidden: readonly NamedFace[];
  /** Names that whosin wrote before, into this file or beside it. */
  readonly written: readonly WrittenInFile[];
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

/** Files with confirmed faces, and those into which whosin wrote names before. */
async function filesWithNames(tables: Tables, wanted: ReadonlySet<string>): Promise<NamesToWrite[]> {
  const people = new Map((await tables.people.all()).map((person) => [person.id, person]));
  const ofPhotos = new Map<number, { readonly face: number; readonly who: PersonRow }[]>();
  for await (const answers of tables.answers.each()) {
    for (const { face, photo, state, person } of answers) {
      const who = state === 'confirmed' ? people.get(person!) : undefined;
      if (who) ofPhotos.set(photo, [...(ofPhotos.get(photo) ?? []), { face, who }]);
    }
  }
  const known = new Set((await tables.people.entries()).map(({ name }) => name));
  for (const { shown, name } of people.values()) known.add(shown).add(name);
  const hashes = await tables.written.photos();
  for (const { id } of await tables.photos.bySha256(hashes)) if (!ofPhotos.has(id)) ofPhotos.set(id, []);
  const written = groupedBy(await tables.written.about(hashes), ({ sha256 }) => sha256);
  const found: NamesToWrite[] = [];
  const paths = await tables.paths.ofPhotos([...ofPhotos.keys()]);
  for (const photo of await tables.photos.byIds([...ofPhotos.keys()])) {
    if (photo.kind !== 'photo') continue;
    const confirmed = ofPhotos.get(photo.id)!;
    const ids = confirmed.map(({ face }) => face);
    const corrected = await tables.mentions.boxesOf(ids);
    const boxes = new Map<number, Box<'ratio'>>();
    for (const { id, box } of await tables.faces.byIds(ids)) boxes.set(id, corrected.get(id) ?? box);
    const named = confirmed.map(({ face, who }) => ({ name: who.shown, box: boxes.get(face)!, who }));
    const own = written.get(photo.sha256) ?? [];
    const said = await tables.said.about([photo.sha256], 'xmp');
    const mayChange = new Set([...said.map(({ person }) => person?.name), ...own.map(({ name }) => name)]);
    for (const { path, gone } of paths.get(photo.id) ?? []) {
      if (gone || !wanted.has(path)) continue;
      found.push({
        path,
        sha256: photo.sha256,
        size: photo,
        faces: named.filter(({ who }) => who.hidden === 0),
        hidden: named.filter(({ who }) => who.hidden === 1),
        written: own,
        mayChange: (name) => known.has(name) || mayChange.has(name),
      });
    }
  }
  return found.filter(({ faces, written: before }) => faces.length > 0 || before.length > 0);
}
