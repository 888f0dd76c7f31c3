/** A query to an album, as a tree. */

export type Query =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Query[] }
  | { readonly kind: 'not'; readonly of: Query }
  /** `confirmed`: a name that somebody gave counts, and no other. */
  | { readonly kind: 'person'; readonly name: string; readonly confirmed: boolean; readonly ages?: Ages }
  /** All of these are in the photo, and nobody else. */
  | { readonly kind: 'only'; readonly names: readonly string[] }
  | { readonly kind: 'faces'; readonly least: number; readonly most: number | null }
  /** Somebody is in the photo whom nobody has named. */
  | { readonly kind: 'unknown' }
  /** From a moment on, and before another one, as clocks showed it there: `2019-07`. Null: no bound. */
  | { readonly kind: 'taken'; readonly from: string | null; readonly until: string | null }
  /** In a folder of this name, or below it. */
  | { readonly kind: 'folder'; readonly name: string }
  | { readonly kind: 'media'; readonly media: 'photo' | 'video' };

/** Full years, both included. */
export interface Ages {
  readonly least: number;
  readonly most: number;
}
