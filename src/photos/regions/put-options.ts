/** Names that are put into files, and the changes that they make there. */

import type { Box } from '../../core/geometry.ts';
import type { StoredPicture } from './region.ts';
import type { NewRegion } from './region-lists.ts';
import type { WrittenName } from './written-names.ts';

/** A face, in the stored picture. */
export interface NamedPlace {
  readonly name: string;
  readonly box: Box<'ratio'>;
}

export interface NameChange {
  /** Null: the name that stood there is taken out. */
  readonly name: string | null;
  /** The name that the face had there; null if it had none; undefined if it was not there. */
  readonly was?: string | null;
}

export interface PutOptions {
  readonly picture: StoredPicture;
  /** Whether a name that stands at a face's place may be changed: only names that are known are. */
  readonly mayChange: (name: string) => boolean;
  /** Regions that are read from elsewhere now, and would be hidden by these. */
  readonly carried?: readonly NewRegion[];
  /** Names that whosin wrote there before, in the stored picture. Those that hold no longer go. */
  readonly written?: readonly WrittenName[];
  /** Faces whose names stay if they are there, and are not put in. */
  readonly kept?: readonly NamedPlace[];
  /** Names are put among the keywords too. */
  readonly keywords?: boolean;
}
