/** A whole background model: the two covariances, and odds that are calibrated on people they were not fitted on. */

import { createHash } from 'node:crypto';
import { hashToUnit } from '../core/random.ts';
import { fitCalibration, type Trial } from './logistic-calibration.ts';
import {
  type EnrolledFace,
  enrol,
  logLikelihoodRatio,
  project,
  type Template,
  type TwoCovariance,
} from './two-covariance.ts';
import { byPerson, fitTwoCovariance, type Labelled } from './two-covariance-fit.ts';

export const chosenShrinkage = 0.8;

/** Names are given in galleries of tens to hundreds, where each name is unlikely before looking. */
const calibrationPrior = 0.01;

/** Where a person falls, 0 to 1, by the name alone; another salt deals the same people anew. */
function placeOf(person: string, salt = ''): number {
  return hashToUnit(createHash('sha256').update(`${person}${salt}`).digest('hex'));
}

export function halvesOf<T extends { readonly person: string }>(
  faces: readonly T[],
  salt?: string,
): readonly [T[], T[]] {
  const inFirst = (face: T): boolean => placeOf(face.person, salt) < 0.5;
  return [faces.filter(inFirst), faces.filter((face) => !inFirst(face))];
}

/** A model of half of the people, uncalibrated, and the faces of the others. */
export interface HalfFit {
  readonly model: TwoCovariance;
  readonly others: readonly Labelled[];
}

export interface BackgroundFit {
  readonly model: TwoCovariance;
  /** What else is measured of the space is measured as its calibration was: never on people of the fit. */
  readonly halves: readonly HalfFit[];
}

/** Fitted on all; the calibration comes from people that each half's model was not fitted on. */
export function fitBackgroundByHalves(
  faces: readonly Labelled[],
  salt?: string,
  fit: Fit = fitTwoCovariance,
): BackgroundFit {
  const [first, second] = halvesOf(faces, salt);
  const halves = [
    { model: fit(second, chosenShrinkage), others: first },
    { model: fit(first, chosenShrinkage), others: second },
  ];
  const crossed = halves.flatMap(({ model, others }) => trialsOf(model, others));
  const calibration = fitCalibration(crossed, calibrationPrior);
  return { model: { ...fit(faces, chosenShrinkage), ...calibration }, halves };
}

export function fitBackground(faces: readonly Labelled[], salt?: string, fit?: Fit): TwoCovariance {
  return fitBackgroundByHalves(faces, salt, fit).model;
}

type Fit = typeof fitTwoCovariance;

/** As if people were a single cloud. */
export function fitWithoutCrowd(faces: readonly Labelled[], shrinkage: number): TwoCovariance {
  const { crowd: _, ...rest } = fitTwoCovariance(faces, shrinkage);
  return rest;
}

export function calibratedOn(model: TwoCovariance, faces: readonly Labelled[]): TwoCovariance {
  return { ...model, ...fitCalibration(trialsOf(model, faces), calibrationPrior) };
}

/** Every photo against templates of 1, 2, 3 and 5 photos of every person (their own photos left out). */
export function trialsOf(model: TwoCovariance, faces: readonly Labelled[]): Trial[] {
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
