/** An ONNX file becomes an embedder of faces that people can be trained with. */

import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import type { Config } from '../config.ts';
import { reasonOf, WhosinError } from '../errors.ts';
import { faceApiPack } from '../models/face-api.ts';
import {
  embedderSpace,
  type FaceEmbedderPack,
  faceEmbedderPack,
  familyLicences,
  writeFaceEmbedderPack,
} from '../models/face-embedder-pack.ts';
import { embedderParts } from '../models/graph/onnx-embedder-parts.ts';
import type { Preparation } from '../models/graph/tensorflow/write-tensorflow.ts';
import { findFaceEmbedder } from '../runtime/face-pack-store.ts';
import { readModelFile } from '../runtime/foreign-model.ts';
import {
  builtInPacks,
  checkPackName,
  installFolder,
  packNames,
  withPackLock,
  writePackFile,
} from '../runtime/pack-store.ts';
import { openNetwork } from '../runtime/session.ts';
import { fitEmbedderBackground, givenBackground, type ReferenceOptions } from './embedder-background.ts';

export interface AddFaceEmbedderOptions extends ReferenceOptions {
  /** Photos of people, a folder for each: what the odds of the space are fitted on. */
  readonly reference?: string | undefined;
  /** Instead: a background that was fitted in this space before, the `background.onnx` of an added embedder. */
  readonly background?: string | undefined;
  /** What the person says of it. */
  readonly licence?: string | undefined;
  /** Instead of what its family wants. */
  readonly preparation?: Partial<Preparation> | undefined;
}

/** Nothing is added that does not run, or that no honest probability follows from. */
export async function addFaceEmbedder(
  config: Config,
  name: string,
  path: string,
  options: AddFaceEmbedderOptions = {},
): Promise<FaceEmbedderPack> {
  await checkFree(config.packs, name);
  const { format, kind, contents } = await readModelFile(path);
  if (format !== 'onnx' || kind !== undefined) {
    throw new WhosinError('usage', `${path} is no ONNX file of an embedder of faces.`);
  }
  const read = embedderParts(contents[0], path);
  const parts = { ...read, preparation: { ...read.preparation, ...options.preparation } };
  const file = fileAt(path, contents[0]);
  const space = embedderSpace(parts, file);
  if (options.reference === undefined && options.background === undefined) {
    throw new WhosinError(
      'usage',
      `${name} would have no odds: how alike photos of one person and of two are in its space has to be measured. Give --reference FOLDER with photos of a few hundred people, one folder for each, such as Labeled Faces in the Wild.`,
    );
  }
  const description = {
    name,
    licence: options.licence ?? familyLicences[parts.family],
    source: path,
    reference: '',
    parts,
    graph: file,
    background: file,
  };
  const pack = faceEmbedderPack(description);
  await tryOut(pack, config);
  const { bytes, reference } =
    options.background === undefined
      ? await fitEmbedderBackground(pack, options.reference!, config, options)
      : await givenBackground(options.background, space, parts.size);
  const { packs } = config;
  await withPackLock(
    packs,
    name,
    () => {},
    async () => {
      await checkFree(packs, name);
      await installFolder(packs, name, async (folder) => {
        const graph = await writePackFile(folder, 'graph.onnx', contents[0]);
        const background = await writePackFile(folder, 'background.onnx', bytes);
        return writeFaceEmbedderPack({ ...description, reference, graph, background });
      });
    },
  );
  return (await findFaceEmbedder(packs, name))!;
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

function fileAt(path: string, bytes: Uint8Array): FaceEmbedderPack['graph'] {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { folder: dirname(path), path: basename(path), sha256 };
}

/** Runs it on a grey chip and on one of noise: the answers have to be numbers, and two. */
async function tryOut({ name, embedders }: FaceEmbedderPack, config: Config): Promise<void> {
  const spec = embedders[0]!.network;
  const [, ...sides] = spec.input.shape as [unknown, number, number, number];
  const size = sides.reduce((a, b) => a * b, 1);
  const chips = new Uint8Array(2 * size).map((_, i) => (i < size ? 128 : (i * 7919) % 256));
  const network = await openNetwork(spec, config);
  try {
    const { embeddings } = await network.run(chips, [2, ...sides]).catch((cause: unknown) => {
      throw new WhosinError('bad-weights', `${name} does not run: ${reasonOf(cause)}`, { cause });
    });
    const { data } = embeddings!;
    const half = data.length / 2;
    if (!data.every(Number.isFinite)) {
      throw new WhosinError('bad-weights', `${name} gives values that are no numbers.`);
    }
    if (data.subarray(0, half).every((value, i) => value === data[half + i])) {
      throw new WhosinError('bad-weights', `${name} gives the same values whatever it sees.`);
    }
  } finally {
    await network.close();
  }
}
