/** Names of files become entries: new ones are said, those that the files have no longer are taken back. */

import { randomUUID } from 'node:crypto';
import type { Tables } from '../../catalog/catalog.ts';
import type { PathRow } from '../../catalog/paths-table.ts';
import type { SaidEntry } from '../../catalog/said.ts';
import type { Box } from '../../core/geometry.ts';
import { holdsMiddle, matchRegions } from '../../photos/regions/match-regions.ts';
import type { PhotoNames } from '../../photos/regions/read-names.ts';
import type { Region } from '../../photos/regions/region.ts';
import { entryOf, isSamePlace } from '../../photos/regions/written-names.ts';
import type { AlbumContext } from '../context.ts';
import { personNamed } from '../facts/people.ts';
import { cleanName } from '../facts/people-names.ts';
import { spokenFace } from '../facts/spoken-face.ts';
import { type Statement, writeDown } from './say.ts';
import { takeBack } from './undo.ts';

/** A photo whose names may have changed. */
export interface NamesOfPhoto {
  readonly row: PathRow;
  /** The state of the files that may hold names, as they were when they were read. */
  readonly state: string | null;
  readonly names: Pick<PhotoNames, 'regions' | 'unread'>;
}

export interface SaidNames {
  /** Faces that were said to be somebody, and names that the files have no longer. */
  readonly named: number;
  readonly withdrawn: number;
  /** Groups in which faces may no longer be one person. */
  readonly regroup: readonly number[];
}

/** A name in a file, and the face that it means. */
interface NamedFace {
  readonly name: string;
  readonly face: number;
  readonly box: Box<'ratio'>;
}

export async function sayNames(
  tables: Tables,
  album: AlbumContext,
  photos: readonly NamesOfPhoto[],
): Promise<SaidNames> {
  const people = await personFinderByName(tables);
  const statements: Statement[] = [];
  const outdated: SaidEntry[] = [];
  for (const { row, names } of await speaking(tables, photos)) {
    const [photo] = await tables.photos.byIds([row.photo!]);
    const before = await tables.said.about([photo!.sha256], 'xmp');
    const written = await tables.written.about([photo!.sha256]);
    const now = await facesNamed(tables, row.photo!, names.regions);
    const answers = await tables.answers.of(now.map(({ face }) => face));
    for (const { name, face, box } of now) {
      const person = people(name);
      // A name that stands in the file as before is no news, even if somebody has taken it back.
      const isSaid = before.some((entry) => isAbout(entry, name, box));
      const isKnown = answers.some(
        (one) => one.face === face && one.state === 'confirmed' && one.person === person.id,
      );
      // Nor is one that whosin wrote itself: it stands there until the next `album write`.
      const isOwn = entryOf(written, name, box) !== undefined;
      if (!isSaid && !isKnown && !isOwn) statements.push({ kind: 'is', person, parts: [[face]] });
    }
    // Several files may hold one photo, each with names of its own; and nothing follows from what was not understood.
    const files = (await tables.paths.ofPhotos([photo!.id])).get(photo!.id) ?? [];
    if (files.filter(({ gone }) => !gone).length === 1 && names.unread.length === 0) {
      outdated.push(
        ...before.filter((entry) => !entry.undone && !now.some(({ name, box }) => isAbout(entry, name, box))),
      );
    }
  }
  await tables.paths.namesRead(photos.map(({ row, state }) => ({ id: row.id, state })));
  const back = await takeBack(tables, album, outdated, 'xmp');
  const { regroup } = await writeDown(tables, album, statements, 'xmp');
  return { named: statements.length, withdrawn: outdated.length, regroup: [...back.regroup, ...regroup] };
}

/** Those that have names, or had some: of all others, and they are nearly all photos, there is nothing to say. */
async function speaking(tables: Tables, photos: readonly NamesOfPhoto[]): Promise<readonly NamesOfPhoto[]> {
  const rows = await tables.photos.byIds(photos.map(({ row }) => row.photo!));
  const before = await tables.said.about(
    rows.map(({ sha256 }) => sha256),
    'xmp',
  );
  const named = new Set(before.flatMap(({ faces }) => faces.map(({ sha256 }) => sha256)));
  const had = new Set(rows.filter(({ sha256 }) => named.has(sha256)).map(({ id }) => id));
  return photos.filter(({ row, names }) => names.regions.length > 0 || had.has(row.photo!));
}

function isAbout({ person, faces }: SaidEntry, name: string, box: Box<'ratio'>): boolean {
  if (person === undefined || cleanName(person.name) !== name) return false;
  return faces.some((place) => place.box !== null && isSamePlace(place.box, box));
}

/** The person whom a name means: who is called so, or was when they were named first; else somebody new. */
async function personFinderByName({
  people,
}: Tables): Promise<(name: string) => { readonly uid: string; readonly name: string; readonly id?: number }> {
  const all = await people.all();
  const living = all.filter(({ merged }) => merged === null);
  const ids = new Map(all.map(({ uid, id, merged }) => [uid, merged ?? id]));
  const first = new Map<string, string>();
  for (const { uid, name, kind } of await people.entries()) {
    if (kind !== 'rename' && kind !== 'merge' && !first.has(name)) first.set(name, uid);
  }
  return (name) => {
    const uid = personNamed(living, name)?.uid ?? first.get(name) ?? randomUUID();
    first.set(name, uid);
    const id = ids.get(uid);
    // The name that stands in the file, by which it is found again.
    return { uid, name, ...(id !== undefined && { id }) };
  };
}

/** The faces that the regions mean; where none was found, somebody has drawn one. */
async function facesNamed(tables: Tables, photo: number, regions: readonly Region[]): Promise<NamedFace[]> {
  const found = await tables.faces.ofPhotos([photo]);
  const boxes = found.map(({ box }) => box);
  const withNames = regions.flatMap(({ name, type, box }) => {
    const clean = cleanName(name ?? '');
    return clean === '' ? [] : [{ name: clean, type, box }];
  });
  const ofFaces = withNames.filter(({ type }) => type === 'Face');
  const matches = matchRegions(
    ofFaces.map(({ box }) => box),
    boxes,
  );
  const named: NamedFace[] = [];
  for (const [i, { name, box }] of ofFaces.entries()) {
    const match = matches[i] ?? null;
    const face = match === null ? await spokenFace(tables, photo, box) : found[match]!.id;
    named.push({ name, face, box });
  }
  // A frame around somebody's body names a face where only one is in it.
  for (const { name, box } of withNames.filter(({ type }) => type === 'Person')) {
    const within = found.filter((face) => holdsMiddle(box, face.box));
    const isNew = !named.some((other) => other.name === name);
    if (within.length === 1 && isNew) named.push({ name, face: within[0]!.id, box });
  }
  return named;
}
