/**
 * An embedder of faces that was added from a file: with the detector and the landmarks of the default pack it makes a
 * pack of its own.
 */

import { createHash } from 'node:crypto';
import { faceApiPack } from './face-api.ts';
import type { Alignment, FacePack } from './face-pack.ts';
import { type EmbedderFamily, type EmbedderParts, embedderSide } from './face-parts.ts';
import type { NetworkSpec } from './network.ts';
import type { FolderFile } from './weight-file.ts';

export interface FaceEmbedderPack {
  readonly kind: 'face-embedder';
  readonly name: string;
  readonly licence: string;
  readonly source: string;
  /** The photos that the background was fitted on, for people to read. */
  readonly reference: string;
  readonly parts: EmbedderParts;
  readonly graph: FolderFile;
  readonly background: FolderFile;
}

/** The licences if the person gave none. */
export const familyLicences: Record<EmbedderFamily, string> = {
  arcface:
    "not known to whosin; InsightFace's own models are for non-commercial research only, unless their makers allow more",
  sface: 'not known to whosin; OpenCV Zoo publishes its SFace under Apache-2.0',
};

export const familyNames: Record<EmbedderFamily, string> = { arcface: 'ArcFace type', sface: 'SFace type' };

/**
 * The centres of the eyes, the tip of the nose and the corners of the mouth where ArcFace's training chips have
 * them, which SFace took over (insightface/utils/face_align.py). In MediaPipe's mesh an eye's centre lies between
 * its corners.
 */
const alignment: Alignment = {
  chip: embedderSide,
  points: [[33, 133], [362, 263], 1, 61, 291],
  targets: [
    { x: 38.2946, y: 51.6963 },
    { x: 73.5318, y: 51.5014 },
    { x: 56.0252, y: 71.7366 },
    { x: 41.5493, y: 92.3655 },
    { x: 70.7299, y: 92.2041 },
  ],
};

/** Counts changes to the way from photo to numbers that the file's own data does not show. */
const recipeVersion = 1;

export function facePackOf(embedder: FaceEmbedderPack): FacePack {
  const { name, parts, graph, background } = embedder;
  const looks = [false, true].map((mirrored) => ({ alignment, mirrored }));
  return {
    ...faceApiPack,
    name,
    space: embedderSpace(parts, graph),
    embedders: [{ network: embedderNetwork(embedder), share: 1, looks }],
    animals: undefined,
    background,
  };
}

/** By the file and by what is done to the pixels, not by the name that it was given. */
export function embedderSpace(parts: EmbedderParts, { sha256 }: FolderFile): string {
  return `${parts.family}-${parts.size}-${sha256.slice(0, 12)}/${keyOf(parts)}/${recipeVersion}`;
}

function keyOf({ input, output, preparation }: EmbedderParts): string {
  const request = JSON.stringify([input, output, preparation]);
  return createHash('sha256').update(request).digest('hex').slice(0, 6);
}

function embedderNetwork({ parts, graph, licence, source }: FaceEmbedderPack): NetworkSpec {
  const { batch, size, family } = parts;
  return {
    name: `${family}-embedder-${keyOf(parts)}`,
    input: { name: 'faces', type: 'uint8', shape: [batch, embedderSide, embedderSide, 3] },
    outputs: [{ name: 'embeddings', type: 'float32', shape: [batch, size] }],
    files: [graph],
    compiler: { name: 'face-embedder', version: 1, settings: parts },
    licence,
    source,
  };
}
