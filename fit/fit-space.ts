/**
 * Fits the background model of the default pack on Labeled Faces in the Wild and the frontal photos of Celebrities in
 * Frontal-Profile, and reports what it is worth on people that it was not fitted on.
 *
 *   npx tsx fit/fit-space.ts LFW --also=CFP            # report on each half, fitted on the other
 *   npx tsx fit/fit-space.ts LFW --also=CFP --write    # also fit on everybody and write weights/
 */

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { compute } from '../bench/support/compute.ts';
import { furtherFaces } from '../bench/support/frontal-profile.ts';
import { readReferencePhotos } from '../bench/support/reference-photos.ts';
import { facesToFit } from '../src/faces/packs/reference-photos.ts';
import { writeBackground } from '../src/faces/people/write-background.ts';
import { calibratedOn, chosenShrinkage, fitBackground, trialsOf } from '../src/learn/odds/background-fit.ts';
import type { Trial } from '../src/learn/odds/logistic-calibration.ts';
import { byPerson, fitTwoCovariance } from '../src/learn/odds/two-covariance-fit.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import { halvesByName, placeByName } from '../src/photos/folds.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';

const shrinkages = [0.3, 0.5, 0.7, 0.8, 0.9];

/** Share of same-person trials above the score that a share `far` of the others reach. */
function tarAtFar(trials: readonly Trial[], far: number): number {
  const others = trials
    .filter((t) => !t.same)
    .map((t) => t.score)
    .toSorted((a, b) => b - a);
  const threshold = others[Math.floor(far * others.length)]!;
  const same = trials.filter((t) => t.same);
  return same.filter((t) => t.score > threshold).length / same.length;
}

/** Calibration loss in bits (Cllr): 0 is perfect, 1 is knowing nothing. */
function cllr(trials: readonly Trial[]): number {
  const mean = (same: boolean): number => {
    const of = trials.filter((t) => t.same === same);
    return of.reduce((sum, t) => sum + Math.log2(1 + Math.exp(same ? -t.score : t.score)), 0) / of.length;
  };
  return (mean(true) + mean(false)) / 2;
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('Usage: npx tsx fit/fit-space.ts LFW --also=CFP [--write]');
const faces = [...facesToFit(await readReferencePhotos(folder)), ...(await furtherFaces())];
const halves = halvesByName(faces);
console.log(`${faces.length} faces of ${byPerson(faces).size} people`);
console.log('shrinkage  reported on  TAR@FAR 1e-2   1e-3   1e-4    Cllr');
for (const shrinkage of shrinkages) {
  for (const [fitted, other] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const model = await fitTwoCovariance(halves[fitted], shrinkage, compute);
    // Calibrated on the fitted half's own people: the reported half is used for nothing but the report.
    const trials = trialsOf(calibratedOn(model, halves[fitted]), halves[other], [1, 2, 3, 5]);
    const tars = [1e-2, 1e-3, 1e-4].map((far) => tarAtFar(trials, far).toFixed(4));
    console.log(
      `${shrinkage.toFixed(1).padStart(9)}  half ${other}       ${tars.join('  ')}  ${cllr(trials).toFixed(4)}`,
    );
  }
}
if (process.argv.includes('--write')) {
  const model = await fitBackground(faces, placeByName, compute);
  const provenance = `Fitted by fit/fit-space.ts on ${faces.length} faces of ${byPerson(faces).size} people, shrinkage ${chosenShrinkage}.`;
  const path = join('weights', faceApiPack.background.own);
  const bytes = writeBackground(model, faceApiPack.space, provenance);
  await writeFileAtomically(path, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  console.log(
    `Wrote ${path} (sha256 ${sha256}: put it into src/models/face-api.ts): scale ${model.scale.toFixed(3)}, offset ${model.offset.toFixed(3)}, ${model.between.length} dimensions`,
  );
}
