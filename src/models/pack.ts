/**
 * What a network expects and returns, as data. A pack's networks all speak one language, whatever they were
 * trained with: bytes of RGB pixels in, [n, height, width, 3], and outputs as named here. The preparation of
 * the input and the decoding of boxes are part of the compiled graph, so weights never travel without them.
 */

import type { SpaceId } from '../core/embedding.ts';
import type { Point } from '../core/geometry.ts';
import type { Weights } from './graph/weights-manifest.ts';
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

export interface NetworkSpec {
  readonly name: string;
  readonly input: ValueSpec;
  readonly outputs: readonly ValueSpec[];
  readonly weights: PackagedFile;
  readonly manifest: PackagedFile;
  /** Raised whenever `compile` writes another graph from the same weights. */
  readonly compilerVersion: number;
  readonly compile: (weights: Weights) => Uint8Array;
  readonly licence: string;
  readonly source: string;
}

/** Everything needed to turn a photo into embeddings of faces. */
export interface FacePack {
  readonly name: string;
  readonly space: SpaceId;
  readonly detector: NetworkSpec;
  readonly landmarks: NetworkSpec;
  readonly embedder: NetworkSpec;
  readonly landmarkPoints: LandmarkPoints;
  readonly alignment: Alignment;
  /** The fitted two-covariance model of the space: a file in whosin's own folder `weights`. */
  readonly background: string;
}

export interface LandmarkPoints {
  /** How a face lies upright in the landmark network's input. */
  readonly upright: Alignment;
  /** For each point, the one that takes its place in the mirror image. */
  readonly mirrored: readonly number[];
}

/** How a face is laid onto the chip that the embedder was trained with. */
export interface Alignment {
  /** Side of the chip in pixels. */
  readonly chip: number;
  /** Indices into the landmarks. */
  readonly points: readonly number[];
  /** Where those points lie on the chip, in pixels. */
  readonly targets: readonly Point[];
}
