/** The facts needed to find or embed faces with an ONNX file: inferred from the file once, stored in its `pack.json`. */

import type { Size } from '../core/geometry.ts';
import type { Preparation } from './graph/tensorflow/preparation.ts';
import type { Dimension } from './graph/writer.ts';

export type EmbedderFamily = 'arcface' | 'sface';

export interface EmbedderParts {
  readonly family: EmbedderFamily;
  readonly input: string;
  readonly output: string;
  /** Values of an embedding. */
  readonly size: number;
  /** Faces that the graph takes at once: any number, or the one that it was written for. */
  readonly batch: Dimension;
  readonly preparation: Preparation;
}

/** The side of the aligned face, in pixels. */
export const embedderSide = 112;

export interface YunetParts {
  readonly input: string;
  /** Photos that the graph takes at once: any number, or the one that it was written for. */
  readonly batch: Dimension;
  /** The canvas that it takes, in pixels; nothing if any will do whose sides are multiples of 32. */
  readonly canvas?: Size;
}

/** Pixels between the anchors of each of YuNet's maps. */
export const yunetStrides = [8, 16, 32] as const;

/** How many boxes come of a canvas. */
export function yunetAnchors({ width, height }: Size): number {
  return yunetStrides.reduce((sum, stride) => sum + (width / stride) * (height / stride), 0);
}
