/** A detector of faces that was added from a file or pulled, in the place of the default pack's. */

import { createHash } from 'node:crypto';
import { namedFile, readFacePackFile, writeFacePackFile } from './face-pack-file.ts';
import { compileYunet, type YunetParts, yunetAnchors } from './graph/yunet.ts';
import type { FacePack, FolderFile, NetworkSpec } from './pack.ts';
import { type Fields, fieldsOf, isSize } from './picture-pack-file.ts';

export interface FaceDetectorPack {
  readonly name: string;
  readonly licence: string;
  readonly source: string;
  readonly parts: YunetParts;
  readonly graph: FolderFile;
  readonly network: NetworkSpec;
}

export type FaceDetectorDescription = Omit<FaceDetectorPack, 'network'>;

/** Where nothing else was said. */
export const yunetLicence = 'not known to whosin; OpenCV Zoo publishes its YuNet under MIT';

export function faceDetectorPack(description: FaceDetectorDescription): FaceDetectorPack {
  const { parts, graph, licence, source } = description;
  const { width = 'width', height = 'height' } = parts.canvas ?? {};
  const anchors = parts.canvas ? yunetAnchors(parts.canvas) : 'anchors';
  const key = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 6);
  return {
    ...description,
    network: {
      name: `yunet-${key}`,
      input: { name: 'photos', type: 'uint8', shape: [parts.batch, height, width, 3] },
      outputs: [
        { name: 'boxes', type: 'float32', shape: [parts.batch, anchors, 4] },
        { name: 'scores', type: 'float32', shape: [parts.batch, anchors] },
      ],
      weights: graph,
      compilerVersion: 1,
      compile: (_, bytes, path) => compileYunet(bytes, path, parts),
      licence,
      source,
    },
  };
}

/**
 * The pack with this detector. Its space stays: the landmarks settle where a face lies, so an embedding depends on
 * the box only as far as a face is found at all (docs/MODELS.md).
 */
export function withDetector<T extends FacePack>(pack: T, { network }: FaceDetectorPack): T {
  return { ...pack, detector: network };
}

const kind = 'face-detector';

export function writeFaceDetectorPack(description: FaceDetectorDescription): string {
  const { name, licence, source, parts, graph } = description;
  return writeFacePackFile(kind, { name, licence, source, parts, graph: namedFile(graph) });
}

/** As `readFacePackFile`. */
export function readFaceDetectorPack(
  json: string,
  folder: string,
  path: string,
): FaceDetectorPack | undefined {
  const pack = readFacePackFile(kind, json, folder, path);
  return (
    pack &&
    faceDetectorPack({
      name: pack.text('name'),
      licence: pack.text('licence'),
      source: pack.text('source'),
      parts: pack.or(partsOf(fieldsOf(pack.fields['parts'])), 'parts'),
      graph: pack.file('graph'),
    })
  );
}

function partsOf({ input, batch, canvas }: Fields): YunetParts | undefined {
  if (typeof input !== 'string' || (batch !== 'n' && !isSize(batch, 1e4))) return undefined;
  if (canvas === undefined) return { input, batch };
  const { width, height } = fieldsOf(canvas);
  return isSize(width, 1e4) && isSize(height, 1e4) ? { input, batch, canvas: { width, height } } : undefined;
}
