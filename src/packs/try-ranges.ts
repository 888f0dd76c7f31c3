/**
 * Tries a guess: the range of values that a network takes. With a wrong one, a network mostly gives the same label whatever it sees, or is
 * sure beyond doubt of all that it says.
 */

import { readFile } from 'node:fs/promises';
import type { NetworkConfig } from '../config.ts';
import type { RgbImage } from '../core/image.ts';
import { preparations } from '../models/graph/picture-parts.ts';
import type { Preparation } from '../models/graph/tensorflow/preparation.ts';
import { decodingSize, type PicturePack } from '../models/picture-pack.ts';
import { decodePhoto } from '../runtime/decode.ts';
import { openPictureNetwork } from '../runtime/picture-network.ts';
import { openOnce } from '../runtime/session.ts';
import { samplePath, samplePhotos } from './sample-photos.ts';

export interface DoubtfulRange {
  /** The label that every one of the photos gets. */
  readonly label: string;
  /** All answers are the same number for number, as far as anybody would look. */
  readonly same: boolean;
  /** Ranges with which the photos get different labels, as `--range` names them; the ones that tell most of them apart first. */
  readonly others: readonly string[];
}

/** Probabilities that differ by less are one answer. */
const sameAnswer = 0.01;

/** @returns nothing if the range is no guess, or if the network tells the photos that come with whosin apart */
export async function tryRange(pack: PicturePack, config: NetworkConfig): Promise<DoubtfulRange | undefined> {
  if (pack.grounds?.range !== 'guess' || !pack.scores) return undefined;
  const photos: RgbImage[] = [];
  for (const name of samplePhotos) {
    const path = samplePath(name);
    photos.push((await decodePhoto(await readFile(path), path, decodingSize(pack))).image);
  }
  const own = await answersTo(photos, pack, pack.input.preparation, config);
  if (own.labels > 1) return undefined;
  const others: { readonly range: string; readonly labels: number }[] = [];
  for (const [range, preparation] of Object.entries(preparations)) {
    const { labels } = await answersTo(photos, pack, { ...pack.input.preparation, ...preparation }, config);
    if (labels > 1) others.push({ range, labels });
  }
  if (others.length === 0 && !own.same) return undefined;
  const sorted = others.toSorted((a, b) => b.labels - a.labels).map(({ range }) => range);
  return { label: pack.scores.labels[own.label]!, same: own.same, others: sorted };
}

interface Answers {
  /** How many different labels came first. */
  readonly labels: number;
  /** The first one. */
  readonly label: number;
  readonly same: boolean;
}

async function answersTo(
  photos: readonly RgbImage[],
  pack: PicturePack,
  preparation: Preparation,
  config: NetworkConfig,
): Promise<Answers> {
  const tried = { ...pack, input: { ...pack.input, preparation } };
  const network = await openPictureNetwork(tried, 'scores', config, openOnce);
  try {
    const answers: Float32Array[] = [];
    for (const photo of photos) answers.push((await network.run(photo))['scores']!.data);
    const best = answers.map((scores) => scores.indexOf(Math.max(...scores)));
    const [first] = answers;
    const same = answers.every((scores) => scores.every((p, i) => Math.abs(p - first![i]!) < sameAnswer));
    return { labels: new Set(best).size, label: best[0]!, same };
  } finally {
    await network.close();
  }
}
