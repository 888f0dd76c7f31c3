/** A whole background model: the two covariances, and odds that are calibrated on people they were not fitted on. */

import { fitCalibration, type Trial } from './logistic-calibration.ts';
import { type EnrolledFace, enrol, faceOdds, project, type TwoCovariance } from './two-covariance.ts';
import { byPerson, fitTwoCovariance, type Labelled } from './two-covariance-fit.ts';

export const chosenShrinkage = 0.8;

/** Names are given in galleries of tens to hundreds, where each name is unlikely before looking. */
const calibrationPrior = 0.01;

/**
 * People of one photo: with two or more each, a folder calibrates its odds on its own people (recalibration.ts), and
 * only odds of one photo follow the calibration exactly, those of a mixture of several do not.
 */
const calibratedSizes = [1];

/** A model of most of the people, uncalibrated, and the faces of the others. */
export interface FoldFit {
  readonly model: TwoCovariance;
  readonly others: readonly Labelled[];
}

export interface BackgroundFit {
  readonly model: TwoCovariance;
  /** The fits that other measurements of the space use, as its calibration did: never on people of the fit. */
  readonly folds: readonly FoldFit[];
}

/**
 * A fold's model has to know nearly as many people as the whole one: a model of half of them tells people apart less
 * well, and its calibration makes the odds of the whole one too cautious.
 */
const folds = 6;

/**
 * Fitted on all; the calibration comes from people that each fold's model was not fitted on.
 *
 * @param placeOf where a person falls, from 0 up to 1: deals people out to the folds
 */
export function fitBackgroundByFolds(
  faces: readonly Labelled[],
  placeOf: PlaceOf,
  fit: Fit = fitTwoCovariance,
): BackgroundFit {
  const foldOf = ({ person }: Labelled): number => Math.floor(folds * placeOf(person));
  const fits = Array.from({ length: folds }, (_, fold) => ({
    model: fit(
      faces.filter((face) => foldOf(face) !== fold),
      chosenShrinkage,
    ),
    others: faces.filter((face) => foldOf(face) === fold),
  }));
  const crossed = fits.flatMap(({ model, others }) => trialsOf(model, others, calibratedSizes));
  const calibration = fitCalibration(crossed, calibrationPrior);
  return { model: { ...fit(faces, chosenShrinkage), ...calibration }, folds: fits };
}

export function fitBackground(faces: readonly Labelled[], placeOf: PlaceOf, fit?: Fit): TwoCovariance {
  return fitBackgroundByFolds(faces, placeOf, fit).model;
}

type PlaceOf = (person: string) => number;

type Fit = typeof fitTwoCovariance;

/** As if people were a single cloud. */
export function fitWithoutCrowd(faces: readonly Labelled[], shrinkage: number): TwoCovariance {
  const { crowd: _, ...rest } = fitTwoCovariance(faces, shrinkage);
  return rest;
}

export function calibratedOn(model: TwoCovariance, faces: readonly Labelled[]): TwoCovariance {
  return { ...model, ...fitCalibration(trialsOf(model, faces, calibratedSizes), calibrationPrior) };
}

/** Every photo against templates of so many photos of every person (their own photos left out). */
export function trialsOf(
  model: TwoCovariance,
  faces: readonly Labelled[],
  sizes: readonly number[],
): Trial[] {
  const people = byPerson(faces);
  const projected = new Map(
    [...people].map(([person, photos]) => [
      person,
      photos.map(({ values, quality }) => ({ z: project(model, values), quality })),
    ]),
  );
  const trials: Trial[] = [];
  for (const [person, photos] of projected) {
    for (const size of sizes) {
      if (photos.length <= size) continue;
      const enrolled = photos.slice(0, size);
      const template = enrol(model, enrolled);
      const trust = Math.max(...enrolled.map(({ quality }) => quality));
      const trial = (probe: EnrolledFace, same: boolean): Trial => ({
        score: faceOdds(template, probe),
        clarity: trust * probe.quality,
        same,
      });
      for (const probe of photos.slice(size)) trials.push(trial(probe, true));
      for (const [other, strangers] of projected) {
        if (other === person) continue;
        trials.push(trial(strangers[0]!, false));
      }
    }
  }
  return trials;
}
