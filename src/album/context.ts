/** Things that the recipes of an album share. */

import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config.ts';
import type { Faces } from '../faces/open-faces.ts';
import type { Template } from '../faces/people/likeness.ts';

export interface AlbumContext {
  readonly catalog: Catalog;
  readonly config: Config;
  /** Networks and the background model; opened where they are needed first. */
  readonly faces: () => Promise<Faces>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The user, where several share an album. */
  readonly who: string;
  readonly settings: AlbumSettings;
  /** Templates of people, each as of a revision. */
  readonly templates: Map<number, { readonly revision: number; readonly template: Template }>;
}

export interface AlbumSettings {
  /** A face gets a name without being asked about from this probability up. */
  readonly automaticFrom: number;
  /** A name is suggested from this probability up. */
  readonly suggestFrom: number;
  /** @internal for tests: albums of so many faces are grouped as a whole whenever faces come */
  readonly wholeUpTo: number;
}
