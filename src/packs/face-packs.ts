/** The embedders and detectors of faces that are here, by what commands and models call them. */

import { WhosinError } from '../errors.ts';
import { faceApiPack } from '../models/face-api.ts';
import type { FaceDetectorPack } from '../models/face-detector-pack.ts';
import { facePackOf } from '../models/face-embedder-pack.ts';
import type { FacePack } from '../models/face-pack.ts';
import { findPack, packsOf } from './pack-store.ts';

/** The default pack or an added one. Throws `not-found` with what there is. */
export async function facePackNamed(packs: string, name: string): Promise<FacePack> {
  if (name === faceApiPack.name) return faceApiPack;
  const found = await findPack(packs, name);
  if (found?.kind === 'face-embedder') return facePackOf(found);
  if (found?.kind === 'face-detector') {
    throw new WhosinError('usage', `${name} finds faces and embeds none: give it as --detector ${name}.`);
  }
  const there = [faceApiPack.name, ...(await packsOf(packs, 'face-embedder')).map((pack) => pack.name)];
  throw new WhosinError(
    'not-found',
    `There is no model of faces "${name}" here: there is ${there.join(', ')}. Add one with: whosin models add NAME file.onnx --as face-embedder`,
  );
}

/** An added detector. Throws `not-found` with what there is. */
export async function faceDetectorNamed(packs: string, name: string): Promise<FaceDetectorPack> {
  const found = await findPack(packs, name);
  if (found?.kind === 'face-detector') return found;
  if (name === faceApiPack.name || found?.kind === 'face-embedder') {
    throw new WhosinError(
      'usage',
      `${name} is no detector of faces that was added: leave --detector out, or name one.`,
    );
  }
  const there = (await packsOf(packs, 'face-detector')).map((pack) => pack.name);
  throw new WhosinError(
    'not-found',
    `There is no detector of faces "${name}" here: there is ${there.length > 0 ? there.join(', ') : 'none besides the default'}. Fetch one with: whosin models pull yunet`,
  );
}

/** The pack that reads faces in the space of a trained model. Throws `wrong-space` where it is not here. */
export async function facePackOfSpace(packs: string, space: string): Promise<FacePack> {
  if (space === faceApiPack.space) return faceApiPack;
  const found = (await packsOf(packs, 'face-embedder')).map(facePackOf).find((pack) => pack.space === space);
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
