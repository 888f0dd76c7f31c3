/** Compiles the weights of face-api, whose architectures are written in code here. */

import { writeDetector } from './face-api-detector.ts';
import { writeEmbedder } from './face-api-embedder.ts';
import { readWeights } from './weights-manifest.ts';

const writers = { detector: writeDetector, embedder: writeEmbedder } as const;

/** @param files the manifest and the weights that it describes */
export function compileFaceApi(
  { network }: { readonly network: keyof typeof writers },
  [manifest, weights]: readonly Uint8Array[],
  file: string,
): Uint8Array {
  return writers[network](readWeights(new TextDecoder().decode(manifest), weights!, file));
}
