/**
 * Fits the background model of the default pack on a folder of people, and reports what it is worth on people
 * that it was not fitted on.
 *
 *   npx tsx bench/fit-space.ts FOLDER            # report on each half, fitted on the other
 *   npx tsx bench/fit-space.ts FOLDER --write    # also fit on everybody and write weights/
 */

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { hashToUnit } from '../src/core/random.ts';
import { writeBackground } from '../src/faces/background.ts';
import type { PhotoFaces } from '../src/faces/face.ts';
import { readDataset } from '../src/faces/read-album.ts';
import { openFaceReader } from '../src/faces/read-faces.ts';
import { openCache } from '../src/learn/bottleneck-cache.ts';
import { readLabelledFolder } from '../src/learn/dataset.ts';
import {
  type EnrolledFace,
  enrol,
  logLikelihoodRatio,
  project,
  type Template,
  type TwoCovariance,
} from '../src/learn/two-covariance.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';
import { fitCalibration, type Trial } from './logistic-calibration.ts';
import { byPerson, fitTwoCovariance, type Labelled } from './two-covariance-fit.ts';

const shrinkages = [0.3, 0.5, 0.7, 0.8, 0.9];
const chosenShrinkage = 0.8;
/** Names are given in galleries of tens to hundreds, where each name is unlikely before looking. */
const calibrationPrior = 0.01;

/** LFW crops are centred on the person they are named after. */
function centralFace(photo: PhotoFaces): number {
  const distances = photo.faces.map(({ box }) =>
    Math.hypot(box.left + box.width / 2 - photo.width / 2, box.top + box.height / 2 - photo.height / 2),
  );
  return distances.indexOf(Math.min(...distances));
}

async function readFaces(folder: string): Promise<Labelled[]> {
  const config = readConfig();
  const reader = openFaceReader(faceApiPack, config);
  const { photos } = await readDataset(
    await readLabelledFolder(folder),
    reader,
    openCache(config.home, writeFileAtomically),
    (done, total) => {
      if (done % 200 === 0) console.error(`${done}/${total} photos`);
    },
  );
  await reader.close();
  return photos.map((photo) => {
    const { embedding, quality } = photo.faces[centralFace(photo)]!;
    return { person: photo.person, values: embedding.values, quality };
  });
}

/** Every photo against templates of 1, 2, 3 and 5 photos of every person (their own photos left out). */
function trialsOf(model: TwoCovariance, faces: readonly Labelled[]): Trial[] {
  const people = byPerson(faces);
  const projected = new Map(
    [...people].map(([person, photos]) => [
      person,
      photos.map(({ values, quality }) => ({ z: project(model, values), quality })),
    ]),
  );
  const trials: Trial[] = [];
  for (const [person, photos] of projected) {
    for (const size of [1, 2, 3, 5]) {
      if (photos.length <= size) continue;
      const template = enrol(model, photos.slice(0, size));
      for (const probe of photos.slice(size)) trials.push({ score: oddsOf(template, probe), same: true });
      for (const [other, strangers] of projected) {
        if (other === person) continue;
        trials.push({ score: oddsOf(template, strangers[0]!), same: false });
      }
    }
  }
  return trials;
}

function oddsOf(template: Template, { z, quality }: EnrolledFace): number {
  return quality * logLikelihoodRatio(template, z);
}

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

function calibrated(model: TwoCovariance, on: readonly Labelled[]): TwoCovariance {
  return { ...model, ...fitCalibration(trialsOf(model, on), calibrationPrior) };
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('Usage: npx tsx bench/fit-space.ts FOLDER [--write]');
const faces = await readFaces(folder);
const half = (face: Labelled): number =>
  hashToUnit(createHash('sha256').update(face.person).digest('hex')) < 0.5 ? 0 : 1;
const halves = [faces.filter((f) => half(f) === 0), faces.filter((f) => half(f) === 1)] as const;
console.log(`${faces.length} faces of ${byPerson(faces).size} people`);
console.log('shrinkage  reported on  TAR@FAR 1e-2   1e-3   1e-4    Cllr');
for (const shrinkage of shrinkages) {
  for (const [fitted, other] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const model = fitTwoCovariance(halves[fitted], shrinkage);
    // Calibrated on the fitted half's own people: the reported half is used for nothing but the report.
    const trials = trialsOf(calibrated(model, halves[fitted]), halves[other]);
    const tars = [1e-2, 1e-3, 1e-4].map((far) => tarAtFar(trials, far).toFixed(4));
    console.log(
      `${shrinkage.toFixed(1).padStart(9)}  half ${other}       ${tars.join('  ')}  ${cllr(trials).toFixed(4)}`,
    );
  }
}
if (process.argv.includes('--write')) {
  // The calibration comes from people that the model was not fitted on, each half from the other's model.
  const crossed = [0, 1].flatMap((i) =>
    trialsOf(fitTwoCovariance(halves[1 - i]!, chosenShrinkage), halves[i]!),
  );
  const model = {
    ...fitTwoCovariance(faces, chosenShrinkage),
    ...fitCalibration(crossed, calibrationPrior),
  };
  const provenance = `Fitted by bench/fit-space.ts on ${faces.length} faces of ${byPerson(faces).size} people, shrinkage ${chosenShrinkage}.`;
  const path = join('weights', faceApiPack.background);
  await writeFileAtomically(path, writeBackground(model, faceApiPack.space, provenance));
  console.log(
    `Wrote ${path}: scale ${model.scale.toFixed(3)}, offset ${model.offset.toFixed(3)}, ${model.between.length} dimensions`,
  );
}
