/**
 * The models that `-m/--model` can name: a pack, a file that whosin wrote, an ONNX classifier or a TensorFlow graph. One rule
 * for all commands: a name of a pack comes first, then a file.
 */

import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { type Config, type NetworkConfig, readConfig } from '../config.ts';
import { nearNames } from '../core/near-names.ts';
import { WhosinError } from '../errors.ts';
import { cocoMobilenetV3 } from '../models/coco-mobilenet-v3.ts';
import type { KnownParts } from '../models/graph/picture-parts.ts';
import type { Pack } from '../models/pack.ts';
import type { PicturePack } from '../models/picture-pack.ts';
import { tensorFlowPacks } from '../models/tensorflow-packs.ts';
import { type ModelFile, readLabelsFile, readModelFile } from '../packs/model-file.ts';
import { labelsFor } from '../packs/model-labels.ts';
import { builtInPacks, findPack, findPackOf, packNames } from '../packs/pack-store.ts';
import {
  openPackModel,
  openTrainedModel,
  type PictureClassifier,
  type ProbableClassifier,
} from './classifier.ts';
import { readPictureModel } from './picture-model.ts';

export interface OpenPictureOptions {
  /** One label a line, where the model has none of its own or beside it, or others are wanted. */
  readonly labels?: string;
  /** The facts about a file that it does not tell itself; a pack has its own. */
  readonly known?: KnownParts;
  /** Told what a file was taken for, once it was read. */
  readonly onForeign?: (pack: PicturePack) => void;
  /** The folder of models and the number of threads; from the environment if left out. */
  readonly config?: Config;
}

/**
 * @param reference a pack's name or the path of a model; the model that comes with whosin if left out
 * @throws WhosinError `not-found` with the names that come near, `not-a-model`, or `bad-weights`
 */
export async function openPictureModel(
  reference: string = cocoMobilenetV3.name,
  { labels, known, onForeign, config = readConfig() }: OpenPictureOptions = {},
): Promise<PictureClassifier> {
  const pack = await namedPack(reference, config);
  if (pack) {
    if (known && Object.keys(known).length > 0) {
      throw new WhosinError(
        'usage',
        `${pack.name} has its input and its output stored with it: options that describe a file go with a file. Add it again to change them.`,
      );
    }
    return openPackModel(labels === undefined ? pack : labelled(pack, await readLabelsFile(labels)), config);
  }

  const file = await readModelFile(reference);
  if (file.kind === 'people') throw peopleModel(reference);
  if (file.kind === 'pictures') {
    const model = readPictureModel(file.bytes, reference);
    return openTrainedModel(
      model,
      reference,
      await findPackOf(config.packs, 'picture', model.backbone),
      config,
    );
  }
  if (file.kind !== undefined) throw laterModel(reference, file.kind);
  const found = await labelsFor(file, labels);
  if (!found.labels) throw unlabelled(file);
  // It brings the readers of all kinds of files along.
  const { foreignPack } = await import('../packs/foreign-pack.ts');
  const { pack: foreign } = await foreignPack(file, { name: packName(file.path), ...found, known });
  onForeign?.(foreign);
  return openPackModel(foreign, config);
}

/** The same, for what has to be asked for probabilities; throws `not-a-model` for a model that finds things. */
export async function openProbableModel(
  reference: string,
  options: OpenPictureOptions = {},
): Promise<ProbableClassifier> {
  const model = await openPictureModel(reference, options);
  try {
    return requireProbabilities(model);
  } catch (error) {
    await model.close();
    throw error;
  }
}

/** Throws `not-a-model` for a model that finds things. */
export function requireProbabilities(model: PictureClassifier): ProbableClassifier {
  if (hasProbabilities(model)) return model;
  throw new WhosinError(
    'not-a-model',
    `${model.name} finds things in pictures and gives no probabilities of labels: train a model of your own on it with whosin train --on picture.`,
  );
}

function hasProbabilities(model: PictureClassifier): model is ProbableClassifier {
  return model.probabilities !== undefined;
}

/**
 * The pack to put a layer of one's own on. A file becomes a pack, named after it and what it holds: a model that is
 * trained on it finds it again by that name.
 *
 * @throws WhosinError as `namedPack`, and as adding the file does
 */
export async function openBackbone(
  reference: string,
  config: Pick<Config, 'packs'> & NetworkConfig,
): Promise<PicturePack> {
  const pack = await namedPack(reference, config);
  if (pack) return pack;
  const file = await readModelFile(reference);
  if (file.kind === 'people') throw peopleModel(reference);
  const sums = createHash('sha256');
  for (const { bytes } of [file, ...file.weights]) sums.update(bytes);
  const name = `${packName(file.path)
    .replace(/^[^a-z0-9]+/i, '')
    .slice(0, 40)}-${sums.digest('hex').slice(0, 8)}`;
  const there = await findPackOf(config.packs, 'picture', name);
  if (there) return there;
  const [{ fromPictureFile }, { addPack }] = await Promise.all([
    import('../packs/add-picture-pack.ts'),
    import('../packs/install-pack.ts'),
  ]);
  return addPack(config.packs, 'picture', name, fromPictureFile(config, name, reference));
}

/** Whether `-m` names a model of people, and not one of whole pictures. */
export async function isPeopleModel(reference: string, config: Pick<Config, 'packs'>): Promise<boolean> {
  if (await namedPack(reference, config)) return false;
  return (await readModelFile(reference)).kind === 'people';
}

/**
 * The pack of that name; nothing if the reference is a file.
 *
 * @throws WhosinError `not-found` if it is neither, with what comes near and how to get it
 */
async function namedPack(
  reference: string,
  { packs }: Pick<Config, 'packs'>,
): Promise<PicturePack | undefined> {
  const isName = !/[\\/]/.test(reference);
  const pack = await findPack(packs, reference);
  if (pack) return ofPictures(pack);
  if (await exists(reference)) return undefined;
  if (tensorFlowPacks.some(({ name }) => name === reference)) {
    throw new WhosinError(
      'not-found',
      `The model ${reference} is not here yet. Fetch it with: whosin models pull ${reference}`,
    );
  }
  if (!isName || /\.(onnx|pb|json|h5|hdf5|keras|tflite)$/i.test(reference)) {
    throw new WhosinError('not-found', `There is no model file ${reference}.`);
  }
  const known = [...builtInPacks, ...tensorFlowPacks].map(({ name }) => name);
  const near = nearNames(reference, [...new Set([...known, ...(await packNames(packs))])], 3);
  throw new WhosinError(
    'not-found',
    `There is no model and no file "${reference}". Near it: ${near.join(', ')}. All there are: whosin models list`,
  );
}

/** Throws `usage` where it is a pack of faces. */
function ofPictures(pack: Pack): PicturePack {
  if (pack.kind === 'picture') return pack;
  const use =
    pack.kind === 'face-embedder'
      ? 'embeds faces: it goes with whosin train'
      : 'finds faces: it goes with --detector';
  throw new WhosinError('usage', `The model "${pack.name}" ${use}, not with whole pictures.`);
}

/** Throws `bad-weights` where the labels are too few or too many. */
function labelled(pack: PicturePack, labels: readonly string[]): PicturePack {
  const own = pack.scores?.labels ?? pack.objects?.labels;
  if (own && own.length !== labels.length) {
    throw new WhosinError(
      'bad-weights',
      `${pack.name} has ${own.length} labels, the labels file ${labels.length}.`,
    );
  }
  if (pack.scores) return { ...pack, scores: { ...pack.scores, labels } };
  return pack.objects ? { ...pack, objects: { ...pack.objects, labels } } : pack;
}

function peopleModel(path: string): WhosinError {
  return new WhosinError(
    'not-a-model',
    `${path} is a model of people: ask it with whosin identify -m ${path}.`,
  );
}

function laterModel(path: string, kind: string): WhosinError {
  return new WhosinError(
    'not-a-model',
    `${path} is a model of another version of whosin (${kind}): install that one.`,
  );
}

function unlabelled({ path }: ModelFile): WhosinError {
  return new WhosinError(
    'usage',
    `${path} has no labels of its own: name them with --labels (a text file with one label a line), or put labels.txt beside it.`,
    { path },
  );
}

/** Compiled networks are files of their own, named after this. */
function packName(path: string): string {
  return (
    basename(path, extname(path))
      .replaceAll(/[^a-z0-9._-]+/gi, '-')
      .slice(0, 64) || 'model'
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
