/** Photos counted by each further condition, as databases count them. */

import { sql } from 'kysely';

/** How many photos there are for each. */
export interface FacetCounts {
  readonly people: readonly { readonly person: number; readonly photos: number }[];
  /** Four digits, the earliest first. */
  readonly years: readonly { readonly year: string; readonly photos: number }[];
  readonly folders: readonly { readonly folder: number; readonly photos: number }[];
  /** Photos that lie in several folders, with each of them. */
  readonly inSeveral: readonly { readonly photo: number; readonly folder: number }[];
  /** With a face that nobody has a name for. */
  readonly unknown: number;
  /** By the number of faces in them. */
  readonly faces: readonly { readonly faces: number; readonly photos: number }[];
  readonly media: readonly { readonly kind: 'photo' | 'video'; readonly photos: number }[];
}

/** PostgreSQL gives whole numbers as texts. */
type Counted<T> = T & { readonly photos: number | string };

export const photosOf = sql<number | string>`count(*)`.as('photos');

export interface FacetRows {
  readonly people: readonly Counted<{ readonly person: number }>[];
  readonly years: readonly Counted<{ readonly year: string | null }>[];
  readonly kinds: readonly Counted<{ readonly kind: 'photo' | 'video' }>[];
  readonly faces: readonly Counted<{ readonly faces: number; readonly unknown: number }>[];
  readonly folders: readonly Counted<{ readonly folder: number }>[];
}

export function facetCounts({
  people,
  years,
  kinds,
  faces,
  folders,
}: FacetRows): Omit<FacetCounts, 'inSeveral'> {
  return {
    people: people.map(({ person, photos }) => ({ person, photos: Number(photos) })),
    years: summed(
      years.filter(({ year }) => year !== null),
      ({ year }) => year!,
    ).map(([year, photos]) => ({ year, photos })),
    folders: folders.map(({ folder, photos }) => ({ folder, photos: Number(photos) })),
    unknown: faces.reduce((sum, { unknown, photos }) => sum + (unknown > 0 ? Number(photos) : 0), 0),
    faces: summed(faces, (row) => row.faces)
      .filter(([n]) => n > 0)
      .map(([n, photos]) => ({ faces: n, photos })),
    media: summed(kinds, ({ kind }) => kind).map(([kind, photos]) => ({ kind, photos })),
  };
}

function summed<R, K>(rows: readonly Counted<R>[], key: (row: R) => K): [K, number][] {
  const sums = new Map<K, number>();
  for (const row of rows) sums.set(key(row), (sums.get(key(row)) ?? 0) + Number(row.photos));
  return [...sums];
}
