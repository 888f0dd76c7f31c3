/** A detector of faces that was added from a file or pulled, in the place of the default pack's. */

import { createHash } from 'node:crypto';
import type { FacePack } from './face-pack.ts';
import { type YunetParts, yunetAnchors } from './face-parts.ts';
import type { NetworkSpec } from './network.ts';
import type { FolderFile } from './weight-file.ts';

export interface FaceDetectorPack {
  readonly kind: 'face-detector';
  readonly name: string;
  readonly licence: string;
  readonly source: string;
  readonly parts: YunetParts;
  readonly graph: FolderFile;
}

/** The licence if the person gave none. */
export const yunetLicence = 'not known to whosin; OpenCV Zoo publishes its YuNet under MIT';

export function detectorNetwork({ parts, graph, licence, source }: FaceDetectorPack): NetworkSpec {
  const { batch, canvas } = parts;
  const { width = 'width', height = 'height' } = canvas ?? {};
  const anchors = canvas ? yunetAnchors(canvas) : 'anchors';
  const key = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 6);
  return {
    name: `yunet-${key}`,
    input: { name: 'photos', type: 'uint8', shape: [batch, height, width, 3] },
    outputs: [
      { name: 'boxes', type: 'float32', shape: [batch, anchors, 4] },
      { name: 'scores', type: 'float32', shape: [batch, anchors] },
    ],
    files: [graph],
    compiler: { name: 'yunet', version: 1, settings: parts },
    licence,
    source,
  };
}

/**
 * The pack with this detector. Its space stays: the landmarks settle where a face lies, so an embedding depends on
 * the box only as far as a face is found at all (docs/MODELS.md).
 */
export function withDetector<T extends FacePack>(pack: T, detector: FaceDetectorPack): T {
  // The second look makes up for what the default detector overlooks.
  return { ...pack, detector: detectorNetwork(detector), secondDetector: undefined };
}
