/** Everything said about faces and people: the source of truth. The machine never writes it. */

import type { Box } from '../core/geometry.ts';

/**
 * - `is`, `is-not`, `not-sure`: the faces and a person; `not-sure` may name none
 * - `not-a-face`, `stranger`: the faces
 * - `same`: the faces are one person
 * - `different`: faces of two parts are different people
 * - `split`: the faces are several people: those of part 1, who are the person, if one is given; those of each later part,
 *   who are not; and those of part 0, which go with the part that they are more like
 * - `collage`: the photo shows people more than once
 * - `box`: the face of part 0 has the place of part 1
 * - `rename`, `merge`, `hide`, `show`: a person
 * - `born`, `died`: a person, and the date
 * - `cover`: a person, and the face that shows them in lists
 * - `undo`: takes another entry back
 */
export type SaidKind =
  | 'is'
  | 'is-not'
  | 'not-sure'
  | 'not-a-face'
  | 'stranger'
  | 'same'
  | 'different'
  | 'split'
  | 'collage'
  | 'box'
  | 'rename'
  | 'merge'
  | 'hide'
  | 'show'
  | 'born'
  | 'died'
  | 'cover'
  | 'undo';

/** The later one goes before the earlier one, in every album that holds both, in whatever order it got them. */
export function inOrder(
  a: { readonly at: number; readonly uid: string },
  b: { readonly at: number; readonly uid: string },
): number {
  return a.at - b.at || (a.uid < b.uid ? -1 : a.uid > b.uid ? 1 : 0);
}

/** Its origin. A person's answer, here or through a program, goes before names in files. */
export type SaidSource = 'person' | 'api' | 'xmp' | 'folder';

/** A face by its place, which stays whatever machine looks at the photo. */
export interface FacePlace {
  /** The sha256 of the file's content. */
  readonly sha256: string;
  /** Null: the whole photo. */
  readonly box: Box<'ratio'> | null;
  /** Seconds, in a video. */
  readonly time: number | null;
}

export interface SaidFace extends FacePlace {
  readonly part: number;
  /** The machine's answer until then: the uid of a person, and the probability. */
  readonly was?: { readonly person: string; readonly probability: number };
  /** Its row, where that is known already. */
  readonly face?: number;
}

export interface Said {
  /** The same in every copy of the album. */
  readonly uid: string;
  /** Milliseconds since 1970; of what is said in one album, each later than the one before, whatever the clock does. */
  readonly at: number;
  /** The user, where several share an album; else empty. */
  readonly who: string;
  readonly source: SaidSource;
  readonly kind: SaidKind;
  /** A uid, and the name that was used; for `rename` the new one, for `merge` that of the other person. */
  readonly person?: { readonly uid: string; readonly name: string };
  /** For `merge`: the uid of the person whom `person` is. */
  readonly other?: string;
  /** For `undo`: the uid of an entry. */
  readonly undoes?: string;
  /** For `born` and `died`: `2015-03-02`, `2015-03` or `2015`; empty: it is not known. */
  readonly date?: string;
  readonly faces: readonly SaidFace[];
}

/** As it stands in the catalog. */
export interface SaidEntry extends Said {
  /** Counts up. */
  readonly id: number;
  readonly undone: boolean;
}
