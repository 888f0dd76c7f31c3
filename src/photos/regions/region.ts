/** People in a photo, as its own data and the files beside it name them. */

import type { Box, Size } from '../../core/geometry.ts';
import type { XmpItem } from './xmp.ts';

/** Who defined the form in which a region is written. */
export type RegionStandard = 'mwg' | 'microsoft' | 'iptc' | 'picasa';

/** A place in the picture as it is stored, before it is turned upright. */
export interface StoredRegion {
  readonly name: string | null;
  /** `Face`, `Pet`, `Focus`, `BarCode` or whatever the file calls it; null if it does not. Only a `Face` is a person's face. */
  readonly type: string | null;
  readonly box: Box<'ratio'>;
  readonly standard: RegionStandard;
}

/** A place in the upright photo. */
export interface Region extends StoredRegion {
  /** The file that has it: the photo, a sidecar, or Picasa's list of the folder. */
  readonly file: string;
}

/** A name of a photo without a place. */
export interface NameHint {
  readonly name: string;
  /** Whether it is a person's for certain, or a keyword that may be one. */
  readonly kind: 'person' | 'keyword';
  /** The field, such as `PersonInImage` or `dc:subject`. */
  readonly field: string;
  readonly file: string;
}

/** Something that may hold names and could not be understood. */
export interface UnreadNames {
  readonly file: string;
  /** Reads on from the file: "its XML is damaged …". */
  readonly reason: string;
}

/** The part that one file has. */
export interface FoundNames<R extends StoredRegion = StoredRegion> {
  readonly regions: readonly R[];
  readonly hints: readonly Omit<NameHint, 'file'>[];
  /** Reasons. */
  readonly unread: readonly string[];
  /** Whether it speaks of regions at all: a list of none means that there are none. */
  readonly speaks: boolean;
}

/** An item of a list of regions, and what it is. */
export interface RegionItem {
  /** Undefined if it is no item of a list, but all there is. */
  readonly item?: XmpItem;
  readonly region?: StoredRegion;
  /** A name without a place. */
  readonly name?: string;
  /** Why it cannot be understood. */
  readonly reason?: string;
}

/** The picture in the file. */
export interface StoredPicture extends Size {
  /** How it is turned to be upright: EXIF's 1 to 8. */
  readonly orientation: number;
}
