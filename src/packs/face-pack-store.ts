/** Embedders and detectors of faces that were added or pulled, among the other models of the folder. */

import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { WhosinError } from '../errors.ts';
import { faceApiPack } from '../models/face-api.ts';
import type { FaceDetectorPack } from '../models/face-detector-pack.ts';
import type { FaceEmbedderPack } from '../models/face-embedder-pack.ts';
import type { FacePack, FolderFile } from '../models/pack.ts';
import { readVerified } from '../runtime/model-store.ts';
import {
  builtInPacks,
  checkPackName,
  packFile,
  packNames,
  readPackJson,
  withPackLock,
} from './pack-store.ts';

/** The added pack of that name; nothing where there is none, or one of another kind. Throws `bad-weights`. */
export function findFaceEmbedder(packs: string, name: string): Promise<FaceEmbedderPack | undefined> {
  return readNamed(
    packs,
    name,
    async () => (await import('../models/face-embedder-pack.ts')).readFaceEmbedderPack,
  );
}

/** As `findFaceEmbedder`. */
export function findFaceDetector(packs: string, name: string): Promise<FaceDetectorPack | undefined> {
  return readNamed(
    packs,
    name,
    async () => (await import('../models/face-detector-pack.ts')).readFaceDetectorPack,
  );
}

async function readNamed<T>(
  packs: string,
  name: string,
  // With it come the compilers of foreign graphs: most runs use the networks that whosin comes with.
  reader: () => Promise<(json: string, folder: string, path: string) => T | undefined>,
): Promise<T | undefined> {
  // Anything else is a path to a file.
  if (!/^[^./\\][^/\\]*$/.test(name)) return undefined;
  const folder = join(packs, name);
  const json = await readPackJson(packs, name);
  if (json === undefined) return undefined;
  const read = await reader();
  return read(json, folder, join(folder, packFile));
}

/** The default pack or an added one. Throws `not-found` with what there is. */
export async function facePackNamed(packs: string, name: string): Promise<FacePack> {
  if (name === faceApiPack.name) return faceApiPack;
  const found = await findFaceEmbedder(packs, name);
  if (found) return found;
  if (await findFaceDetector(packs, name)) {
    throw new WhosinError('usage', `${name} finds faces and embeds none: give it as --detector ${name}.`);
  }
  const there = [faceApiPack.name, ...(await all(packs, findFaceEmbedder)).map((pack) => pack.name)];
  throw new WhosinError(
    'not-found',
    `There is no model of faces "${name}" here: there is ${there.join(', ')}. Add one with: whosin models add NAME file.onnx --as face-embedder`,
  );
}

/** An added detector. Throws `not-found` with what there is. */
export async function faceDetectorNamed(packs: string, name: string): Promise<FaceDetectorPack> {
  const found = await findFaceDetector(packs, name);
  if (found) return found;
  if (name === faceApiPack.name || (await findFaceEmbedder(packs, name))) {
    throw new WhosinError(
      'usage',
      `${name} is no detector of faces that was added: leave --detector out, or name one.`,
    );
  }
  const there = (await all(packs, findFaceDetector)).map((pack) => pack.name);
  throw new WhosinError(
    'not-found',
    `There is no detector of faces "${name}" here: there is ${there.length > 0 ? there.join(', ') : 'none besides the default'}. Fetch one with: whosin models pull yunet`,
  );
}

/** The pack that reads faces in the space of a trained model. Throws `wrong-space` where it is not here. */
export async function facePackOfSpace(packs: string, space: string): Promise<FacePack> {
  if (space === faceApiPack.space) return faceApiPack;
  const found = (await all(packs, findFaceEmbedder)).find((pack) => pack.space === space);
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
export async function verifyFacePack(pack: FaceEmbedderPack | FaceDetectorPack): Promise<void> {
  await readVerified(pack.graph);
  if ('background' in pack) await readVerified(pack.background);
}

/**
 * Puts a pack of faces under a name that is free.
 *
 * @param read reads the pack and tries it out, which may take long: others may add models meanwhile
 */
export async function addFacePack<R, T>(
  packs: string,
  name: string,
  read: () => Promise<R>,
  install: (packs: string, read: R) => Promise<T>,
): Promise<T> {
  await checkFree(packs, name);
  const pack = await read();
  return withPackLock(
    packs,
    name,
    () => {},
    async () => {
      await checkFree(packs, name);
      return install(packs, pack);
    },
  );
}

async function checkFree(packs: string, name: string): Promise<void> {
  checkPackName(name);
  if (name === faceApiPack.name || builtInPacks.some((pack) => pack.name === name)) {
    throw new WhosinError('usage', `${name} comes with whosin: give the model another name.`);
  }
  if ((await packNames(packs)).includes(name)) {
    throw new WhosinError(
      'usage',
      `There is a model "${name}" already: remove it first (whosin models remove ${name}).`,
    );
  }
}

/** A file where it lies, before it is copied into its pack. */
export function fileAt(path: string, bytes: Uint8Array): FolderFile {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { folder: dirname(path), path: basename(path), sha256 };
}

/** Those that can be read; `whosin models list` shows the others. */
async function all<T>(
  packs: string,
  find: (packs: string, name: string) => Promise<T | undefined>,
): Promise<readonly T[]> {
  const found: T[] = [];
  for (const name of await packNames(packs)) {
    const pack = await find(packs, name).catch(() => undefined);
    if (pack) found.push(pack);
  }
  return found;
}
