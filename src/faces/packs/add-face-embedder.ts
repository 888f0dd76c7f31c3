/** An ONNX file becomes an embedder of faces that people can be trained with. */

import type { NetworkConfig } from '../../config.ts';
import { WhosinError } from '../../errors.ts';
import { type FaceEmbedderPack, facePackOf, familyLicences } from '../../models/face-embedder-pack.ts';
import type { FacePack } from '../../models/face-pack.ts';
import { embedderSide } from '../../models/face-parts.ts';
import { embedderParts } from '../../models/graph/onnx-embedder-parts.ts';
import type { Preparation } from '../../models/graph/tensorflow/preparation.ts';
import type { PullableFaceModel } from '../../models/pullable-pack.ts';
import { type MakePack, writePackFile } from '../../packs/install-pack.ts';
import { readModelFile } from '../../packs/model-file.ts';
import type { MakePulled } from '../../packs/pull-pack.ts';
import { openNetwork } from '../../runtime/session.ts';
import { fitEmbedderBackground, givenBackground, type ReferenceOptions } from './embedder-background.ts';

export interface EmbedderFileOptions extends ReferenceOptions {
  /** Photos of people, a folder for each: what the odds of the space are fitted on. */
  readonly reference?: string | undefined;
  /** Instead: a background that was fitted in this space before, the `background.onnx` of an added embedder. */
  readonly background?: string | undefined;
  /** As the person gives it; else as known for its family. */
  readonly licence?: string | undefined;
  /** Instead of what its family wants. */
  readonly preparation?: Partial<Preparation> | undefined;
}

/** For `addPack`. Nothing is added that does not run, or that no honest probability follows from. */
export function fromEmbedderFile(
  config: NetworkConfig,
  path: string,
  { name, source }: Pick<FaceEmbedderPack, 'name' | 'source'>,
  options: EmbedderFileOptions,
): MakePack<'face-embedder'> {
  return async (folder) => {
    const { format, kind, bytes } = await readModelFile(path);
    if (format !== 'onnx' || kind !== undefined) {
      throw new WhosinError('usage', `${path} is no ONNX file of an embedder of faces.`);
    }
    const read = embedderParts(bytes, path);
    const parts = { ...read, preparation: { ...read.preparation, ...options.preparation } };
    checkOdds(name, options);
    const licence = options.licence ?? familyLicences[parts.family];
    const graph = await writePackFile(folder, 'graph.onnx', bytes);
    const about = { kind: 'face-embedder', name, licence, source, parts, graph } as const;
    const pack = facePackOf({ ...about, reference: '', background: graph });
    await tryOut(pack, config);
    const fitted =
      options.background === undefined
        ? await fitEmbedderBackground(pack, options.reference!, config, options)
        : await givenBackground(options.background, pack.space, parts.size);
    const background = await writePackFile(folder, 'background.onnx', fitted.bytes);
    return { ...about, reference: fitted.reference, background };
  };
}

/** For `pullPack`. An embedder comes with no odds: they are fitted on a reference, or taken from a file. */
export function fetchedEmbedder(
  config: NetworkConfig,
  wanted: PullableFaceModel,
  options: Omit<EmbedderFileOptions, 'licence' | 'preparation'>,
): MakePulled<'face-embedder'> {
  const { name, licence } = wanted;
  return {
    kind: 'face-embedder',
    check: () => checkOdds(name, options),
    make: (fetched, folder) => fromEmbedderFile(config, fetched, wanted, { ...options, licence })(folder),
  };
}

/** Throws `usage` where the odds of a space could come from nowhere. */
function checkOdds(name: string, { reference, background }: EmbedderFileOptions): void {
  if (reference !== undefined || background !== undefined) return;
  throw new WhosinError(
    'usage',
    `${name} would have no odds: how alike photos of one person and of two are in its space has to be measured. Give --reference FOLDER with photos of a few hundred people, one folder for each, such as Labeled Faces in the Wild.`,
  );
}

/** Runs it on a grey chip and on one of noise: the answers have to be numbers, and two. */
async function tryOut({ name, embedders }: FacePack, config: NetworkConfig): Promise<void> {
  const { network: spec } = embedders[0]!;
  const sides = [embedderSide, embedderSide, 3];
  const size = embedderSide ** 2 * 3;
  const chips = new Uint8Array(2 * size).map((_, i) => (i < size ? 128 : (i * 7919) % 256));
  const network = await openNetwork(spec, config);
  try {
    const { embeddings } = await network.run(chips, [2, ...sides]);
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
