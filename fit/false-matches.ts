/**
 * Measures how often two different people reach given odds of being one, for `whosin verify`. Each half of the
 * people is compared by a background that was fitted on the other half (and the frontal photos of further people, as the one that ships), all pairs of photos of different people.
 *
 *   npx tsx fit/false-matches.ts LFW --also=CFP            # print the table
 *   npx tsx fit/false-matches.ts LFW --also=CFP --write    # also write it beside the background in weights/
 */

import { basename, join, resolve } from 'node:path';
import { compute } from '../bench/support/compute.ts';
import { facesToFitBeside, furtherFaces } from '../bench/support/frontal-profile.ts';
import { comparePairs } from '../bench/support/pair-odds.ts';
import { readReferencePhotos } from '../bench/support/reference-photos.ts';
import { falseMatchRates } from '../src/faces/packs/measure-false-matches.ts';
import { loadBackground } from '../src/faces/people/background-file.ts';
import { type FalseMatchTable, falseMatchFile } from '../src/faces/people/false-match-rate.ts';
import { chosenShrinkage } from '../src/learn/odds/background-fit.ts';
import { fitTwoCovariance } from '../src/learn/odds/two-covariance-fit.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import { halvesByName } from '../src/photos/folds.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('Usage: npx tsx fit/false-matches.ts LFW --also=CFP [--write]');
const photos = await readReferencePhotos(folder);
const further = await furtherFaces();
const halves = halvesByName(photos);
// The shipped calibration: two numbers, which came from people that each half's model was not fitted on.
const { scale, offset } = await loadBackground(faceApiPack);
const impostors = [];
for (const i of [0, 1]) {
  const known = facesToFitBeside(halves[1 - i]!, further, halves[i]!);
  const fitted = await fitTwoCovariance(known, chosenShrinkage, compute);
  impostors.push(comparePairs(halves[i]!, { ...fitted, scale, offset }).different);
}
const odds = impostors.flatMap((half) => [...half]);
const table: FalseMatchTable = {
  space: faceApiPack.space,
  background: faceApiPack.background.sha256,
  measuredOn: `${odds.length.toLocaleString('en')} pairs of photos of different people (${basename(resolve(folder))})`,
  pairs: odds.length,
  rates: falseMatchRates(odds),
};
for (const [logOdds, rate] of table.rates)
  console.log(`${String(rate).padEnd(8)} log odds ${logOdds.toFixed(2)}`);
if (process.argv.includes('--write')) {
  const path = join('weights', falseMatchFile(faceApiPack.background.own));
  // One rate a line, as the formatter of this repository has it.
  const text = JSON.stringify(table, null, 2).replaceAll(/\[\s+(-?[\d.]+),\s+([\d.]+)\s+\]/g, '[$1, $2]');
  await writeFileAtomically(path, `${text}\n`);
  console.log(`Wrote ${path}`);
}
