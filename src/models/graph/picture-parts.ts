/** The facts that are needed to put pictures into a network that came without a manual. */

import type { Preparation } from './tensorflow/preparation.ts';

/** The facts that the person gave; the rest is inferred from the graph. */
export interface KnownParts {
  readonly input?: string | undefined;
  /** In pixels. */
  readonly size?: { readonly width: number; readonly height: number } | undefined;
  readonly preparation?: Preparation | undefined;
  readonly output?: string | undefined;
  readonly bottleneck?: string | undefined;
  readonly crop?: 'centre' | 'none' | undefined;
  /** The order of the channels, where the range is inferred. */
  readonly order?: 'rgb' | 'bgr' | undefined;
  /** The side of the pictures in pixels, as a file beside the model has it; counts if the graph itself leaves it free. */
  readonly side?: number | undefined;
}

/** The source of a fact: the person, the graph, what lies beside it, the family of the network, or nowhere. */
export type Ground = 'given' | 'file' | 'metadata' | 'guess' | `family ${string}`;

export interface Grounds {
  readonly size: Ground;
  readonly range: Ground;
  readonly crop?: Ground;
  readonly labels?: Ground;
}

export interface PictureParts {
  readonly input: string;
  readonly size: { readonly width: number; readonly height: number };
  readonly preparation: Preparation;
  readonly output: string;
  /** The output is not probabilities yet. */
  readonly logits: boolean;
  readonly bottleneck?: string;
  readonly crop?: 'centre';
  readonly grounds: Grounds;
}

/** By the names that people know them by; values from 0 to 255 become (x − mean) · scale. */
export const preparations = {
  /** TensorFlow's networks: from −1 to 1. */
  '-1..1': { mean: [127.5, 127.5, 127.5], scale: 1 / 127.5 },
  '0..1': { mean: [0, 0, 0], scale: 1 / 255 },
  '0..255': { mean: [0, 0, 0], scale: 1 },
  /** Caffe's networks: blue first, minus the mean colour of ImageNet. */
  caffe: { mean: [103.939, 116.779, 123.68], scale: 1, order: 'bgr' },
  /** PyTorch's networks: https://pytorch.org/vision/stable/models.html */
  imagenet: {
    mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
    scale: [1 / (0.229 * 255), 1 / (0.224 * 255), 1 / (0.225 * 255)],
  },
} as const satisfies Record<string, Preparation>;
