/** RECIPE: which of the networks that are here is the best to put a layer on, for the pictures of a folder. */

import type { Config } from '../config.ts';
import { stopIfAborted, WhosinError } from '../errors.ts';
import { chooseStrength } from '../learn/layer/softmax-regression.ts';
import type { OpenComputation } from '../models/graph/computation.ts';
import type { PicturePack } from '../models/picture-pack.ts';
import { builtInPacks, packsOf } from '../packs/pack-store.ts';
import { openCache } from '../photos/bottleneck-cache.ts';
import { readDataset } from '../photos/read-dataset.ts';
import type { ReadOptions } from '../photos/read-photos.ts';
import { splitInThree } from '../photos/split.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import { openComputation } from '../runtime/computation.ts';
import { inParts } from './fit-model.ts';
import { requireLabels, sameSide } from './picture-set.ts';
import { openPictureReader } from './read-picture.ts';

/** On pictures left out, each once, of layers that were fitted without them. */
export interface TriedBackbone {
  readonly name: string;
  readonly accuracy: number;
  readonly crossEntropy: number;
  readonly pictures: number;
}

export interface BestBackbone {
  readonly pack: PicturePack;
  /** The best first. */
  readonly tried: readonly TriedBackbone[];
}

export interface BackboneOptions extends ReadOptions {
  /** The share of the pictures that the model is measured with afterwards: nothing is chosen by them. */
  readonly testing?: number;
  /** Labels that have more pictures count no more than others; true if left out. */
  readonly balanced?: boolean;
  /** Those among which is chosen; all that are here if left out. */
  readonly wanted?: (pack: PicturePack) => boolean;
  readonly onTried?: (tried: TriedBackbone) => void;
  /** Told of one that cannot be used; the others are tried. */
  readonly onFailed?: (name: string, error: WhosinError) => void;
  readonly onCacheFailure?: (reason: string) => void;
}

/** The networks that a layer can be put on, and that need not be fetched. */
export async function backbonesHere({ packs }: Pick<Config, 'packs'>): Promise<readonly PicturePack[]> {
  return [...builtInPacks, ...(await packsOf(packs, 'picture'))].filter(({ bottleneck }) => bottleneck);
}

/**
 * Cross-validates a layer on each of them; the lowest cross-entropy is the best.
 *
 * @param root one sub-folder of pictures for each label
 * @throws WhosinError `too-few-photos` if fewer than two labels have pictures; `not-found` if none is here, or why none can be used
 */
export async function bestBackbone(
  root: string,
  config: Config,
  { wanted = () => true, onTried, onFailed, onCacheFailure, ...options }: BackboneOptions = {},
): Promise<BestBackbone> {
  const cache = openCache(config.home, writeFileAtomically, onCacheFailure);
  const open: OpenComputation = (graph, how) => openComputation(graph, config, how);
  const found: { readonly pack: PicturePack; readonly tried: TriedBackbone }[] = [];
  let failed: WhosinError | undefined;
  for (const pack of (await backbonesHere(config)).filter(wanted)) {
    try {
      const tried = await tryBackbone(root, pack, { ...options, config, cache, open });
      found.push({ pack, tried });
      onTried?.(tried);
    } catch (error) {
      // A network can be damaged, or too large for this machine; a folder that is no set is so for all of them.
      if (!(error instanceof WhosinError) || error.code !== 'bad-weights') throw error;
      failed = error;
      onFailed?.(pack.name, error);
    }
  }
  const sorted = found.toSorted((a, b) => a.tried.crossEntropy - b.tried.crossEntropy);
  if (sorted[0] === undefined) {
    throw failed ?? new WhosinError('not-found', 'No network is here that a layer can be put on.');
  }
  return { pack: sorted[0].pack, tried: sorted.map(({ tried }) => tried) };
}

interface Tools extends ReadOptions {
  readonly testing?: number;
  readonly balanced?: boolean;
  readonly config: Config;
  readonly cache: ReturnType<typeof openCache>;
  readonly open: OpenComputation;
}

async function tryBackbone(
  root: string,
  pack: PicturePack,
  { testing = 0.1, balanced = true, config, cache, open, signal, onProgress }: Tools,
): Promise<TriedBackbone> {
  const reader = openPictureReader(pack, config);
  try {
    const { dataset, reading } = await readDataset(root, reader, cache, { signal, onProgress }, wholeOnly);
    const labels = requireLabels(dataset, reading);
    const { training } = splitInThree(sameSide(reading.photos), { validation: 0, testing });
    stopIfAborted(signal);
    const folds = inParts(training, [], labels);
    const kept = await chooseStrength(folds, labels.length, { open, balanced });
    return {
      name: pack.name,
      accuracy: kept.validationAccuracy ?? 0,
      crossEntropy: kept.validationCrossEntropy ?? Number.POSITIVE_INFINITY,
      pictures: folds.reduce((sum, { validation }) => sum + validation.labels.length, 0),
    };
  } finally {
    await reader.close();
  }
}

/** The bottleneck is one of the whole picture, the damaged part included. */
function wholeOnly({ damage }: { readonly damage?: string }): string | undefined {
  return damage && `is ${damage}`;
}
