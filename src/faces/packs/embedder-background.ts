/** The background of an embedder that is added: fitted on a reference set, or taken from a file. */

import { basename } from 'node:path';
import type { NetworkConfig } from '../../config.ts';
import { WhosinError } from '../../errors.ts';
import { type BackgroundFit, fitBackgroundByFolds } from '../../learn/odds/background-fit.ts';
import { byPerson, type Labelled } from '../../learn/odds/two-covariance-fit.ts';
import type { FacePack } from '../../models/face-pack.ts';
import type { OpenComputation } from '../../models/graph/computation.ts';
import { readOnnx } from '../../models/graph/read-onnx.ts';
import { readBytes } from '../../packs/model-file.ts';
import { openCache } from '../../photos/bottleneck-cache.ts';
import { placeByName } from '../../photos/folds.ts';
import type { ReadOptions } from '../../photos/read-photos.ts';
import { writeFileAtomically } from '../../runtime/atomic-file.ts';
import { openComputation } from '../../runtime/computation.ts';
import { openFaceReader } from '../find/read-faces.ts';
import { readBackground, readFalseMatches } from '../people/background-file.ts';
import { writeBackground } from '../people/write-background.ts';
import { measureFalseMatches } from './measure-false-matches.ts';
import { facesToFit, type ReferencePhoto, readReferencePhotos } from './reference-photos.ts';

export interface ReferenceOptions {
  readonly onPhoto?: ReadOptions['onProgress'];
  readonly onCacheFailure?: (reason: string) => void;
  /** Fewer people than these say nothing about odds; half of them have to have two photos. */
  readonly leastPeople?: number;
}

export interface EmbedderBackground {
  readonly bytes: Uint8Array;
  readonly reference: string;
}

/** @throws WhosinError `too-few-photos`, or `bad-weights` if the embedder tells nobody apart */
export async function fitEmbedderBackground(
  pack: FacePack,
  folder: string,
  config: NetworkConfig,
  { onPhoto, onCacheFailure, leastPeople = 200 }: ReferenceOptions,
): Promise<EmbedderBackground> {
  const reader = openFaceReader(pack, config);
  const cache = openCache(config.home, writeFileAtomically, onCacheFailure);
  let photos: readonly ReferencePhoto[];
  try {
    photos = await readReferencePhotos(folder, reader, cache, { onProgress: onPhoto });
  } finally {
    await reader.close();
  }
  const faces = facesToFit(photos);
  const people = byPerson(faces);
  const several = [...people.values()].filter((own) => own.length > 1).length;
  if (people.size < leastPeople || several < leastPeople / 2) {
    throw new WhosinError(
      'too-few-photos',
      `${folder} shows ${people.size} people, ${several} of them more than once: to fit odds it takes at least ${leastPeople}, and ${leastPeople / 2} with two photos or more.`,
    );
  }
  const compute: OpenComputation = (graph, how) => openComputation(graph, config, how);
  const { model, folds } = await fitted(faces, folder, compute);
  const falseMatches = await measureFalseMatches(folds, model, basename(folder), compute);
  const reference = `fitted on ${faces.length} faces of ${people.size} people in ${basename(folder)}`;
  return { bytes: writeBackground(model, pack.space, reference, falseMatches), reference };
}

async function fitted(
  faces: readonly Labelled[],
  folder: string,
  compute: OpenComputation,
): Promise<BackgroundFit> {
  const fit = await fitBackgroundByFolds(faces, placeByName, compute);
  if (fit.model.scale > 0 && Number.isFinite(fit.model.offset)) return fit;
  throw new WhosinError(
    'bad-weights',
    `This embedder tells the people of ${folder} apart no better than chance: check that it is an embedder of faces and that its preparation is right (--range, --bgr).`,
  );
}

/** @throws WhosinError `wrong-space` or `not-a-model` if it does not belong to the embedder */
export async function givenBackground(
  path: string,
  space: string,
  size: number,
): Promise<EmbedderBackground> {
  const bytes = await readBytes(path);
  const { mean } = readBackground(bytes, space, path);
  if (mean.length !== size) {
    throw new WhosinError('not-a-model', `${path} is of ${mean.length} values, the embedder gives ${size}.`);
  }
  readFalseMatches(bytes, path);
  const provenance = readOnnx(bytes, path).metadata('whosin.provenance');
  return { bytes, reference: provenance ?? `fitted before: ${basename(path)}` };
}
