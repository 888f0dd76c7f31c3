/** A whole background model: the two covariances, and odds that are calibrated on people they were not fitted on. */

import type { OpenComputation } from '../../models/graph/computation.ts';
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
 * @param compute large products
 */
export async function fitBackgroundByFolds(
  faces: readonly Labelled[],
  placeOf: PlaceOf,
  compute: OpenComputation,
  fit: Fit = fitTwoCovariance,
): Promise<BackgroundFit> {
  const foldOf = ({ person }: Labelled): number => Math.floor(folds * placeOf(person));
  const fits: FoldFit[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const known = faces.filter((face) => foldOf(face) !== fold);
    const others = faces.filter((face) => foldOf(face) === fold);
    fits.push({ model: await fit(known, chosenShrinkage, compute), others });
  }
  const crossed = fits.flatMap(({ model, others }) => trialsOf(model, others, calibratedSizes));
  const calibration = fitCalibration(crossed, calibrationPrior);
  return { model: { ...(await fit(faces, chosenShrinkage, compute)), ...calibration }, folds: fits };
}

export async function fitBackground(
  faces: readonly Labelled[],
  placeOf: PlaceOf,
  compute: OpenComputation,
  fit?: Fit,
): Promise<TwoCovariance> {
  return (await fitBackgroundByFolds(faces, placeOf, compute, fit)).model;
}

type PlaceOf = (person: string) => number;

type Fit = typeof fitTwoCovariance;

/** As if people were a single cloud. */
export async function fitWithoutCrowd(...given: Parameters<Fit>): Promise<TwoCovariance> {
  const { crowd: _, ...rest } = await fitTwoCovariance(...given);
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
