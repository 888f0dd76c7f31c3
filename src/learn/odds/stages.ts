/**
 * Templates of people who have changed. Photos of one stage of life (a small child, a schoolchild, somebody grown up) are one
 * more place in the mixture of a template, beside the place that all photos share: what a child of three looks like is told by
 * photos of small children, however many of a later time there are.
 */

import { groupedBy } from '../../core/grouped.ts';
import {
  type Component,
  type EnrolledFace,
  enrol,
  enrolPlace,
  logLikelihoodRatio,
  type Template,
  type TwoCovariance,
} from './two-covariance.ts';

export interface StagedFace extends EnrolledFace {
  /** A number for each stage of life; null where it is not known. */
  readonly stage: number | null;
}

export interface StagedTemplate extends Template {
  /** So many of the components, the first ones, are places that several photos share. */
  readonly places: number;
}

/**
 * A stage has to make its own photos so many times likelier, all in all. Photos of one match are more alike than others: with
 * 20, stages by dates at random cost sports-dev a name in 500, with 1000 one in 2,500 (`bench/ages.ts`).
 */
const leastGain = Math.log(1000);

/**
 * A stage counts only if the person's own photos bear it out: each photo of it is left out in turn, and has to be better
 * known with the place of the stage than without. So dates that are wrong, and people who have not changed, leave the
 * template as `enrol` makes it; so do photos without a stage, and photos of one stage alone.
 */
export function enrolByStage(model: TwoCovariance, photos: readonly StagedFace[]): StagedTemplate {
  const singles = new Map<StagedFace, Component>();
  const stages = stagesOf(photos);
  if (stages.length > 0) for (const photo of photos) singles.set(photo, placeOf(model, [photo]));
  const known = (photo: StagedFace, parts: readonly Part[]): number => {
    const others = parts.map((part) => part.filter((other) => other !== photo));
    const filled = others.filter(({ length }) => length > 0);
    return photo.quality * logLikelihoodRatio(mixture(model, filled, singles), photo.z);
  };
  const telling = stages.filter((stage) => {
    const gains = stage.map((photo) => known(photo, [photos, stage]) - known(photo, [photos]));
    return gains.reduce((sum, gain) => sum + gain, 0) > leastGain;
  });
  return telling.length > 0
    ? mixture(model, [photos, ...telling], singles)
    : { ...enrol(model, photos), places: 1 };
}

type Part = readonly StagedFace[];

/** Stages that hold several photos, and not all of them. */
function stagesOf(photos: Part): readonly Part[] {
  const staged = photos.filter(({ stage }) => stage !== null);
  return [...groupedBy(staged, ({ stage }) => stage).values()].filter(
    ({ length }) => length > 1 && length < photos.length,
  );
}

/** The templates of all parts, each with the same share; a photo that is in two of them is one component. */
function mixture(
  model: TwoCovariance,
  parts: readonly Part[],
  singles: ReadonlyMap<StagedFace, Component>,
): StagedTemplate {
  const half = 0.5 / parts.length;
  const shares = new Map<StagedFace, number>();
  for (const part of parts) {
    const all = part.reduce((sum, { quality }) => sum + quality, 0);
    for (const photo of part) shares.set(photo, (shares.get(photo) ?? 0) + (half * photo.quality) / all);
  }
  return {
    components: [
      ...parts.map((part) => ({ ...placeOf(model, part), weight: half })),
      ...[...shares].map(([photo, weight]) => ({ ...singles.get(photo)!, weight })),
    ],
    places: parts.length,
  };
}

function placeOf(model: TwoCovariance, photos: Part): Component {
  return enrolPlace(model, photos).components[0]!;
}
