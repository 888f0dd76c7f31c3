/** The networks that find and embed faces together, as plain data. */

import type { SpaceId } from '../core/embedding.ts';
import type { Point } from '../core/geometry.ts';
import type { NetworkSpec, PackagedNetwork } from './network.ts';
import type { FolderFile, OwnFile } from './weight-file.ts';

/** Everything needed to turn a photo into embeddings of faces. */
export interface FacePack {
  readonly name: string;
  readonly space: SpaceId;
  readonly detector: NetworkSpec;
  /** Looks at a photo in which the detector is sure of no face. */
  readonly secondDetector?: NetworkSpec | undefined;
  readonly landmarks: NetworkSpec;
  /** BlazeFace: its six points settle where a face from the side lies if the landmark network does not see it. */
  readonly sixPoints?: NetworkSpec | undefined;
  readonly landmarkPoints: LandmarkPoints;
  /** The outputs of all of them are joined into one embedding. */
  readonly embedders: readonly FaceEmbedder[];
  /** The direction of the space in which faces of animals lie; without it, they are as present as they seem. */
  readonly animals?: OwnFile | undefined;
  /** The fitted two-covariance model of the space. */
  readonly background: OwnFile | FolderFile;
}

/** A pack that comes with whosin, background and all. */
export interface PackagedFacePack extends FacePack {
  readonly detector: PackagedNetwork;
  readonly landmarks: PackagedNetwork;
  readonly embedders: readonly (FaceEmbedder & { readonly network: PackagedNetwork })[];
  readonly animals: OwnFile;
  readonly background: OwnFile;
}

/** The input and output of the landmark network: x, y and depth of each point in pixels of its input, and presence. */
export interface LandmarkPoints {
  /** Side of the square that it takes, in pixels. */
  readonly chip: number;
  /** Middle of the forehead's upper edge, and tip of the chin: upright, one lies above the other. */
  readonly forehead: number;
  readonly chin: number;
  /** Left and right eye as they lie in the picture, tip of the nose, middle of the mouth, left and right ear. */
  readonly six: readonly PointOfFace[];
  /** Those that are kept of every face, in this order. */
  readonly kept: readonly number[];
}

export interface FaceEmbedder {
  readonly network: NetworkSpec;
  /** The face as the network gets to see it; the directions of all looks are averaged. */
  readonly looks: readonly ChipLook[];
  /** These as well at a face from the side. */
  readonly sideLooks?: readonly ChipLook[];
  /** The share of the squared length of the joined embedding; all embedders' add up to 1. */
  readonly share: number;
  /** The share if the face is seen from the side. */
  readonly sideShare?: number;
  /** The embedder's values are never negative, and are evened out by this power: see `evenedOut`. */
  readonly power?: number;
}

export interface ChipLook {
  readonly alignment: Alignment;
  readonly mirrored: boolean;
}

/** An index into the landmarks; of several, the mean of those is the point. */
export type PointOfFace = number | readonly number[];

/** How a face is laid onto the chip that the embedder was trained with. */
export interface Alignment {
  /** Side of the chip in pixels. */
  readonly chip: number;
  readonly points: readonly PointOfFace[];
  /** The places of those points on the chip, in pixels. */
  readonly targets: readonly Point[];
}
