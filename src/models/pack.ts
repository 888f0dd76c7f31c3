/**
 * What a network expects and returns, as data. A pack's networks all speak one language, whatever they were
 * trained with: bytes of RGB pixels in, [n, height, width, 3], and outputs as named here. The preparation of
 * the input and the decoding of boxes are part of the compiled graph, so weights never travel without them.
 */

import type { SpaceId } from '../core/embedding.ts';
import type { Point } from '../core/geometry.ts';
import type { Dimension } from './graph/writer.ts';

export interface ValueSpec {
  readonly name: string;
  readonly type: 'uint8' | 'float32';
  readonly shape: readonly Dimension[];
}

/** Where weights come from: a file inside an npm package that whosin depends on. */
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

export type WeightFile = PackagedFile | FolderFile;

/** A file in whosin's own folder `weights`. */
export interface OwnFile {
  readonly own: string;
  readonly sha256: string;
}

export interface NetworkSpec {
  readonly name: string;
  readonly input: ValueSpec;
  readonly outputs: readonly ValueSpec[];
  readonly weights: WeightFile;
  /** Where the weights lie in their file; nothing where the file itself says so. */
  readonly manifest?: PackagedFile;
  /** Raised whenever `compile` writes another graph from the same weights. */
  readonly compilerVersion: number;
  /**
   * @param manifest its text, empty where there is none
   * @param path of the weights, for messages
   */
  readonly compile: (manifest: string, weights: Uint8Array, path: string) => Uint8Array;
  /** What its values were seen to range over (graph/quantise.ts): with it the network calculates with 8 bits. */
  readonly ranges?: OwnFile;
  readonly licence: string;
  readonly source: string;
}

/** A network inside an npm package. */
export interface PackagedNetwork extends NetworkSpec {
  readonly weights: PackagedFile;
  readonly manifest: PackagedFile;
}

/** Everything needed to turn a photo into embeddings of faces. */
export interface FacePack {
  readonly name: string;
  readonly space: SpaceId;
  readonly detector: NetworkSpec;
  readonly landmarks: NetworkSpec;
  readonly landmarkPoints: LandmarkPoints;
  /** What each of them sees is joined into one embedding. */
  readonly embedders: readonly FaceEmbedder[];
  /** The fitted two-covariance model of the space: a file in whosin's own folder `weights`, or one of an added pack. */
  readonly background: string | FolderFile;
}

/** A pack that comes with whosin, background and all. */
export interface PackagedFacePack extends FacePack {
  readonly detector: PackagedNetwork;
  readonly landmarks: PackagedNetwork;
  readonly embedders: readonly (FaceEmbedder & { readonly network: PackagedNetwork })[];
  readonly background: string;
}

/** What the landmark network takes and gives: x, y and depth of each point in pixels of its input, and presence. */
export interface LandmarkPoints {
  /** Side of the square that it takes, in pixels. */
  readonly chip: number;
  /** Middle of the forehead's upper edge, and tip of the chin: upright, one lies above the other. */
  readonly forehead: number;
  readonly chin: number;
  /** Those that are kept of every face, in this order. */
  readonly kept: readonly number[];
}

export interface FaceEmbedder {
  readonly network: NetworkSpec;
  /** The face as the network gets to see it; the directions of all looks are averaged. */
  readonly looks: readonly Look[];
  /** Of the squared length of the joined embedding; all embedders' add up to 1. */
  readonly share: number;
}

export interface Look {
  readonly alignment: Alignment;
  readonly mirrored: boolean;
}

/** How a face is laid onto the chip that the embedder was trained with. */
export interface Alignment {
  /** Side of the chip in pixels. */
  readonly chip: number;
  /** Indices into the landmarks; of several, the mean of those is the point. */
  readonly points: readonly (number | readonly number[])[];
  /** Where those points lie on the chip, in pixels. */
  readonly targets: readonly Point[];
}
