/** An ONNX file becomes an embedder of faces that people can be trained with. */

import type { Config } from '../../config.ts';
import { reasonOf, WhosinError } from '../../errors.ts';
import {
  type FaceEmbedderDescription,
  type FaceEmbedderPack,
  faceEmbedderPack,
  familyLicences,
  writeFaceEmbedderPack,
} from '../../models/face-embedder-pack.ts';
import { embedderParts } from '../../models/graph/onnx-embedder-parts.ts';
import type { Preparation } from '../../models/graph/tensorflow/write-tensorflow.ts';
import { addFacePack, fileAt, findFaceEmbedder } from '../../packs/face-pack-store.ts';
import { readModelFile } from '../../packs/foreign-model.ts';
import { installFolder, writePackFile } from '../../packs/pack-store.ts';
import { openNetwork } from '../../runtime/session.ts';
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

/** An embedder that was read and has run, with its odds, and is not in its place yet. */
export interface ReadEmbedder {
  readonly description: FaceEmbedderDescription;
  readonly graph: Uint8Array;
  readonly background: Uint8Array;
}

/** Nothing is added that does not run, or that no honest probability follows from. */
export function addFaceEmbedder(
  config: Config,
  name: string,
  path: string,
  options: AddFaceEmbedderOptions = {},
): Promise<FaceEmbedderPack> {
  const about = { name, source: path };
  return addFacePack(config.packs, name, () => readEmbedder(config, path, about, options), installEmbedder);
}

export async function readEmbedder(
  config: Config,
  path: string,
  about: Pick<FaceEmbedderDescription, 'name' | 'source'>,
  options: AddFaceEmbedderOptions,
): Promise<ReadEmbedder> {
  const { format, kind, contents } = await readModelFile(path);
  if (format !== 'onnx' || kind !== undefined) {
    throw new WhosinError('usage', `${path} is no ONNX file of an embedder of faces.`);
  }
  const [graph] = contents;
  const read = embedderParts(graph, path);
  const parts = { ...read, preparation: { ...read.preparation, ...options.preparation } };
  const file = fileAt(path, graph);
  checkOdds(about.name, options);
  const licence = options.licence ?? familyLicences[parts.family];
  const description = { ...about, licence, reference: '', parts, graph: file, background: file };
  const pack = faceEmbedderPack(description);
  await tryOut(pack, config);
  const { bytes, reference } =
    options.background === undefined
      ? await fitEmbedderBackground(pack, options.reference!, config, options)
      : await givenBackground(options.background, pack.space, parts.size);
  return { description: { ...description, reference }, graph, background: bytes };
}

/** Throws `usage` where the odds of a space could come from nowhere. */
export function checkOdds(name: string, { reference, background }: AddFaceEmbedderOptions): void {
  if (reference !== undefined || background !== undefined) return;
  throw new WhosinError(
    'usage',
    `${name} would have no odds: how alike photos of one person and of two are in its space has to be measured. Give --reference FOLDER with photos of a few hundred people, one folder for each, such as Labeled Faces in the Wild.`,
  );
}

export async function installEmbedder(packs: string, read: ReadEmbedder): Promise<FaceEmbedderPack> {
  const { name } = read.description;
  await installFolder(packs, name, async (folder) => {
    const graph = await writePackFile(folder, 'graph.onnx', read.graph);
    const background = await writePackFile(folder, 'background.onnx', read.background);
    return writeFaceEmbedderPack({ ...read.description, graph, background });
  });
  return (await findFaceEmbedder(packs, name))!;
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
