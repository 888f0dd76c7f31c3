/** Files that networks are made of: where they lie, and the sum that they are held to. */

/** A file inside an npm package that whosin depends on. */
export interface PackagedFile {
  readonly package: string;
  readonly path: string;
  readonly sha256: string;
}

/** A file that was pulled, or that the person has. */
export interface FolderFile {
  readonly folder: string;
  readonly path: string;
  readonly sha256: string;
}

/** A file in whosin's own folder `weights`. */
export interface OwnFile {
  readonly own: string;
  readonly sha256: string;
}

export type WeightFile = PackagedFile | FolderFile | OwnFile;
