/** RECIPE: with what could a search go on? For each further condition, how many of the photos found are left. */

import { sep } from 'node:path';
import type { FacetCounts } from '../../catalog/facet-counts.ts';
import { groupedBy } from '../../core/grouped.ts';
import type { AlbumContext } from '../context.ts';
import { quotedName } from '../query/quoted-name.ts';
import { type FindOptions, understood } from './find.ts';

export interface Facet {
  /** As somebody reads it. */
  readonly label: string;
  /** The condition, as a part of a query. */
  readonly query: string;
  /** So many of the photos and videos found are left. */
  readonly photos: number;
}

export interface Facets {
  readonly total: number;
  /** Nobody who is hidden; the most frequent first, as are folders. */
  readonly people: readonly Facet[];
  /** The latest first. */
  readonly years: readonly Facet[];
  readonly folders: readonly Facet[];
  /** Faces without a name, numbers of faces, videos. */
  readonly others: readonly Facet[];
}

/** More than somebody looks through. */
const most = 40;

/** Numbers of faces that are offered. */
const faceCounts = [1, 2, 3, 5, 10];

/** @throws WhosinError as `find` does */
export async function facetsOf(
  { catalog }: AlbumContext,
  text: string,
  { confirmed = false }: Pick<FindOptions, 'confirmed'> = {},
): Promise<Facets> {
  return catalog.read(async (tables) => {
    const { condition, people, folders, named } = await understood(tables, text, confirmed);
    const counts = await tables.facets.count(condition, named);
    const shown = new Map(
      people.filter(({ hidden }) => hidden === 0).map((person) => [person.id, person.shown]),
    );
    const paths = new Map(folders.map(({ id, path }) => [id, path]));
    const total = counts.media.reduce((sum, { photos }) => sum + photos, 0);
    return {
      total,
      people: frequent(
        counts.people.flatMap(({ person, photos }) => {
          const label = shown.get(person);
          return label === undefined ? [] : [{ label, query: quotedName(label), photos }];
        }),
      ),
      years: counts.years.map(({ year, photos }) => ({ label: year, query: year, photos })).toReversed(),
      // A folder that holds all of them tells nothing apart.
      folders: frequent(byName(counts, paths).filter(({ photos }) => photos < total)),
      others: othersOf(counts),
    };
  });
}

function frequent(facets: readonly Facet[]): Facet[] {
  return facets.toSorted((a, b) => b.photos - a.photos || (a.label < b.label ? -1 : 1)).slice(0, most);
}

/** Folders of one name are one to a search, with all that lies below them; capital letters do not matter. */
function byName({ folders, inSeveral }: FacetCounts, paths: ReadonlyMap<number, string>): Facet[] {
  const sums = new Map<string, number>();
  const labels = new Map<string, string>();
  const add = (name: string, photos: number): void => {
    const key = folded(name);
    if (!labels.has(key)) labels.set(key, name);
    sums.set(key, (sums.get(key) ?? 0) + photos);
  };
  const foldersNamed = (folder: number): string[] => {
    const names = paths.get(folder)!.split(sep).filter(Boolean);
    return [...new Map(names.map((name) => [folded(name), name])).values()];
  };
  for (const { folder, photos } of folders) for (const name of foldersNamed(folder)) add(name, photos);
  // A photo in two folders below one of this name is one photo.
  for (const own of groupedBy(inSeveral, ({ photo }) => photo).values()) {
    const names = own.flatMap(({ folder }) => foldersNamed(folder));
    const times = groupedBy(names, folded);
    for (const [name, all] of times) add(name, 1 - all.length);
  }
  return [...sums].flatMap(([key, photos]) => {
    const label = labels.get(key)!;
    return label.includes('"') ? [] : { label, query: `in "${label}"`, photos };
  });
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function othersOf({ unknown, faces, media }: FacetCounts): Facet[] {
  const atLeast = (least: number): number =>
    faces.reduce((sum, { faces: n, photos }) => sum + (n >= least ? photos : 0), 0);
  const total = media.reduce((sum, { photos }) => sum + photos, 0);
  const videos = media.find(({ kind }) => kind === 'video')?.photos ?? 0;
  const all: Facet[] = [
    { label: 'unknown faces', query: 'unknown', photos: unknown },
    ...faceCounts.slice(1).map((least) => ({
      label: `at least ${least} faces`,
      query: `at least ${least} faces`,
      photos: atLeast(least),
    })),
    { label: 'no faces', query: 'no faces', photos: total - atLeast(1) },
    { label: 'videos', query: 'videos', photos: videos },
  ];
  return all.filter(({ photos }) => photos > 0);
}
