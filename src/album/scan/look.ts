/** RECIPE: what is new, changed, moved or gone in folders since the last look? Nothing is read that has not changed. */

import { join, relative, sep } from 'node:path';
import type { Catalog, Tables } from '../../catalog/catalog.ts';
import type { WhosinError } from '../../errors.ts';
import { type FolderListing, type ListedFile, listFolders } from '../../photos/folder-listings.ts';

export interface Looked {
  /** Files that were seen. */
  readonly files: number;
  readonly unchanged: number;
  /** To be read: new ones and changed ones. */
  readonly waiting: number;
  /** Known by their state under another path: a folder was moved. */
  readonly moved: number;
  readonly gone: number;
  readonly errors: readonly { readonly path: string; readonly error: WhosinError }[];
}

export interface LookOptions {
  readonly now: number;
  readonly signal?: AbortSignal | undefined;
  readonly onFiles?: ((files: number) => void) | undefined;
  /** Told of every folder that could be listed. */
  readonly onFolder?: ((folder: string) => void) | undefined;
}

/** Folders are compared with the catalog so many files at a time. */
const filesAtOnce = 2000;

export async function lookAtFolders(
  catalog: Catalog,
  paths: readonly string[],
  { now, signal, onFiles, onFolder }: LookOptions,
): Promise<Looked> {
  const total = { files: 0, unchanged: 0, waiting: 0, moved: 0, gone: 0 };
  const errors: Looked['errors'][number][] = [];
  const whole = new Set<string>();
  const unread: string[] = [];
  let waiting: FolderListing[] = [];
  const compare = async (): Promise<void> => {
    const found = await compareListings(catalog, waiting);
    for (const key of ['unchanged', 'waiting', 'moved', 'gone'] as const) total[key] += found[key];
    waiting = [];
    onFiles?.(total.files);
  };
  for await (const listing of listFolders(paths, { now, signal })) {
    total.files += listing.files.length + unreadable(listing).length;
    errors.push(...listing.errors);
    if (listing.whole) {
      whole.add(listing.folder);
      onFolder?.(listing.folder);
    } else unread.push(...listing.errors.map(({ path }) => path));
    waiting.push(listing);
    const files = waiting.reduce((sum, { files: own }) => sum + own.length, waiting.length * 10);
    if (files >= filesAtOnce) await compare();
  }
  await compare();
  total.gone += await loseFolders(catalog, paths, whole, unread);
  return { ...total, errors };
}

interface Difference {
  readonly listing: FolderListing;
  readonly changed: readonly ListedFile[];
  readonly gone: readonly number[];
  readonly back: readonly number[];
}

async function compareListings(
  catalog: Catalog,
  listings: readonly FolderListing[],
): Promise<Omit<Looked, 'files' | 'errors'>> {
  const total = { unchanged: 0, waiting: 0, moved: 0, gone: 0 };
  const differences = await catalog.read(async (tables) => {
    const found: Difference[] = [];
    for (const listing of listings) found.push(await differenceOf(tables, listing));
    return found;
  });
  for (const { listing, changed } of differences) {
    const again = new Set(changed);
    total.unchanged += listing.files.filter((file) => !again.has(file)).length;
  }
  const some = differences.filter(
    ({ changed, gone, back }) => changed.length + gone.length + back.length > 0,
  );
  if (some.length === 0) return total;
  await catalog.write(async (tables) => {
    for (const { listing, changed, gone, back } of some) {
      await tables.paths.setGone(gone, true);
      await tables.paths.setGone(back, false);
      await tables.paths.await(listing.folder, changed);
      const moved = await findMoved(tables, listing.folder, changed);
      total.moved += moved;
      total.waiting += changed.length - moved;
      total.gone += gone.length;
    }
  });
  return total;
}

async function differenceOf({ paths }: Tables, listing: FolderListing): Promise<Difference> {
  const known = await paths.inFolder(listing.folder);
  const changed: ListedFile[] = [];
  const back: number[] = [];
  const seen = new Set<string>();
  for (const file of [...listing.files, ...unreadable(listing)]) {
    seen.add(file.name);
    const row = known.get(file.name);
    if (row?.pending === 1 && row.gone === 0) continue;
    if (row === undefined || row.state === null || row.state !== file.state) changed.push(file);
    else if (row.gone === 1) back.push(row.id);
  }
  const gone = listing.whole
    ? [...known.values()].filter((row) => row.gone === 0 && !seen.has(row.name)).map(({ id }) => id)
    : [];
  return { listing, changed, gone, back };
}

/** Files of the folder that are there and cannot be looked at: to try to read them tells why. */
function unreadable({ folder, errors, whole }: FolderListing): ListedFile[] {
  return (whole ? errors : [])
    .map(({ path }) => relative(folder, path))
    .filter((name) => name !== '' && !name.startsWith('..') && !name.includes(sep))
    .map((name) => ({ name, state: null }));
}

async function findMoved({ paths }: Tables, folder: string, files: readonly ListedFile[]): Promise<number> {
  const photos = await paths.photosOfStates(files.flatMap(({ state }) => state ?? []));
  if (photos.size === 0) return 0;
  const rows = await paths.inFolder(folder);
  const moved = files.flatMap(({ name, state }) => {
    const photo = state === null ? undefined : photos.get(state);
    const row = rows.get(name);
    return photo === undefined || row === undefined ? [] : [{ id: row.id, photo, state }];
  });
  await paths.hold(moved);
  return moved.length;
}

/** Folders that were there once, below those that were looked through. Folders that could not be looked into are not gone. */
async function loseFolders(
  catalog: Catalog,
  paths: readonly string[],
  whole: ReadonlySet<string>,
  unread: readonly string[],
): Promise<number> {
  const roots = [...whole].filter((folder) => paths.length > 0 && !whole.has(join(folder, '..')));
  const lost = await catalog.read(async (tables) => {
    const ids: number[] = [];
    for (const root of roots) {
      for (const folder of await tables.paths.foldersBelow(root)) {
        if (whole.has(folder) || unread.some((place) => isWithin(folder, place))) continue;
        for (const row of (await tables.paths.inFolder(folder)).values())
          if (row.gone === 0) ids.push(row.id);
      }
    }
    return ids;
  });
  if (lost.length > 0) await catalog.write((tables) => tables.paths.setGone(lost, true));
  return lost.length;
}

function isWithin(folder: string, place: string): boolean {
  return folder === place || folder.startsWith(place.endsWith(sep) ? place : place + sep);
}
