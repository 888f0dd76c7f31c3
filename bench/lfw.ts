/**
 * The protocol of Labeled Faces in the Wild, on any of its pair files: the threshold of each set is chosen on the
 * other sets, and a pair with a face that was not found counts as an error.
 *
 *   npx tsx bench/lfw.ts FOLDER PAIRS [--also=CFP] [--without-crowd] [--detector=FILE]
 *
 * Two scores: the cosine of the embeddings, which is fitted on nobody here, and the odds of the background model, fitted
 * anew for each set on people who are not in it (and the people of Celebrities in Frontal-Profile, as the one that
 * ships); with --without-crowd, those of a model that knows no crowd, too. The sets share
 * no people. A set has few pairs, and a handful of them decides its threshold and its accuracy: beside it stand the
 * accuracy with the threshold at which a logistic regression on the other sets says even odds, and the best accuracy
 * over all pairs of photos, both kinds weighing the same.
 */

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ReferencePhoto } from '../src/faces/packs/reference-photos.ts';
import { fitBackground, fitWithoutCrowd } from '../src/learn/odds/background-fit.ts';
import type { TwoCovariance } from '../src/learn/odds/two-covariance.ts';
import { fitTwoCovariance } from '../src/learn/odds/two-covariance-fit.ts';
import { halvesByName, placeByName } from '../src/photos/folds.ts';
import { compute } from './support/compute.ts';
import { withWhich } from './support/detector-pack.ts';
import { facesToFitBeside, furtherFaces } from './support/frontal-profile.ts';
import {
  accuraciesOf,
  bestThreshold,
  evenThreshold,
  meanOf,
  type ScoredPair,
} from './support/pair-accuracy.ts';
import { type ComparedPairs, comparePairs, scorer } from './support/pair-odds.ts';
import { readReferencePhotos } from './support/reference-photos.ts';
import { places, type Row, report } from './support/results.ts';

interface Pair {
  readonly photos: readonly [ReferencePhoto, ReferencePhoto];
  readonly same: boolean;
}

const [folder, pairFile] = places;
if (folder === undefined || pairFile === undefined) {
  throw new Error(
    'Usage: npx tsx bench/lfw.ts FOLDER PAIRS [--also=CFP] [--without-crowd] [--detector=FILE]',
  );
}
const photos = await readReferencePhotos(folder);
const further = await furtherFaces();
const byName = new Map(photos.map((photo) => [basename(photo.path).replace(/\.\w+$/, ''), photo]));
const sets = readPairs(await readFile(pairFile, 'utf8'));

const found = photos.filter(({ central }) => central !== null).length;
const people = new Set(photos.map(({ person }) => person)).size;
const pairs = sets.flat();
const lost = pairs.filter((pair) => pair.photos.some(({ central }) => central === null)).length;
const notes = [
  `${photos.length} photos of ${people} people; ${sets.length} sets, ${pairs.length} pairs, ${lost} of them with a face that was not found.`,
  `The face is found over the middle of the photo: ${found} of ${photos.length} (${percent(found / photos.length)}).`,
];

const cosine = sets.map((set) => scored(set));
const rows = [rowOf('cosine', cosine, [comparePairs(photos)])];
const halves = halvesByName(photos);
const fits = { odds: fitTwoCovariance, 'no crowd': fitWithoutCrowd };
for (const [name, fit] of Object.entries(fits).slice(0, process.argv.includes('--without-crowd') ? 2 : 1)) {
  const crossed = [];
  for (const i of [0, 1]) {
    const background = await fitBackground(
      facesToFitBeside(halves[1 - i]!, further, halves[i]!),
      dealAgain,
      compute,
      fit,
    );
    crossed.push(comparePairs(halves[i]!, background));
  }
  const own = [];
  for (const set of sets) own.push(scored(set, await backgroundWithout(set, fit)));
  rows.push(rowOf(name, own, crossed));
}
await report('lfw', { title: `${withWhich}Pairs of ${basename(folder)}, ${sets.length} sets`, rows, notes });

/** `10<tab>300`, then for each set as many pairs of one person (name, n, n) and of two (name, n, name, n). */
function readPairs(text: string): Pair[][] {
  const [head, ...lines] = text.trim().split('\n');
  const [count, size] = head!.trim().split('\t').map(Number);
  if (!count || !size || lines.length !== count * size * 2) {
    throw new Error(`${pairFile}: the first line promises another number of pairs than follow`);
  }
  return Array.from({ length: count }, (_, set) =>
    lines.slice(set * size * 2, (set + 1) * size * 2).map((line): Pair => {
      const [a, n, b, m] = line.trim().split('\t');
      const same = m === undefined;
      return { same, photos: [photoOf(a!, n!), same ? photoOf(a!, b!) : photoOf(b!, m)] };
    }),
  );
}

function photoOf(person: string, number: string): ReferencePhoto {
  const name = `${person}_${number.padStart(4, '0')}`;
  const photo = byName.get(name);
  if (!photo) throw new Error(`${folder} has no photo ${name}`);
  return photo;
}

function scored(set: readonly Pair[], model?: TwoCovariance): ScoredPair[] {
  const score = scorer(model);
  return set.map(({ photos: [a, b], same }) => ({ score: score(a, b), same }));
}

function backgroundWithout(set: readonly Pair[], fit: typeof fitTwoCovariance): Promise<TwoCovariance> {
  const reported = set.flatMap((pair) => pair.photos);
  const known = new Set(reported.map(({ person }) => person));
  const others = photos.filter(({ person }) => !known.has(person));
  return fitBackground(facesToFitBeside(others, further, reported), dealAgain, compute, fit);
}

/** The halves were dealt by the same names. */
function dealAgain(person: string): number {
  return placeByName(person, 'again');
}

function rowOf(
  score: string,
  scoredSets: readonly (readonly ScoredPair[])[],
  all: readonly ComparedPairs[],
): Row {
  const accuracies = accuraciesOf(scoredSets, bestThreshold);
  const mean = meanOf(accuracies);
  const variance = accuracies.reduce((sum, a) => sum + (a - mean) ** 2, 0) / (accuracies.length - 1);
  const even = meanOf(accuraciesOf(scoredSets, evenThreshold));
  const tar = (far: number): string => `${(tarAtFar(all, far) * 100).toFixed(1)} %`;
  const [same, different] = (['same', 'different'] as const).map((kind) =>
    all.reduce((sum, compared) => sum + compared[kind].length, 0),
  );
  notes.push(
    `${score}: the sets have ${accuracies.map(percent).join(', ')}; TAR over ${same} pairs of one person, FAR over ${different} pairs of two.`,
  );
  return {
    score,
    accuracy: `${percent(mean)} ± ${percent(Math.sqrt(variance / accuracies.length))}`,
    'even odds': percent(even),
    'all pairs': percent(bestAccuracy(all)),
    'TAR at FAR 1e-2': tar(1e-2),
    '1e-3': tar(1e-3),
    '1e-4': tar(1e-4),
    '1e-5': tar(1e-5),
  };
}

/** With the threshold that suits these pairs best. */
function bestAccuracy(all: readonly ComparedPairs[]): number {
  const [same, different] = (['same', 'different'] as const).map((kind) =>
    Float32Array.from(all.flatMap((compared) => [...compared[kind]])).toSorted(),
  ) as [Float32Array, Float32Array];
  let [best, refused] = [0, 0];
  for (const [i, threshold] of different.entries()) {
    while (refused < same.length && same[refused]! <= threshold) refused++;
    best = Math.max(best, (1 - refused / same.length + (i + 1) / different.length) / 2);
  }
  return best;
}

/** The share of pairs of one person above the score that a share `far` of all others reach. */
function tarAtFar(all: readonly ComparedPairs[], far: number): number {
  const different = Float32Array.from(all.flatMap((compared) => [...compared.different])).toSorted();
  const threshold = different[different.length - 1 - Math.floor(far * different.length)]!;
  const same = all.flatMap((compared) => [...compared.same]);
  return same.filter((score) => score > threshold).length / same.length;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
