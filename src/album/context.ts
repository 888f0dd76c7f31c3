/** Things that the recipes of an album share. */

import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config.ts';
import type { Faces } from '../faces/open-faces.ts';
import type { PersonPlace, StagedTemplate } from '../faces/people/likeness.ts';
import type { ReadQueue } from '../jobs/read-queue.ts';
import type { GroupPlaces } from './grouping/group-places.ts';

export interface AlbumContext {
  readonly catalog: Catalog;
  readonly config: Config;
  /** Networks and the background model; opened where they are needed first. */
  readonly faces: () => Promise<Faces>;
  /** The queue that the album shares with workers; undefined if it is a file. */
  readonly queue: () => Promise<ReadQueue | undefined>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The user, where several share an album. */
  readonly who: string;
  /** They may take back what they said themselves, and nothing else. */
  readonly ownWordsOnly?: boolean;
  readonly settings: AlbumSettings;
  /** People that were compared with faces before, and those of them whose places are not stored yet. */
  readonly known: Map<number, KnownPerson>;
  readonly unstored: Set<number>;
  /** Consequences that are being drawn, and those that are drawn next. */
  readonly learning: { current: Promise<void>; next: Promise<number> | undefined };
  /** Groups as they are compared with a person who gets a name. */
  readonly places: GroupPlaces;
}

/** A person as they were at a revision. */
export interface KnownPerson {
  readonly revision: number;
  readonly template: StagedTemplate;
  readonly place: PersonPlace;
}

export interface AlbumSettings {
  /** A face gets a name without being asked about from this probability up. */
  readonly automaticFrom: number;
  /** A name is suggested from this probability up. */
  readonly suggestFrom: number;
  /** @internal for tests: albums of so many faces are grouped as a whole whenever faces come */
  readonly wholeUpTo: number;
}
