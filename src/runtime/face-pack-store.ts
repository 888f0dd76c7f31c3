/** Embedders of faces that were added, among the other models of the folder. */

import { join } from 'node:path';
import { WhosinError } from '../errors.ts';
import { faceApiPack } from '../models/face-api.ts';
import type { FaceEmbedderPack } from '../models/face-embedder-pack.ts';
import type { FacePack } from '../models/pack.ts';
import { readVerified } from './model-store.ts';
import { packFile, packNames, readPackJson } from './pack-store.ts';

/** The added pack of that name; nothing where there is none, or one for whole pictures. Throws `bad-weights`. */
export async function findFaceEmbedder(packs: string, name: string): Promise<FaceEmbedderPack | undefined> {
  // Anything else is a path to a file.
  if (!/^[^./\\][^/\\]*$/.test(name)) return undefined;
  const folder = join(packs, name);
  const json = await readPackJson(packs, name);
  if (json === undefined) return undefined;
  // With it come the compilers of foreign graphs: most runs use the networks that whosin comes with.
  const { readFaceEmbedderPack } = await import('../models/face-embedder-pack.ts');
  return readFaceEmbedderPack(json, folder, join(folder, packFile));
}

/** The default pack or an added one. Throws `not-found` with what there is. */
export async function facePackNamed(packs: string, name: string): Promise<FacePack> {
  if (name === faceApiPack.name) return faceApiPack;
  const found = await findFaceEmbedder(packs, name);
  if (found) return found;
  const there = [faceApiPack.name, ...(await faceEmbedders(packs)).map((pack) => pack.name)];
  throw new WhosinError(
    'not-found',
    `There is no model of faces "${name}" here: there is ${there.join(', ')}. Add one with: whosin models add NAME file.onnx --as face-embedder`,
  );
}

/** The pack that reads faces in the space of a trained model. Throws `wrong-space` where it is not here. */
export async function facePackOfSpace(packs: string, space: string): Promise<FacePack> {
  if (space === faceApiPack.space) return faceApiPack;
  const found = (await faceEmbedders(packs)).find((pack) => pack.space === space);
  if (found) return found;
  const [, file] = /^(?:arcface|sface)-\d+-([0-9a-f]{12})\//.exec(space) ?? [];
  const remedy =
    file === undefined
      ? 'Train it again with this version of whosin.'
      : `Add the embedder that it was trained with, the ONNX file whose sha256 begins with ${file}: whosin models add NAME file.onnx --as face-embedder`;
  throw new WhosinError(
    'wrong-space',
    `The model was trained in the embedding space "${space}", and no model of faces here has it. ${remedy}`,
  );
}

/** Throws `bad-weights` where a file of the pack is not the one that was added. */
export async function verifyFaceEmbedder({ graph, background }: FaceEmbedderPack): Promise<void> {
  for (const file of [graph, background]) await readVerified(file);
}

/** Those that can be read; `whosin models list` shows the others. */
async function faceEmbedders(packs: string): Promise<readonly FaceEmbedderPack[]> {
  const found: FaceEmbedderPack[] = [];
  for (const name of await packNames(packs)) {
    const pack = await findFaceEmbedder(packs, name).catch(() => undefined);
    if (pack) found.push(pack);
  }
  return found;
}
