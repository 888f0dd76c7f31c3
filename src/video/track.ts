/** One person's face through a shot, and what all its frames together say. */

import { meanDirection } from '../core/embedding.ts';
import type { Probe } from '../faces/people/gallery.ts';
import { sameOdds } from '../faces/people/verify.ts';
import { enrol, logLikelihoodRatio, project, type TwoCovariance } from '../learn/odds/two-covariance.ts';
import type { SamePerson } from './follow-faces.ts';
import type { Sighting, TrackFace, Tracklet } from './tracklet.ts';

export interface Track {
  readonly from: number;
  readonly to: number;
  /** In the order of time. */
  readonly sightings: readonly Sighting[];
  readonly faces: readonly TrackFace[];
  readonly still: Tracklet['still'];
}

/** The clearest faces are enough: more of them are more of the same minute. */
const pooled = 5;

/**
 * The frames of a track show one face in one light and are nearly copies of each other, so they count as one photo:
 * the mean direction of the clearest embeddings, weighted by quality, as clear as the clearest of them. (Each frame
 * for itself would be evidence many times over.)
 */
export function poolFaces(faces: readonly TrackFace[]): Probe {
  const best = faces.toSorted((a, b) => b.quality - a.quality).slice(0, pooled);
  const { space } = best[0]!.embedding;
  const weighted = best.map(({ embedding, quality }) =>
    embedding.values.map((v) => v * (quality ** 2 + 1e-6)),
  );
  return { embedding: { space, values: meanDirection(weighted) }, quality: best[0]!.quality };
}

/** Log odds that two tracks, or parts of one, show one person. */
export function trackOdds(background: TwoCovariance, a: Probe, b: Probe): number {
  const place = ({ embedding, quality }: Probe) => ({ z: project(background, embedding.values), quality });
  return sameOdds(background, place(a), place(b));
}

/**
 * Below these log odds the face that is followed is no longer the one that it was. Photos of one person that were taken
 * on different days, which frames of a track are not, are below them once in 2,000 pairs; 98 in 100 pairs of two people
 * are. (All pairs of bench/lfw.)
 */
const otherBelow = -3;

/** How far back a face is compared. */
const remembered = 10;

export function samePersonBy(background: TwoCovariance): SamePerson {
  return (before, now) => {
    const seen = before.slice(-remembered).map(({ embedding, quality }) => ({
      z: project(background, embedding.values),
      quality,
    }));
    const odds = logLikelihoodRatio(enrol(background, seen), project(background, now.embedding.values));
    return now.quality * odds > otherBelow;
  };
}
