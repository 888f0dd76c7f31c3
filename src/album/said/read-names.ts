/** RECIPE: the names that files of the album carry are said, as known from files. Nothing is said twice. */

import { join, resolve } from 'node:path';
import type { Tables } from '../../catalog/catalog.ts';
import type { PathRow } from '../../catalog/paths-table.ts';
import { readRegions } from '../../faces/regions/photo-regions.ts';
import { isVideo } from '../../photos/photo-files.ts';
import { namesStates } from '../../photos/regions/names-state.ts';
import { readNames } from '../../photos/regions/read-names.ts';
import type { UnreadNames } from '../../photos/regions/region.ts';
import { picasaLists } from '../../photos/regions/sidecars.ts';
import type { AlbumContext } from '../context.ts';
import { type NamesOfPhoto, type SaidNames, sayNames } from './say-names.ts';

export interface NamesRead extends SaidNames {
  readonly unread: readonly UnreadNames[];
}

/** Photos whose names are written down at once. */
const photosAtOnce = 200;

/** @param paths as `add` takes them */
export async function readNamesOfFiles(
  album: AlbumContext,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<NamesRead> {
  const total = { named: 0, withdrawn: 0 };
  const unread: UnreadNames[] = [];
  const regroup = new Set<number>();
  for (const { folder, rows } of await album.catalog.read((tables) => filesBelow(tables, paths))) {
    const states = await namesStates(folder, rows, album.now());
    const changed = rows.filter(({ name, names }) => names === null || names !== states.get(name));
    for (let at = 0; at < changed.length; at += photosAtOnce) {
      const some = changed.slice(at, at + photosAtOnce);
      const read = await namesOf(album, folder, some, signal);
      const part = some.map((row, i) => ({ row, state: states.get(row.name) ?? null, names: read[i]! }));
      const said = await album.catalog.write((tables) => sayNames(tables, album, part));
      total.named += said.named;
      total.withdrawn += said.withdrawn;
      for (const group of said.regroup) regroup.add(group);
      unread.push(...part.flatMap(({ names }) => names.unread));
    }
  }
  return { ...total, unread, regroup: [...regroup] };
}

interface FilesOfFolder {
  readonly folder: string;
  readonly rows: readonly PathRow[];
}

async function filesBelow({ paths }: Tables, given: readonly string[]): Promise<FilesOfFolder[]> {
  const found = new Map<string, PathRow[]>();
  const mayHaveNames = ({ photo, pending, gone, name }: PathRow): boolean =>
    photo !== null && pending === 0 && gone === 0 && !isVideo(name);
  for (const path of given.map((one) => resolve(one))) {
    for (const folder of await paths.foldersBelow(path)) {
      found.set(folder, [...(await paths.inFolder(folder)).values()].filter(mayHaveNames));
    }
    const folder = resolve(path, '..');
    const own = (await paths.find([path])).filter(mayHaveNames);
    const before = found.get(folder) ?? [];
    const fresh = own.filter(({ id }) => !before.some((row) => row.id === id));
    if (fresh.length > 0) found.set(folder, [...before, ...fresh]);
  }
  return [...found].map(([folder, rows]) => ({ folder, rows }));
}

/** One for each row, in order. All at once: photos of one folder share Picasa's list, which may be long. */
async function namesOf(
  { catalog }: AlbumContext,
  folder: string,
  rows: readonly PathRow[],
  signal: AbortSignal | undefined,
): Promise<NamesOfPhoto['names'][]> {
  const names: NamesOfPhoto['names'][] = [];
  const paths = rows.map(({ name }) => join(folder, name));
  const lists = picasaLists();
  for await (const photo of readRegions(paths, signal ? { signal } : {})) {
    if (photo.kind === 'regions') {
      names.push(photo);
      continue;
    }
    // Its own data cannot be had; what lies beside it can, and the catalog knows the size.
    const { photo: id } = rows[names.length]!;
    const [known] = await catalog.read((tables) => tables.photos.byIds([id!]));
    const picture = { width: known!.width, height: known!.height, orientation: 1 };
    names.push(await readNames(photo.path, { packets: [], picture }, lists));
  }
  return names;
}
