/** Networks that are not carried along, but fetched from where their makers keep them. */

import type { Bottleneck, PictureInput } from './picture-pack.ts';

interface Pullable {
  readonly name: string;
  readonly licence: string;
  readonly source: string;
  readonly address: string;
}

/** A file inside an archive. Archives lay their files out as retrain.py's --model_dir wants them. */
export interface ArchiveMember {
  readonly path: string;
  /** Set if it is known; else the sum of the first pull is stored, and every later pull must have it. */
  readonly sha256?: string;
}

/** An archive that holds a TensorFlow graph and its labels. */
export interface PullablePicture extends Pullable {
  readonly kind: 'picture';
  /** The sha256 of the archive. */
  readonly sha256?: string;
  readonly graph: ArchiveMember;
  /** One label a line, or the two files of Inception v3. */
  readonly labels: readonly ArchiveMember[];
  readonly input: PictureInput;
  readonly bottleneck: Bottleneck;
  readonly scores: { readonly node: string };
}

/** An ONNX file. */
export interface PullableFaceModel extends Pullable {
  readonly kind: 'face-detector' | 'face-embedder';
  readonly sha256: string;
}

export type PullablePack = PullablePicture | PullableFaceModel;
