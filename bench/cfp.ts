/**
 * Celebrities in Frontal-Profile: faces from the side, found and compared with faces from the front. The threshold of
 * each set is chosen on the other sets; a pair with a face that was not found counts as an error.
 *
 *   npx tsx bench/cfp.ts FOLDER LFW [--detector=FILE]
 *
 * FOLDER holds `<person>/{frontal,profile}/*.jpg` and `pairs.tsv` (protocol, set, same, a, b). Two scores: the cosine of the
 * embeddings, and the odds of a background that is fitted for each set as the shipped one is, but on nobody in it: on the
 * frontal photos of the other sets and on LFW, a folder of Labeled Faces in the Wild.
 */

import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Face } from '../src/faces/find/face.ts';
import { wilson } from '../src/learn/measure/intervals.ts';
import { fitBackground } from '../src/learn/odds/background-fit.ts';
import type { TwoCovariance } from '../src/learn/odds/two-covariance.ts';
import { placeByName } from '../src/photos/folds.ts';
import { compute } from './support/compute.ts';
import { withWhich } from './support/detector-pack.ts';
import { facesToFitBeside, frontalFaces, personOf, readFrontalProfile } from './support/frontal-profile.ts';
import {
  accuraciesOf,
  bestThreshold,
  isRight,
  meanOf,
  othersOf,
  type ScoredPair,
} from './support/pair-accuracy.ts';
import { scorer } from './support/pair-odds.ts';
import { readReferencePhotos } from './support/reference-photos.ts';
import { places, type Row, report } from './support/results.ts';

interface Pair {
  readonly protocol: string;
  readonly set: string;
  readonly same: boolean;
  readonly photos: readonly [a: string, b: string];
}

/** How far a profile is turned. */
const turns = ['below 30°', '30 to 40°', '40 to 45°', 'above 45°', 'not found'] as const;

/** The base of a nose lies in front of the eyes' outer corners by about so much of the distance between them. */
const noseDepth = 0.45;

const [folder, lfw] = places;
if (folder === undefined || lfw === undefined)
  throw new Error('Usage: npx tsx bench/cfp.ts FOLDER LFW [--detector=FILE]');
const name = basename(folder);
const pairs = readPairs(await readFile(join(folder, 'pairs.tsv'), 'utf8'));
const began = process.cpuUsage();
const faces = await readFrontalProfile(folder);
const { user, system } = process.cpuUsage(began);
console.log(`${faces.size} photos, ${((user + system) / 1e6).toFixed(0)} s of processor time`);
const [allFrontal, reference] = [frontalFaces(faces), await readReferencePhotos(lfw)];
const backgrounds = new Map<string, TwoCovariance>();
for (const set of new Set(pairs.map((pair) => pair.set))) backgrounds.set(set, await backgroundWithout(set));
const scores = { cosine: () => scorer(), odds: (set: string) => scorer(backgrounds.get(set)) };
const protocols = { 'two frontal': setsOf('FF'), 'frontal and profile': setsOf('FP') };

const finding = (['frontal', 'profile'] as const).map((kind): Row => {
  const shown = [...faces.values()].filter(({ path }) => dirname(path).endsWith(kind));
  const found = shown.flatMap(({ central }) => central ?? []);
  const { low, high } = wilson(found.length, shown.length);
  return {
    photos: `${shown.length} ${kind}`,
    'with a face': `${found.length} (${percent(found.length / shown.length)})`,
    'at 95 %': `${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)} %`,
    'presence of 0.5 or more': found.filter(({ quality }) => quality >= 0.5).length,
    'more than one face': shown.filter(({ all }) => all > 1).length,
  };
});
await report('cfp', { title: `${withWhich}Faces of ${name}`, rows: finding });

const compared = Object.entries(protocols).flatMap(([protocol, sets]) =>
  Object.entries(scores).map(([score, compare]): Row => {
    const scored = sets.map((set) => scoredBy(compare, set));
    const found = scored.map((set) => set.filter((pair) => Number.isFinite(pair.score)));
    const [all, both] = [scored, found].map((those) => those.flat().length) as [number, number];
    const accuracies = accuraciesOf(scored, bestThreshold);
    return {
      pairs: protocol,
      score,
      accuracy: percent(meanOf(accuracies)),
      sets: accuracies.map(percent).join(', '),
      'pairs without a face': `${all - both} of ${all}`,
      'those with both': percent(meanOf(accuraciesOf(found, bestThreshold))),
      'threshold 0': score === 'odds' ? percent(meanOf(accuraciesOf(scored, () => 0))) : '',
    };
  }),
);
await report('cfp', { title: `${withWhich}Pairs of ${name}`, rows: compared });

const counted = new Map(turns.map((turn) => [turn, { pairs: 0, right: 0 }]));
const mixed = protocols['frontal and profile'].map((set) => ({ set, scored: scoredBy(scores.odds, set) }));
for (const [i, { set, scored }] of mixed.entries()) {
  const others = othersOf(
    mixed.map((each) => each.scored),
    i,
  );
  const threshold = bestThreshold(others);
  for (const [k, pair] of set.entries()) {
    const count = counted.get(turnOf(pair.photos.map((photo) => faces.get(photo)!.central)))!;
    count.pairs++;
    if (isRight(scored[k]!, threshold)) count.right++;
  }
}
await report('cfp', {
  title: `${withWhich}Frontal and profile pairs of ${name}, by how far the profile is turned`,
  rows: [...counted].map(([turn, { pairs: of, right }]) => ({
    turned: turn,
    pairs: of,
    right: of > 0 ? `${right} (${percent(right / of)})` : '',
  })),
  notes: [
    'By the odds, with the thresholds of the table of pairs.',
    'How far a face is turned is inferred from where the base of the nose lies beside the corners of the eyes. The mesh draws the hidden eye of a full profile into sight: 45° stands for 60 to 90, and below 30° the mesh did not see the face as it is.',
  ],
});

function readPairs(text: string): Pair[] {
  const [, ...lines] = text.trim().split('\n');
  return lines.map((line) => {
    const [protocol, set, same, a, b] = line.split('\t') as [string, string, string, string, string];
    return { protocol, set, same: same === '1', photos: [a, b] };
  });
}

function setsOf(protocol: string): Pair[][] {
  const own = pairs.filter((pair) => pair.protocol === protocol);
  return [...new Set(own.map(({ set }) => set))].map((set) => own.filter((pair) => pair.set === set));
}

function backgroundWithout(set: string): Promise<TwoCovariance> {
  const shown = pairs.filter((pair) => pair.set === set).flatMap((pair) => pair.photos);
  const reported = shown.map((path) => ({ person: personOf(path) }));
  const people = new Set(reported.map(({ person }) => person));
  const unseen = reference.filter(({ person }) => !people.has(person));
  return fitBackground(facesToFitBeside(unseen, allFrontal, reported), placeByName, compute);
}

/** @param score the comparison for each set */
function scoredBy(score: (set: string) => ReturnType<typeof scorer>, set: readonly Pair[]): ScoredPair[] {
  const compare = score(set[0]!.set);
  return set.map(({ photos: [a, b], same }) => ({ score: compare(faces.get(a)!, faces.get(b)!), same }));
}

function turnOf([frontal, profile]: readonly (Face | null)[]): (typeof turns)[number] {
  if (!frontal || !profile) return 'not found';
  const [left, , , right, nose] = profile.landmarks;
  const across = { x: right!.x - left!.x, y: right!.y - left!.y };
  const square = across.x ** 2 + across.y ** 2;
  const along = ((nose!.x - left!.x) * across.x + (nose!.y - left!.y) * across.y) / square;
  const degrees = (Math.atan(Math.abs(along - 0.5) / noseDepth) / Math.PI) * 180;
  if (degrees < 30) return 'below 30°';
  if (degrees < 40) return '30 to 40°';
  return degrees < 45 ? '40 to 45°' : 'above 45°';
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
