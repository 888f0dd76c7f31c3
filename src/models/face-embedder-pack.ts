/**
 * An embedder of faces that was added from a file, as a pack: the detector and the landmarks of the default pack,
 * and this embedder. It lies in a folder with its background, described by `pack.json`.
 */

import { createHash } from 'node:crypto';
import { faceApiPack } from './face-api.ts';
import { namedFile, readFacePackFile, writeFacePackFile } from './face-pack-file.ts';
import { compileOnnxEmbedder } from './graph/onnx-embedder.ts';
import { type EmbedderFamily, type EmbedderParts, embedderSide } from './graph/onnx-embedder-parts.ts';
import type { Alignment, FacePack, FolderFile, NetworkSpec } from './pack.ts';
import { type Fields, fieldsOf, isSize, preparationOf } from './picture-pack-file.ts';

export interface FaceEmbedderPack extends FacePack {
  readonly parts: EmbedderParts;
  readonly graph: FolderFile;
  readonly background: FolderFile;
  readonly licence: string;
  readonly source: string;
  /** What the background was fitted on, for people to read. */
  readonly reference: string;
}

export type FaceEmbedderDescription = Pick<
  FaceEmbedderPack,
  'name' | 'licence' | 'source' | 'reference' | 'parts' | 'graph' | 'background'
>;

/** Where nothing else was said. */
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

export function faceEmbedderPack(description: FaceEmbedderDescription): FaceEmbedderPack {
  const { parts, graph } = description;
  return {
    ...faceApiPack,
    ...description,
    space: embedderSpace(parts, graph),
    embedders: [
      {
        network: networkOf(description),
        share: 1,
        looks: [false, true].map((mirrored) => ({ alignment, mirrored })),
      },
    ],
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

function networkOf({ parts, graph, licence, source }: FaceEmbedderDescription): NetworkSpec {
  const { input, output, batch, size, preparation } = parts;
  const taken = { node: input, width: embedderSide, height: embedderSide, preparation };
  return {
    name: `${parts.family}-embedder-${keyOf(parts)}`,
    input: { name: 'faces', type: 'uint8', shape: [batch, embedderSide, embedderSide, 3] },
    outputs: [{ name: 'embeddings', type: 'float32', shape: [batch, size] }],
    weights: graph,
    compilerVersion: 1,
    compile: (_, bytes, path) => compileOnnxEmbedder(bytes, path, taken, { node: output, batch, size }),
    licence,
    source,
  };
}

const kind = 'face-embedder';

export function writeFaceEmbedderPack(description: FaceEmbedderDescription): string {
  const { name, licence, source, reference, parts, graph, background } = description;
  const files = { graph: namedFile(graph), background: namedFile(background) };
  return writeFacePackFile(kind, { name, licence, source, reference, parts, ...files });
}

/** As `readFacePackFile`. */
export function readFaceEmbedderPack(
  json: string,
  folder: string,
  path: string,
): FaceEmbedderPack | undefined {
  const pack = readFacePackFile(kind, json, folder, path);
  return (
    pack &&
    faceEmbedderPack({
      name: pack.text('name'),
      licence: pack.text('licence'),
      source: pack.text('source'),
      reference: pack.text('reference'),
      parts: pack.or(partsOf(fieldsOf(pack.fields['parts'])), 'parts'),
      graph: pack.file('graph'),
      background: pack.file('background'),
    })
  );
}

function partsOf({ family, input, output, size, batch, preparation }: Fields): EmbedderParts | undefined {
  if (family !== 'arcface' && family !== 'sface') return undefined;
  if (typeof input !== 'string' || typeof output !== 'string' || !isSize(size, 1e5)) return undefined;
  if (batch !== 'n' && !isSize(batch, 1e4)) return undefined;
  const prepared = preparationOf(fieldsOf(preparation));
  return prepared && { family, input, output, size, batch, preparation: prepared };
}
